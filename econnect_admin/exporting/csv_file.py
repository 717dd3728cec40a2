"""CSV as the spreadsheet of who reads it expects: Dutch with semicolons and a decimal comma."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO

from django.utils.formats import get_format

from econnect_admin.exporting.values import Value

MIME = "text/csv; charset=utf-8"

# With these a spreadsheet begins a formula; with a quotation mark before it, it is a text.
_BEGINS_FORMULA = tuple("=+-@＝＋－＠\t\n")
# Spaces and characters without a width, behind which a spreadsheet may find one.
_UNSEEN = "".join(
    character for character in map(chr, range(0x10000)) if unicodedata.category(character) in {"Zs", "Cf"}
)


def write(file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """UTF-8 with a byte order mark, by which spreadsheets know it."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    decimal_sign = str(get_format("DECIMAL_SEPARATOR"))
    dutch = decimal_sign == ","
    day = "%d-%m-%Y" if dutch else "%Y-%m-%d"
    writer = csv.writer(text, delimiter=";" if dutch else ",", lineterminator="\r\n")
    writer.writerow([_text(heading) for heading in headings])
    for row in rows:
        writer.writerow([_cell(value, decimal_sign, day) for value in row])
    text.flush()
    text.detach()


def _cell(value: Value, decimal_sign: str, day: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime):
        return value.strftime(f"{day} %H:%M:%S")
    if isinstance(value, date):
        return value.strftime(day)
    number = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return number.replace(".", decimal_sign)


def _text(text: str) -> str:
    return f"'{text}" if text.lstrip(_UNSEEN).startswith(_BEGINS_FORMULA) else text
