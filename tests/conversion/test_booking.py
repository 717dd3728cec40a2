"""An e-invoice becomes a purchase invoice: number, amounts, supplier, and never twice."""

from decimal import Decimal

from tests.conversion.conftest import TODAY, Book, Receive
from tests.conversion.writing import document


def test_an_invoice_is_booked_with_its_totals_and_a_new_supplier(receive: Receive, book: Book) -> None:
    (einvoice,) = receive(
        document(
            lines=[("100.00", "S", "21"), ("50.00", "S", "9")],
            allowances=[("10.00", "S", "21")],
            charges=[("5.00", "S", "9")],
            prepaid="20.00",
            rounding="0.03",
        )
    )
    invoice = book(einvoice)
    assert (invoice.number, invoice.booking_date, invoice.period) == ("2026-00001", TODAY, "2026-11")
    assert invoice.payable == einvoice.current_version.payable
    lines = [
        (line.kind, line.amount, line.ledger_account.code, line.vat_code and line.vat_code.code)
        for line in invoice.lines.select_related("ledger_account", "vat_code")
    ]
    assert lines == [
        ("line", Decimal("100.00"), "4700", "IH"),
        ("line", Decimal("50.00"), "4700", "IL"),
        ("allowance", Decimal("-10.00"), "4700", "IH"),
        ("charge", Decimal("5.00"), "4700", "IL"),
        ("rounding", Decimal("0.03"), "4700", None),
    ]
    vat = list(invoice.vat.values_list("category", "taxable", "tax", "vat_code__code"))
    assert vat == [
        ("S", Decimal("90.00"), Decimal("18.90"), "IH"),
        ("S", Decimal("55.00"), Decimal("4.95"), "IL"),
    ]
    supplier = invoice.supplier
    assert (supplier.number, supplier.vat_id, supplier.legal_id) == (1, "NL806311940B01", "20117364")
    assert list(supplier.ibans.values_list("iban", "confirmed_by")) == [("NL91ABNA0613450299", "clerk")]
