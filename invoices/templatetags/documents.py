"""How values of documents are shown: every digit as it was written, in the notation of the language."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from invoices.showing.codes import PAYMENT_MEANS, UNITS, VAT_CATEGORIES, in_words

register = template.Library()

_SYMBOLS = {"EUR": "€", "GBP": "£"}
_G_ACCOUNT = re.compile(r"NL[0-9]{2}[A-Z]{4}099[0-9]{7}").fullmatch
_NO_BREAK = "\u00a0"


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """`€ 1.512,50`; with the code of a currency that has no sign of its own. "" for no amount."""
    if amount is None:
        return ""
    sign = _SYMBOLS.get(currency, currency)
    return _NO_BREAK.join(part for part in (sign, number(amount)) if part)


@register.filter
def number(value: Decimal | None) -> str:
    """A quantity, price or percentage with the digits it was written with. "" for none."""
    return "" if value is None else number_format(value, force_grouping=True)


@register.filter
def unit(code: str) -> str:
    return in_words(UNITS, code)


@register.filter
def vat_category(code: str) -> str:
    return in_words(VAT_CATEGORIES, code)


@register.filter
def payment_means(code: str) -> str:
    return in_words(PAYMENT_MEANS, code)


@register.filter
def account(number: str) -> str:
    """An IBAN in groups of four, as on a bank card; any other account as it was written."""
    compact = number.replace(" ", "")
    is_iban = len(compact) >= 15 and compact[:2].isalpha() and compact[2:4].isdigit() and compact.isalnum()
    return " ".join(compact[at : at + 4] for at in range(0, len(compact), 4)) if is_iban else number


@register.filter
def days_until(day: date | None) -> str:
    """How far away a day is: `over 30 dagen`, `vandaag`, `30 dagen geleden`."""
    if day is None:
        return ""
    days = (day - timezone.localdate()).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": number_format(days)}
    return ngettext("%(days)s day ago", "%(days)s days ago", -days) % {"days": number_format(-days)}


@register.filter
def is_blocked_account(number: str) -> bool:
    """Whether it is a Dutch G account (g-rekening), of which the number begins with 099."""
    return bool(_G_ACCOUNT(number.replace(" ", "")))


@register.filter
def period(of: Any) -> str:
    """`1-3-2026 – 31-3-2026` of a document or a line; one of both days may be missing."""
    days = [date_format(day) if day else "" for day in (of.period_start, of.period_end)]
    return " – ".join(days).strip() if any(days) else ""
