"""Peppol BIS Billing 3, PEPPOL-EN16931-R051: amounts are in the currency of the document."""

from collections.abc import Iterator

from econnect_admin.wording import Wording, gettext_noop
from invoices.checks.finding import Finding
from invoices.ubl.facts import Invoice
from invoices.ubl.values import XsdDecimal

_TOTALS = (
    "line_extension_amount",
    "tax_exclusive",
    "tax_inclusive",
    "allowance_total",
    "charge_total",
    "prepaid",
    "rounding",
    "payable",
)
_OTHER = gettext_noop("The amount %(amount)s is in %(currency)s, but the invoice is in %(expected)s.")


def check_currency(invoice: Invoice) -> Iterator[Finding]:
    """One finding per amount that is to be paid or added up, and is in another currency."""
    amounts: list[XsdDecimal | None] = [getattr(invoice, name) for name in _TOTALS]
    amounts += [line.net_amount for line in invoice.lines]
    for amount in amounts:
        if amount is not None and amount.currency != invoice.currency:
            values = {"amount": amount.written, "currency": amount.currency, "expected": invoice.currency}
            yield Finding("peppol", "PEPPOL-EN16931-R051", "fatal", Wording(_OTHER, values))
