"""Values as XML Schema 1.0 writes them, part 2: decimal, date and boolean.

They are stricter than Python's own readers: `1_21.00`, full-width digits, `NaN`, `1E3` and
`20250303` are no values here; `+0.10` and `.5` are. Each reader takes the text without white
space around it and the attributes of its element, and raises NotAValueError.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Protocol

from invoices.ubl.errors import Reason

XML_WHITE_SPACE = " \t\r\n"

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)").fullmatch
_DATE = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
).fullmatch
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

# Longer than any amount, price or quantity in earnest, and within what PostgreSQL's numeric holds.
_LONGEST_DECIMAL = 64


class Attributes(Protocol):
    def get(self, name: str, /) -> str | None: ...


class NotAValueError(ValueError):
    """The text is no value of the type."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason


class XsdDecimal(Decimal):
    """A decimal that remembers how it was written and, of an amount, its `currencyID`."""

    __slots__ = ("currency", "written")
    written: str
    currency: str | None


class XsdDate(date):
    """A calendar date that remembers how it was written; a time zone is kept only there."""

    __slots__ = ("written",)
    written: str


def read_amount(written: str, attributes: Attributes) -> XsdDecimal:
    if not _DECIMAL(written) or len(written) > _LONGEST_DECIMAL:
        raise NotAValueError(Reason.NOT_A_DECIMAL)
    value = XsdDecimal(written)
    value.written = written
    value.currency = attributes.get("currencyID")
    return value


def read_decimal(written: str, _attributes: Attributes) -> XsdDecimal:
    """A quantity, price base or percentage: a decimal without a currency."""
    return read_amount(written, _NO_ATTRIBUTES)


def read_date(written: str, _attributes: Attributes) -> XsdDate:
    """A day in the years 1 to 9999."""
    match = _DATE(written)
    try:
        if not match:
            raise ValueError(written)
        value = XsdDate(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise NotAValueError(Reason.NOT_A_DATE) from None
    value.written = written
    return value


def read_boolean(written: str, _attributes: Attributes) -> bool:
    if written not in _BOOLEANS:
        raise NotAValueError(Reason.NOT_A_BOOLEAN)
    return _BOOLEANS[written]


_NO_ATTRIBUTES: Attributes = dict[str, str]()
