"""All rules over one e-invoice."""

from decimal import localcontext
from itertools import chain, islice

from invoices.checks.currency import check_currency
from invoices.checks.finding import Finding
from invoices.checks.presence import check_presence
from invoices.checks.totals import check_totals
from invoices.ubl.facts import Invoice

# A document with more is broken as a whole; nobody reads on.
MOST_FINDINGS = 100
# Digits enough for sums of the longest numbers that are read to be exact.
_PRECISION = 200


def check(invoice: Invoice) -> list[Finding]:
    """What does not hold, in the order of the rules' families; at most MOST_FINDINGS."""
    findings = chain(check_presence(invoice), check_totals(invoice), check_currency(invoice))
    with localcontext(prec=_PRECISION):
        return list(islice(findings, MOST_FINDINGS))
