"""Decimals, dates and booleans as XML Schema writes them, and nothing else."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from invoices.ubl.errors import Reason, UblError
from invoices.ubl.reader import read_ubl
from tests.ubl.writing import credit_note, invoice, issued, payable

# The lexical form of xs:decimal, by the letter of XML Schema part 2, 3.2.3.1.
XSD_DECIMAL = re.compile(r"(\+|-)?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
LIKE_A_NUMBER = st.one_of(
    st.text("0123456789+-._,eE ", min_size=1, max_size=12),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.floats().map(repr),
    st.text(st.characters(categories=["Nd"]), min_size=1, max_size=6),
)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("121.00", "121"),
        ("+0.10", "0.1"),
        ("-.5", "-0.5"),
        ("7.", "7"),
        ("007", "7"),
        ("-0", "0"),
        ("\n\t 12.50 \r\n", "12.5"),
        ("12<!-- euro -->.5<?x y?>0", "12.5"),
        ("<![CDATA[12.5]]>", "12.5"),
        ("9" * 64, "9" * 64),
    ],
)
def test_a_decimal_of_xml_schema_is_an_amount(written: str, amount: str) -> None:
    assert read_ubl(payable(written)).payable == Decimal(amount)


@pytest.mark.parametrize(
    "written",
    [
        "1_21.00",
        "\uff11\uff12",
        "\u0661\u0662",
        "NaN",
        "INF",
        "1E3",
        "0x10",
        "1,50",
        "1.234,56",
        "1 000",
        "€ 5",
    ]
    + ["--1", "+", ".", "1.2.3", "12\u00a0", "9" * 65],
)
def test_what_python_or_people_read_as_a_number_is_refused(written: str) -> None:
    with pytest.raises(UblError) as refusal:
        read_ubl(payable(written))
    assert refusal.value.reason == Reason.NOT_A_DECIMAL
    assert refusal.value.path == "LegalMonetaryTotal/PayableAmount"


@given(LIKE_A_NUMBER)
@example("1_0")
@example("+.5")
@example("٣")
def test_an_amount_is_read_if_and_only_if_xml_schema_says_so(written: str) -> None:
    stripped = written.strip(" \t\r\n")
    try:
        amount = read_ubl(payable(written)).payable
    except UblError:
        assert not XSD_DECIMAL.fullmatch(stripped)
    else:
        assert amount == (Decimal(stripped) if stripped else None)
        assert not stripped or XSD_DECIMAL.fullmatch(stripped)


def test_an_amount_stays_as_it_was_written() -> None:
    amount = read_ubl(payable("+04900.0")).payable
    assert amount is not None
    assert amount.written == "+04900.0"
    assert amount.currency == "EUR"


@pytest.mark.parametrize("written", ["2026-11-24", "2026-11-24Z", "2026-11-24+01:00", "2026-11-24-14:00"])
def test_a_date_may_have_a_time_zone_and_stays_the_day_that_is_written(written: str) -> None:
    day = read_ubl(issued(written)).issue_date
    assert day == date(2026, 11, 24)
    assert day.written == written


@pytest.mark.parametrize(
    "written",
    ["20250303", "2025-3-3", "03-03-2025", "2025-02-29", "2025-13-01", "2025-W10-1", "2025-03-03T00:00:00"]
    + ["2025-03-03T24:00:00", "2025-03-03+15:00", "2025-03-03+1:00", "0000-01-01", "25-03-03", "2025/03/03"]
    + ["\uff12025-03-03", "2025-03-03 10:00", "-2025-03-03", "today"],
)
def test_another_way_to_write_a_date_is_refused(written: str) -> None:
    with pytest.raises(UblError) as refusal:
        read_ubl(issued(written))
    assert refusal.value.reason == Reason.NOT_A_DATE
    assert refusal.value.path == "IssueDate"


@given(st.dates())
def test_every_day_of_the_calendar_is_read(day: date) -> None:
    assert read_ubl(issued(day.isoformat())).issue_date == day


@pytest.mark.parametrize(("written", "charge"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_an_indicator_tells_a_charge_from_an_allowance(written: str, charge: bool) -> None:
    document = (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{written}</cbc:ChargeIndicator></cac:AllowanceCharge>"
    )
    assert read_ubl(invoice(document)).allowances_charges[0].is_charge is charge


@pytest.mark.parametrize("written", ["True", "yes", "ja", "2"])
def test_another_indicator_is_refused(written: str) -> None:
    document = (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{written}</cbc:ChargeIndicator></cac:AllowanceCharge>"
    )
    with pytest.raises(UblError) as refusal:
        read_ubl(invoice(document))
    assert refusal.value.reason == Reason.NOT_A_BOOLEAN


def test_a_refusal_names_the_element_among_its_like_and_the_line() -> None:
    lines = [f"<cac:CreditNoteLine>\n<cbc:ID>{n}</cbc:ID>\n</cac:CreditNoteLine>\n" for n in range(30_000)]
    broken = "<cac:CreditNoteLine><cbc:CreditedQuantity>drie</cbc:CreditedQuantity></cac:CreditNoteLine>"
    with pytest.raises(UblError) as refusal:
        read_ubl(credit_note("".join(lines) + broken))
    assert refusal.value.path == "CreditNoteLine[30001]/CreditedQuantity"
    assert refusal.value.line == 90_001
    assert str(refusal.value) == (
        'Amount or number "drie" at CreditNoteLine[30001]/CreditedQuantity is no number (line 90001).'
    )


@pytest.mark.parametrize("missing", ["", "<cbc:IssueDate/>", "<cbc:IssueDate> \n </cbc:IssueDate>"])
def test_a_value_that_is_not_written_is_no_fact_and_no_refusal(missing: str) -> None:
    assert read_ubl(invoice(missing)).issue_date is None
