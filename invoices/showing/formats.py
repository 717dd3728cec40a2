"""How values of documents are shown: no digit less than was written, in the notation of the language."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from econnect_admin.foreign_text import harmless, isolated

_SYMBOLS = {"EUR": "€", "GBP": "£"}
_WITHOUT_CENTS = {  # ISO 4217
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"),
    *("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
}
_G_ACCOUNT = re.compile(r"NL[0-9]{2}[A-Z]{4}099[0-9]{7}").fullmatch
_NO_BREAK = "\u00a0"
_LONG = 120  # characters of a name


def money(amount: Decimal | None, currency: str) -> str:
    """`€ 1.512,50`, also where it was written as 1512.5: in a column the cents stand under each other.

    With the code of a currency that has no sign of its own. "" for no amount.
    """
    if amount is None:
        return ""
    sign = _SYMBOLS.get(currency, harmless(currency))
    exponent = amount.as_tuple().exponent
    written = -exponent if isinstance(exponent, int) else 0
    decimals = max(written, 0 if currency in _WITHOUT_CENTS else 2)
    digits = number_format(amount, decimal_pos=decimals, force_grouping=True)
    return _NO_BREAK.join(part for part in (sign, digits) if part)


def number(value: Decimal | None) -> str:
    """A quantity, price or percentage with the digits it was written with. "" for none."""
    return "" if value is None else number_format(value, force_grouping=True)


def plain(value: Decimal) -> str:
    """As a program writes it, without the zeros at its end that say nothing."""
    return f"{value.normalize():f}"


def grouped(count: int) -> str:
    """A count, `12.345`."""
    return number_format(count, force_grouping=True)


def account(number: str) -> str:
    """An IBAN in groups of four, as on a bank card; any other account as it was written."""
    compact = number.replace(" ", "")
    is_iban = len(compact) >= 15 and compact[:2].isalpha() and compact[2:4].isdigit() and compact.isalnum()
    return " ".join(compact[at : at + 4] for at in range(0, len(compact), 4)) if is_iban else number


def is_blocked_account(number: str) -> bool:
    """Whether it is a Dutch G account (g-rekening), of which the number begins with 099."""
    return bool(_G_ACCOUNT(number.replace(" ", "")))


def day(value: date | None) -> str:
    """A day that is never broken over two lines. "" for none."""
    return _unbroken(date_format(value)) if value else ""


def moment(value: datetime | None) -> str:
    """A day and a time to the second, which may stand on two lines. "" for none."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return format_html("{} {}", day(local.date()), f"{local:%H:%M:%S}")


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


def is_past(day: date) -> bool:
    return day < timezone.localdate()


def period(of: Any) -> str:
    """`1-3-2026 – 31-3-2026` of a document or a line; one of both days may be missing."""
    first, last = day(of.period_start), day(of.period_end)
    return format_html("{} – {}", first, last) if first or last else ""


def shown(value: Any) -> Any:
    """Any fact of a document: days and times in the notation of the language, texts on their own."""
    if isinstance(value, SafeString):
        return value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return isolated(value) if isinstance(value, str) else value


def clipped(text: object) -> SafeString:
    """A name; of one that is too long its beginning, and the whole for who opens it."""
    whole = str(text)
    if len(whole) <= _LONG:
        return isolated(whole)
    return format_html(
        '<details class="ec-more"><summary>{}</summary>{}</details>',
        isolated(Truncator(whole).chars(_LONG)),
        isolated(whole),
    )


def in_column(text: object, width: str = "") -> SafeString:
    """A text in a column of a list: cut off where the column ends, and whole for who points at it."""
    whole = harmless(text)
    return format_html('<bdi class="ec-clip {}" title="{}">{}</bdi>', width, whole, whole)


def _unbroken(text: str) -> SafeString:
    return format_html('<span class="ec-unbroken">{}</span>', text)
