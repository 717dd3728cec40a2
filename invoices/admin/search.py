"""What a person who types something into the search box may mean."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from invoices.models import EInvoice, EInvoiceVersion, Party, PayeeAccount
from invoices.models.content import COMPACT_IBAN

Versions = QuerySet[EInvoiceVersion, Any]

# A sign or a currency (EUR) before or behind the figures; `1512,-` has no cents.
_WRITTEN = re.compile(
    r"(?:[A-Z]{3})?([-+]?)(?:[A-Z]{3})?([0-9][0-9.,']*?)([.,](?:--?|=))?(-?)(?:[A-Z]{3})?", re.IGNORECASE
).fullmatch
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?").fullmatch
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([.,'])[0-9]{3}(?:\1[0-9]{3})*(?:(?!\1)[.,][0-9]+)?").fullmatch
_SAME_SIGN = str.maketrans(dict.fromkeys("\u2212\u2013\u2014", "-") | {"\u2019": "'"})
_LONGEST_AMOUNT = 40
_LONGEST_TEXT = 200
_SHORTEST_NUMBER = 6  # of accounts and companies


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
    """Those whose amount, account or company number the text is, or that have each of its words.

    Words are looked for in the document's number, the supplier's names and the order.
    """
    text = text[:_LONGEST_TEXT]
    words = text.split()
    if not words:
        return einvoices
    has_all = Q()
    for word in words:
        has_all &= Q(current__in=_with_word(word))
    return einvoices.filter(has_all | Q(current__in=_with_number(text)))


# Each table is looked through on its own: a condition over several would first put them together for
# every document that there is.


def _with_word(word: str) -> Versions:
    said = Q(number__icontains=word) | Q(order_reference__icontains=word)
    named = Party.objects.filter(Q(name__icontains=word) | Q(trading_name__icontains=word))
    return _of(EInvoiceVersion.objects.filter(said), EInvoiceVersion.objects.filter(seller__in=named))


def _with_number(text: str) -> Versions:
    """Those whose amount, or whose supplier's account or company number, this is."""
    versions = EInvoiceVersion.objects.all()
    found = [versions.filter(payable__in=possible_amounts(text))]
    compact = "".join(character for character in text if character.isalnum()).upper()
    if len(compact) >= _SHORTEST_NUMBER:
        accounts = PayeeAccount.objects.annotate(compact=COMPACT_IBAN).filter(compact=compact)
        companies = Party.objects.filter(Q(vat_id__iexact=compact) | Q(legal_id=compact))
        found += [versions.filter(payee_accounts__in=accounts), versions.filter(seller__in=companies)]
    return _of(*found)


def _of(*found: Versions) -> Versions:
    first, *others = (versions.order_by().values("pk") for versions in found)
    return first.union(*others) if others else first
