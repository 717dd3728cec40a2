"""The facts in the shape that `parse_ubl` and `export_einvoices` print: everything as it was written."""

from dataclasses import fields, is_dataclass
from typing import Any

from invoices.ubl.facts import Attachment, Invoice, Line
from invoices.ubl.values import XsdDate, XsdDecimal

_OF_ATTACHMENT = ("id", "description", "filename", "mime", "size_in_bytes", "sha256", "external_uri")


def as_json(invoice: Invoice) -> dict[str, Any]:
    """Every fact under its name; what the document does not say is None, an absent list is []."""
    facts: dict[str, Any] = _plain(invoice)
    del facts["payment_means"], facts["tax_totals"]
    return facts | {
        "payee_iban": _plain(invoice.payee_accounts),
        "payment_means_code": invoice.payment_means_code,
        "payment_reference": invoice.payment_reference,
        "tax_total": _plain(invoice.tax_total),
        "tax_total_in_tax_currency": _plain(invoice.tax_total_in_tax_currency),
        "vat_breakdown": _plain(invoice.vat_breakdown),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, XsdDecimal | XsdDate):
        return value.written
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Attachment):
        return {name: getattr(value, name) for name in _OF_ATTACHMENT}
    if not is_dataclass(value):
        return value
    facts = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Line):
        for item in facts["allowances_charges"]:  # EN 16931 gives those of a line no VAT of their own
            del item["vat_category"], item["vat_rate"]
    return facts
