"""EN 16931, BR-CO-10 to BR-CO-16: whether the document's totals add up.

Computed as the official rules do it: a sum is rounded to cents and compared with what stands
there. The amounts themselves are never touched.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_FLOOR, Decimal

from econnect_admin.wording import gettext_noop
from invoices.checks.finding import Finding, fatal
from invoices.ubl.facts import AllowanceCharge, Invoice

_HALF = Decimal("0.5")
_ZERO = Decimal(0)


def check_totals(invoice: Invoice) -> Iterator[Finding]:
    lines = _sum(line.net_amount for line in invoice.lines)
    charges = _sum(item.amount for item in invoice.allowances_charges if item.is_charge is True)
    allowances = _sum(item.amount for item in invoice.allowances_charges if item.is_charge is False)
    exclusive = _sum([invoice.line_extension_amount, invoice.charge_total]) - (
        invoice.allowance_total or _ZERO
    )
    inclusive = _sum([invoice.tax_exclusive, invoice.tax_total])
    payable = _sum([invoice.tax_inclusive, invoice.rounding]) - (invoice.prepaid or _ZERO)
    yield from _compare("BR-CO-10", _LINES, invoice.line_extension_amount, lines)
    if invoice.allowance_total is not None or _has(invoice.allowances_charges, charge=False):
        yield from _compare("BR-CO-11", _ALLOWANCES, invoice.allowance_total, allowances)
    if invoice.charge_total is not None or _has(invoice.allowances_charges, charge=True):
        yield from _compare("BR-CO-12", _CHARGES, invoice.charge_total, charges)
    yield from _compare("BR-CO-13", _EXCLUSIVE, invoice.tax_exclusive, exclusive)
    if invoice.vat_breakdown:
        vat = _sum(subtotal.tax for subtotal in invoice.vat_breakdown)
        yield from _compare("BR-CO-14", _VAT, invoice.tax_total, vat)
    if invoice.tax_total is not None:
        yield from _compare("BR-CO-15", _INCLUSIVE, invoice.tax_inclusive, inclusive)
    elif invoice.currency:
        yield fatal("BR-CO-15", _NO_VAT, currency=invoice.currency)
    yield from _compare("BR-CO-16", _PAYABLE, invoice.payable, payable)


_LINES = gettext_noop("The total of the lines is %(written)s, but the lines add up to %(computed)s.")
_ALLOWANCES = gettext_noop("The total of the allowances is %(written)s, but they add up to %(computed)s.")
_CHARGES = gettext_noop("The total of the charges is %(written)s, but they add up to %(computed)s.")
_EXCLUSIVE = gettext_noop(
    "The total without VAT is %(written)s, but lines, allowances and charges give %(computed)s."
)
_VAT = gettext_noop("The VAT is %(written)s, but the VAT breakdown adds up to %(computed)s.")
_INCLUSIVE = gettext_noop(
    "The total with VAT is %(written)s, but the total without VAT and the VAT give %(computed)s."
)
_NO_VAT = gettext_noop("There is no total of the VAT in the currency of the invoice, %(currency)s.")
_PAYABLE = gettext_noop(
    "The amount to pay is %(written)s, but the total with VAT, prepaid and rounding give %(computed)s."
)


def _compare(rule: str, template: str, written: Decimal | None, computed: Decimal) -> Iterator[Finding]:
    if written is not None and written != _to_cents(computed):
        yield fatal(rule, template, written=f"{written:f}", computed=f"{_to_cents(computed):f}")


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), start=_ZERO)


def _has(items: Iterable[AllowanceCharge], *, charge: bool) -> bool:
    return any(item.is_charge is charge for item in items)


def _to_cents(amount: Decimal) -> Decimal:
    """As XPath's round() does: halves go up, also below zero."""
    return ((amount * 100 + _HALF).to_integral_value(ROUND_FLOOR) / 100).quantize(Decimal("0.01"))
