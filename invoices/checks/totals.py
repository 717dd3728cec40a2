"""EN 16931, BR-CO-10 to BR-CO-16: whether the document's totals add up.

Computed as the official rules do it, and so that each that fails there fails here: a sum is rounded
to cents and compared with what stands there; an amount that is missing cannot be right. The
amounts themselves are never touched.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_FLOOR, Decimal

from econnect_admin.wording import gettext_noop
from invoices.checks.finding import Finding, fatal
from invoices.ubl.facts import Invoice
from invoices.ubl.values import XsdDecimal

# BG-22, in the order in which a document has them.
TOTALS = (
    "line_extension_amount",
    "tax_exclusive",
    "tax_inclusive",
    "allowance_total",
    "charge_total",
    "prepaid",
    "rounding",
    "payable",
)
_HALF = Decimal("0.5")
_ZERO = Decimal(0)

_NO_TOTALS = gettext_noop("The invoice has no totals (BG-22).")
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
_NOT_ONE_VAT = gettext_noop(
    "The invoice must have one total of the VAT in its currency, %(currency)s, but it has %(count)s."
)
_PAYABLE = gettext_noop(
    "The amount to pay is %(written)s, but the total with VAT, prepaid and rounding give %(computed)s."
)
_MISSING = gettext_noop("The totals cannot be checked whole: an amount is missing.")


def has_totals(invoice: Invoice) -> bool:
    return any(getattr(invoice, name) is not None for name in TOTALS)


def check_totals(invoice: Invoice) -> Iterator[Finding]:
    if has_totals(invoice):
        yield from _check_sums(invoice)
        yield from _check_what_follows(invoice)
    else:
        yield fatal("BR-CO-15", _NO_TOTALS)


def _check_sums(invoice: Invoice) -> Iterator[Finding]:
    lines = _sum(line.net_amount for line in invoice.lines)
    yield from _compare("BR-CO-10", _LINES, invoice.line_extension_amount, _to_cents(lines))
    allowances = [item.amount for item in invoice.allowances_charges if item.is_charge is False]
    if allowances or invoice.allowance_total is not None:
        yield from _compare("BR-CO-11", _ALLOWANCES, invoice.allowance_total, _to_cents(_sum(allowances)))
    charges = [item.amount for item in invoice.allowances_charges if item.is_charge is True]
    if charges or invoice.charge_total is not None:
        yield from _compare("BR-CO-12", _CHARGES, invoice.charge_total, _to_cents(_sum(charges)))
    for total in invoice.tax_totals:
        if total.breakdown:
            vat = _sum(subtotal.tax for subtotal in total.breakdown)
            yield from _compare("BR-CO-14", _VAT, total.amount, _to_cents(vat))


def _check_what_follows(invoice: Invoice) -> Iterator[Finding]:
    exclusive = _total(invoice.line_extension_amount, [invoice.charge_total], [invoice.allowance_total])
    yield from _compare("BR-CO-13", _EXCLUSIVE, invoice.tax_exclusive, exclusive)
    if invoice.currency:
        in_currency = [total.amount for total in invoice.tax_totals if _is_in(total.amount, invoice.currency)]
        if len(in_currency) == 1:
            inclusive = _total(invoice.tax_exclusive, in_currency, [])
            yield from _compare("BR-CO-15", _INCLUSIVE, invoice.tax_inclusive, inclusive)
        else:
            yield fatal("BR-CO-15", _NOT_ONE_VAT, currency=invoice.currency, count=len(in_currency))
    payable = _total(invoice.tax_inclusive, [invoice.rounding], [invoice.prepaid])
    yield from _compare("BR-CO-16", _PAYABLE, invoice.payable, payable)


def _is_in(amount: XsdDecimal | None, currency: str) -> bool:
    return amount is not None and amount.currency == currency


def _compare(
    rule: str, template: str, written: XsdDecimal | None, computed: Decimal | None
) -> Iterator[Finding]:
    if written is None or computed is None:
        yield fatal(rule, _MISSING)
    elif written != computed:
        yield fatal(rule, template, written=written.written, computed=f"{computed:f}")


def _total(
    start: Decimal | None, added: Iterable[Decimal | None], taken: Iterable[Decimal | None]
) -> Decimal | None:
    """Rounded only where something is added or taken, as in the official rules."""
    if start is None:
        return None
    change = _sum(added) - _sum(taken)
    return _to_cents(start + change) if change else start


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), start=_ZERO)


def _to_cents(amount: Decimal) -> Decimal:
    """As XPath's round() does: halves go up, also below zero."""
    return ((amount * 100 + _HALF).to_integral_value(ROUND_FLOOR) / 100).quantize(Decimal("0.01"))
