"""One amount, as Dutch and English people type it."""

from decimal import Decimal

import pytest

from invoices.admin.search import possible_amounts


@pytest.mark.parametrize(
    "text",
    [
        *("1.234,56", "1,234.56", "1234.56", "1234,56", "1.234,560", "1 234,56", "1\u00a0234,56"),
        *(
            "€ 1.234,56",
            "1.234,56 €",
            "$1,234.56",
            "EUR 1234,56",
            "1234,56 eur",
            "SEK 1 234,56",
            "CHF 1'234.56",
        ),
        *("1’234,56", "+1.234,56", "€ +1234,56", "+ € 1234,56"),
    ],
)
def test_every_notation_means_the_same_amount(text: str) -> None:
    assert possible_amounts(text) == {Decimal("1234.56")}


def test_a_group_of_three_may_be_thousands_or_decimals() -> None:
    assert possible_amounts("1.234") == {Decimal(1234), Decimal("1.234")}
    assert possible_amounts("1,234") == {Decimal(1234), Decimal("1.234")}


def test_several_groups_are_thousands() -> None:
    assert possible_amounts("1.234.567") == {Decimal(1234567)}
    assert possible_amounts("1.234.567,8") == {Decimal("1234567.8")}


@pytest.mark.parametrize(
    "text", ["-225,14", "\u2212225,14", "225,14-", "€ -225,14", "-€ 225,14", "EUR 225,14-", "225,14- EUR"]
)
def test_an_amount_may_be_negative(text: str) -> None:
    assert possible_amounts(text) == {Decimal("-225.14")}


@pytest.mark.parametrize("text", ["1512,-", "€ 1.512,-", "1512,--", "1512,\u2014", "1512.-"])
def test_a_dash_for_the_cents_is_no_minus(text: str) -> None:
    assert possible_amounts(text) == {Decimal(1512)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "€",
        "2026-0041",
        "1.23,4",
        "1,2,3",
        "1.2345,6",
        "12E3",
        "NaN",
        "１２",
        "9" * 41,
        "Bakker",
        "1--",
        "EURO 5",
    ],
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert possible_amounts(text) == set()
