"""Values as they may stand in a file that a spreadsheet opens: typed, and harmless."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from econnect_admin.foreign_text import harmless

Value = str | int | float | Decimal | date | datetime | None

# What neither XML nor a spreadsheet has a place for.
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_DIGITS = 15  # significant ones that a spreadsheet keeps


def plain(value: Any) -> Value:
    """The value as one of the few kinds that files have; moments in local time, without a zone."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return _NO_CHARACTER.sub("�", harmless(text))


def is_exact(number: float | Decimal) -> bool:
    """Whether a spreadsheet keeps every digit of it."""
    if isinstance(number, float):
        return True
    decimal = Decimal(number)
    return decimal.is_finite() and len(decimal.as_tuple().digits) <= _DIGITS
