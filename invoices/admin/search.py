"""What a person who types something into the search box may mean."""

import re
from decimal import Decimal

from django.db.models import Q, QuerySet

from invoices.models import EInvoice, EInvoiceVersion

_AMOUNT = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?").fullmatch
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[.,][0-9]+)?").fullmatch
_SIGNS_AND_SPACES = re.compile(r"€|\bEUR\b|\s", re.IGNORECASE)
_LONGEST_AMOUNT = 40


def possible_amounts(text: str) -> set[Decimal]:
    """Every amount that `text` may stand for; `1.234` is both 1234 and 1.234. Empty: it is no amount."""
    written = _SIGNS_AND_SPACES.sub("", text)
    if len(written) > _LONGEST_AMOUNT:
        return set()
    amounts = set()
    if _AMOUNT(written):
        amounts.add(Decimal(written.replace(",", ".")))
    if grouped := _GROUPED(written):
        separator = grouped[1]
        amounts.add(Decimal(written.replace(separator, "").replace(",", ".")))
    return amounts


def matching(einvoices: QuerySet[EInvoice], text: str) -> QuerySet[EInvoice]:
    """Those whose number begins with the text, whose supplier contains it, or whose amount it is."""
    versions = EInvoiceVersion.objects.order_by().values("pk")
    found = versions.filter(number__istartswith=text).union(
        versions.filter(Q(seller__name__icontains=text) | Q(seller__trading_name__icontains=text)),
        versions.filter(payable__in=possible_amounts(text)),
    )
    return einvoices.filter(current__in=found)
