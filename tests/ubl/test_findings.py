"""What the checks say about a document that is read but does not hold."""

import re
from collections.abc import Callable

import pytest

from invoices.checks.runner import MOST_FINDINGS, check
from invoices.ubl.reader import read_ubl
from tests.ubl.samples import own
from tests.ubl.writing import invoice

SAMPLE = own("kuiper-hout-INV-55120.xml").decode()


def findings(document: str) -> dict[str, str]:
    return {finding.id: str(finding.wording) for finding in check(read_ubl(document.encode()))}


def without(element: str) -> str:
    """The sample without the first such element."""
    return re.sub(rf"<({element})\b.*?</\1>", "", SAMPLE, count=1, flags=re.DOTALL)


def with_amount(element: str, amount: str) -> str:
    return re.sub(rf"(<cbc:{element}[^>]*>)[^<]*", rf"\g<1>{amount}", SAMPLE, count=1)


def test_a_document_that_is_right_has_no_findings() -> None:
    assert findings(SAMPLE) == {}


@pytest.mark.parametrize(
    ("element", "rules"),
    [
        ("cbc:ID", {"BR-02"}),
        ("cbc:IssueDate", {"BR-03"}),
        ("cbc:InvoiceTypeCode", {"BR-04"}),
        ("cac:AccountingSupplierParty", {"BR-06"}),
        ("cac:AccountingCustomerParty", {"BR-07"}),
        ("cbc:TaxExclusiveAmount", {"BR-13", "BR-CO-13", "BR-CO-15"}),
        ("cbc:TaxInclusiveAmount", {"BR-14", "BR-CO-15", "BR-CO-16"}),
        ("cbc:PayableAmount", {"BR-15", "BR-CO-16"}),
        ("cbc:ChargeTotalAmount", {"BR-CO-12", "BR-CO-13"}),
        ("cac:TaxTotal", {"BR-CO-15"}),
        ("cac:LegalMonetaryTotal", {"BR-CO-15"}),
        ("cbc:InvoicedQuantity", {"BR-22"}),
        ("cbc:PriceAmount", {"BR-26"}),
    ],
)
def test_what_is_missing_is_found(element: str, rules: set[str]) -> None:
    assert set(findings(without(element))) == rules


@pytest.mark.parametrize(
    ("element", "rules"),
    [
        ("TaxAmount", {"BR-CO-14", "BR-CO-15"}),
        ("TaxExclusiveAmount", {"BR-CO-13", "BR-CO-15"}),
        ("TaxInclusiveAmount", {"BR-CO-15", "BR-CO-16"}),
        ("ChargeTotalAmount", {"BR-CO-12", "BR-CO-13"}),
        ("PrepaidAmount", {"BR-CO-16"}),
        ("PayableAmount", {"BR-CO-16"}),
    ],
)
def test_a_total_that_is_wrong_is_found(element: str, rules: set[str]) -> None:
    assert set(findings(with_amount(element, "1.00"))) == rules


def test_a_finding_says_what_stands_there_and_what_it_should_be() -> None:
    assert findings(with_amount("PayableAmount", "3200.00")) == {
        "BR-CO-16": (
            "The amount to pay is 3200.00, but the total with VAT, prepaid and rounding give 3174.25."
        )
    }


def test_one_cent_is_a_difference() -> None:
    assert set(findings(with_amount("PayableAmount", "3174.26"))) == {"BR-CO-16"}


def test_trailing_zeros_are_no_difference() -> None:
    assert findings(with_amount("PayableAmount", "+3174.2500")) == {}


def test_lines_that_do_not_add_up_are_found_in_the_sample_made_for_it() -> None:
    assert findings(own("hofman-installaties-2026-1187.xml").decode()) == {
        "BR-CO-10": "The total of the lines is 2575.75, but the lines add up to 2555.75."
    }


@pytest.mark.parametrize(
    "element", ["PayableAmount", "PriceAmount", "TaxableAmount", "PrepaidAmount", "LineExtensionAmount"]
)
def test_an_amount_in_another_currency_is_found(element: str) -> None:
    document = SAMPLE.replace(f'{element} currencyID="EUR"', f'{element} currencyID="USD"', 1)
    (sentence,) = findings(document).values()
    assert re.fullmatch(r"The amount [0-9.]+ is in USD, but the invoice is in EUR\.", sentence)


def test_the_vat_of_a_subtotal_in_another_currency_is_found() -> None:
    start, subtotal, rest = SAMPLE.partition("<cac:TaxSubtotal>")
    rest = rest.replace('TaxAmount currencyID="EUR"', 'TaxAmount currencyID="USD"', 1)
    assert set(findings(start + subtotal + rest)) == {"PEPPOL-EN16931-R051"}


def test_two_totals_of_the_vat_in_one_currency_are_found() -> None:
    one_more = '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">0.00</cbc:TaxAmount></cac:TaxTotal>'
    document = SAMPLE.replace("<cac:LegalMonetaryTotal>", f"{one_more}<cac:LegalMonetaryTotal>")
    assert findings(document) == {
        "BR-CO-15": "The invoice must have one total of the VAT in its currency, EUR, but it has 2."
    }


@pytest.mark.parametrize(
    ("lines", "total"),
    [("100.005", "100.01"), ("100.004", "100.00"), ("-0.005", "0.00"), ("-0.006", "-0.01")],
)
def test_half_a_cent_is_rounded_up_as_the_official_rules_do(lines: str, total: str) -> None:
    document = invoice(
        "<cac:LegalMonetaryTotal>"
        f"<cbc:LineExtensionAmount>{total}</cbc:LineExtensionAmount></cac:LegalMonetaryTotal>"
        "<cac:InvoiceLine>"
        f"<cbc:LineExtensionAmount>{lines}</cbc:LineExtensionAmount></cac:InvoiceLine>"
    )
    assert "BR-CO-10" not in findings(document.decode())


def longest(digits: Callable[[int], str]) -> str:
    totals = "".join(
        f'<cbc:{name} currencyID="EUR">{digits(64)}</cbc:{name}>'
        for name in ("LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount")
    )
    line = (
        f"<cac:InvoiceLine><cbc:LineExtensionAmount>{digits(64)}</cbc:LineExtensionAmount></cac:InvoiceLine>"
    )
    return invoice(f"<cac:LegalMonetaryTotal>{totals}</cac:LegalMonetaryTotal>{line}").decode()


@pytest.mark.parametrize("digits", [lambda count: "9" * count, lambda count: f"-.{'9' * (count - 2)}"])
def test_the_longest_numbers_are_added_up_exactly(digits: Callable[[int], str]) -> None:
    found = findings(longest(digits))
    assert {"BR-CO-13", "BR-CO-16"}.isdisjoint(found)


def test_a_document_that_is_broken_as_a_whole_has_a_bounded_list() -> None:
    assert len(check(read_ubl(invoice("<cac:InvoiceLine/>" * 1000)))) == MOST_FINDINGS
