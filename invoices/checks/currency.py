"""Peppol BIS Billing 3, PEPPOL-EN16931-R051: amounts are in the currency of the document.

Of documents that are not Peppol's too: nobody wants to pay dollars as if they were euros, and
EN 16931 has no such rule of its own.
"""

from collections.abc import Iterator

from econnect_admin.wording import Wording, gettext_noop
from invoices.checks.finding import Finding
from invoices.checks.totals import TOTALS
from invoices.ubl.facts import Invoice
from invoices.ubl.values import XsdDecimal

_OTHER = gettext_noop("The amount %(amount)s is in %(currency)s, but the invoice is in %(expected)s.")


def check_currency(invoice: Invoice) -> Iterator[Finding]:
    """One finding per amount that is to be paid or added up, and is in another currency."""
    for amount in _amounts(invoice):
        if amount is not None and amount.currency != invoice.currency:
            values = {"amount": amount.written, "currency": amount.currency, "expected": invoice.currency}
            yield Finding("peppol", "PEPPOL-EN16931-R051", "fatal", Wording(_OTHER, values))


def _amounts(invoice: Invoice) -> Iterator[XsdDecimal | None]:
    for name in TOTALS:
        yield getattr(invoice, name)
    for line in invoice.lines:
        yield line.net_amount
        yield line.price
    for item in invoice.allowances_charges:
        yield item.amount
    for subtotal in invoice.vat_breakdown:
        yield subtotal.taxable
        yield subtotal.tax
