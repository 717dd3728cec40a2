"""XLSX: numbers are numbers, days are days, and every text is a text."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter

from econnect_admin.exporting.values import Value, is_exact

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576  # of a sheet, with the headings

_LONGEST_TEXT = 32_767  # of a cell, in UTF-16
_NARROWEST, _WIDEST = 12, 40  # of a column, in characters
_FORMATS = {
    datetime: "dd-mm-yyyy hh:mm:ss",
    date: "dd-mm-yyyy",
    float: "#,##0.00########",  # and Decimal; in the signs of who opens it
}


def write(file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """A row at a time: what is written does not stay in memory."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        formats = {kind: book.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
        bold = book.add_format({"bold": True})
        for at, heading in enumerate(headings):
            sheet.set_column(at, at, min(max(len(heading) + 4, _NARROWEST), _WIDEST))
            sheet.write_string(0, at, heading, bold)
        for number, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                _write(sheet, number, at, value, formats)


def _write(sheet: Any, row: int, column: int, value: Value, formats: dict[type, Any]) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, _fitting(value))
    elif isinstance(value, date):
        kind = datetime if isinstance(value, datetime) else date
        if value.year < 1900:  # a spreadsheet knows no earlier day
            sheet.write_string(row, column, value.isoformat())
        else:
            sheet.write_datetime(row, column, value, formats[kind])
    elif not is_exact(value):
        sheet.write_string(row, column, str(value))
    else:
        sheet.write_number(row, column, value, None if isinstance(value, int) else formats[float])


def _fitting(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST_TEXT:
        return text
    return units[: 2 * (_LONGEST_TEXT - 1)].decode("utf-16-le", errors="ignore") + "…"
