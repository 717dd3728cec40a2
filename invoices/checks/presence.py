"""EN 16931, BR-02 to BR-26: what every invoice must say."""

from collections.abc import Iterator, Mapping

from econnect_admin.wording import Value, gettext_noop
from invoices.checks.finding import Finding, fatal
from invoices.checks.totals import has_totals
from invoices.ubl.facts import Invoice, Line

_OF_INVOICE = {
    "BR-02": ("number", gettext_noop("The invoice number (BT-1) is missing.")),
    "BR-03": ("issue_date", gettext_noop("The invoice date (BT-2) is missing.")),
    "BR-04": ("type_code", gettext_noop("The invoice type (BT-3) is missing.")),
    "BR-05": ("currency", gettext_noop("The currency (BT-5) is missing.")),
}
_OF_TOTALS = {
    "BR-12": ("line_extension_amount", gettext_noop("The total of the lines (BT-106) is missing.")),
    "BR-13": ("tax_exclusive", gettext_noop("The total without VAT (BT-109) is missing.")),
    "BR-14": ("tax_inclusive", gettext_noop("The total with VAT (BT-112) is missing.")),
    "BR-15": ("payable", gettext_noop("The amount to pay (BT-115) is missing.")),
}
_OF_LINE = {
    "BR-21": ("id", gettext_noop("Line %(line)s has no number (BT-126).")),
    "BR-22": ("quantity", gettext_noop("Line %(line)s has no quantity (BT-129).")),
    "BR-24": ("net_amount", gettext_noop("Line %(line)s has no amount (BT-131).")),
    "BR-25": ("name", gettext_noop("Line %(line)s has no item name (BT-153).")),
    "BR-26": ("price", gettext_noop("Line %(line)s has no price (BT-146).")),
}


def check_presence(invoice: Invoice) -> Iterator[Finding]:
    yield from _missing(invoice, _OF_INVOICE)
    if not invoice.seller.name:
        yield fatal("BR-06", gettext_noop("The supplier's name (BT-27) is missing."))
    if not invoice.buyer.name:
        yield fatal("BR-07", gettext_noop("The buyer's name (BT-44) is missing."))
    if has_totals(invoice):  # else BR-CO-15 says it once
        yield from _missing(invoice, _OF_TOTALS)
    if not invoice.lines:
        yield fatal("BR-16", gettext_noop("The invoice has no lines (BG-25)."))
    for position, line in enumerate(invoice.lines, 1):
        yield from _missing(line, _OF_LINE, line=line.id or str(position))


def _missing(
    fact: Invoice | Line, required: Mapping[str, tuple[str, str]], **values: Value
) -> Iterator[Finding]:
    for rule, (name, template) in required.items():
        if getattr(fact, name) is None:
            yield fatal(rule, template, **values)
