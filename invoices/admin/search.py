"""What a person who types something into the search box may mean."""

import re
import unicodedata
from decimal import Decimal

from django.db.models import Q, QuerySet

from invoices.models import EInvoice

# A sign or a currency (EUR) before or behind the figures; `1512,-` has no cents.
_WRITTEN = re.compile(
    r"(?:[A-Z]{3})?([-+]?)(?:[A-Z]{3})?([0-9][0-9.,']*?)([.,](?:--?|=))?(-?)(?:[A-Z]{3})?", re.IGNORECASE
).fullmatch
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?").fullmatch
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([.,'])[0-9]{3}(?:\1[0-9]{3})*(?:(?!\1)[.,][0-9]+)?").fullmatch
_SAME_SIGN = str.maketrans(dict.fromkeys("\u2212\u2013\u2014", "-") | {"\u2019": "'"})
_LONGEST_AMOUNT = 40
_LONGEST_TEXT = 200


def possible_amounts(text: str) -> set[Decimal]:
    """Every amount that `text` may stand for; `1.234` is both 1234 and 1.234. Empty: it is no amount."""
    characters = (c for c in text.translate(_SAME_SIGN) if unicodedata.category(c) not in ("Sc", "Zs"))
    written = _WRITTEN("".join(characters))
    if not written or len(written[2]) > _LONGEST_AMOUNT:
        return set()
    before, figures, no_cents, behind = written.groups()
    sign = -1 if "-" in before + behind else 1
    readings = _readings(figures)
    if no_cents:
        readings = {amount for amount in readings if amount == amount.to_integral_value()}
    return {sign * amount for amount in readings}


def _readings(figures: str) -> set[Decimal]:
    readings = set()
    if _PLAIN(figures):
        readings.add(Decimal(figures.replace(",", ".")))
    if grouped := _GROUPED(figures):
        readings.add(Decimal(figures.replace(grouped[1], "").replace(",", ".")))
    return readings


def matching(einvoices: QuerySet[EInvoice], text: str) -> QuerySet[EInvoice]:
    """Those whose amount the text is, or that have each of its words in their number or supplier."""
    text = text[:_LONGEST_TEXT]
    found = Q()
    for word in text.split():
        found &= (
            Q(current__number__icontains=word)
            | Q(current__seller__name__icontains=word)
            | Q(current__seller__trading_name__icontains=word)
        )
    return einvoices.filter(found | Q(current__payable__in=possible_amounts(text))) if found else einvoices
