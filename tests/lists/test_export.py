"""Lists as files: what a spreadsheet makes of them."""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from openpyxl import load_workbook

from econnect_admin.models import Administration, User
from econnect_admin.sandbox.server import Sandbox
from invoices.models import Party
from tests.conftest import CONSUMER_KEY, CONSUMER_SECRET
from tests.documents import invoice
from tests.lists.conftest import Receive

LogIn = Callable[..., Client]
FORMULAS = ["=1+1", "+31", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\u200b\u3000=1", '=HYPERLINK("http://x")']


def file_of(client: Client, path: str) -> bytes:
    answer: Any = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    return b"".join(answer.streaming_content)


def csv_of(client: Client, path: str, delimiter: str = ";") -> list[dict[str, str]]:
    text = file_of(client, path).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def sheet_of(client: Client, path: str) -> tuple[dict[str, Any], ...]:
    """The cells of each row, by heading."""
    sheet: Any = load_workbook(io.BytesIO(file_of(client, path))).active
    headings, *rows = list(sheet.iter_rows())
    names = [cell.value for cell in headings]
    return tuple(dict(zip(names, row, strict=True)) for row in rows)


def test_a_dutch_file_has_dutch_headings_and_notation(log_in: LogIn, receive: Receive) -> None:
    receive(invoice("A-1", payable="1234.56"))
    (row,) = csv_of(log_in("invoices.view_einvoice"), "/invoices/einvoice/export/csv/")
    assert (row["Nummer"], row["Te betalen"], row["Vervaldatum"]) == ("A-1", "1234,56", "20-12-2026")


def test_an_english_file_has_english_ones(log_in: LogIn, receive: Receive) -> None:
    receive(invoice("A-1", payable="1234.56"))
    client = log_in("invoices.view_einvoice")
    client.cookies["django_language"] = "en"
    (row,) = csv_of(client, "/invoices/einvoice/export/csv/", ",")
    assert (row["Number"], row["Payable"], row["Due date"]) == ("A-1", "1234.56", "2026-12-20")


def test_a_sheet_has_numbers_and_days(log_in: LogIn, receive: Receive) -> None:
    receive(invoice("A-1", payable="1234.56"))
    (row,) = sheet_of(log_in("invoices.view_einvoice"), "/invoices/einvoice/export/xlsx/")
    assert Decimal(str(row["Te betalen"].value)) == Decimal("1234.56")
    assert row["Vervaldatum"].value == datetime(2026, 12, 20)  # noqa: DTZ001 - a sheet has no time zones
    assert isinstance(row["Ontvangen op"].value, datetime)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula(log_in: LogIn, receive: Receive, text: str) -> None:
    receive(invoice("A-1"))
    Party.objects.update(name=text)
    client = log_in("invoices.view_einvoice")
    (row,) = csv_of(client, "/invoices/einvoice/export/csv/")
    assert row["Leverancier"].startswith("'")
    (cells,) = sheet_of(client, "/invoices/einvoice/export/xlsx/")
    assert cells["Leverancier"].data_type == "s"
    assert text.strip() in cells["Leverancier"].value


def test_what_a_sheet_cannot_hold_is_a_text_or_is_cut(log_in: LogIn, receive: Receive) -> None:
    receive(invoice("A-1", payable="12345678901234567.89"))
    Party.objects.update(name="\x01" + "x" * 40_000)
    client = log_in("invoices.view_einvoice")
    (cells,) = sheet_of(client, "/invoices/einvoice/export/xlsx/")
    assert str(cells["Te betalen"].value).replace(",", ".") == "12345678901234567.89"
    assert 30_000 < len(cells["Leverancier"].value) <= 32_767
    (row,) = csv_of(client, "/invoices/einvoice/export/csv/")
    assert len(row["Leverancier"]) > 40_000


def test_it_holds_what_the_list_shows_and_no_more(
    log_in: LogIn, receive: Receive, elsewhere: Administration
) -> None:
    received = receive(invoice("A-1", payable="1.00"), invoice("A-2"), invoice("B-1"))
    client = log_in("invoices.view_einvoice")
    found = csv_of(client, "/invoices/einvoice/export/csv/?q=A-&o=-1")
    assert sorted(row["Nummer"] for row in found) == ["A-1", "A-2"]
    assert [row["Nummer"] for row in csv_of(client, "/invoices/einvoice/export/csv/?problems=yes")] == ["A-1"]
    from econnect_admin.models import UserGroup

    UserGroup.objects.get().administrations.remove(elsewhere)
    received["B-1"].administration = elsewhere
    received["B-1"].save()
    assert len(csv_of(client, "/invoices/einvoice/export/csv/")) == 2


def test_every_list_is_exported_and_no_secret_is_in_any(
    client: Client, receive: Receive, sandbox: Sandbox, administration: Administration
) -> None:
    receive(invoice("A-1"))
    client.force_login(User.objects.create_superuser("vendor", password="zomer-in-Delft"))
    exported = 0
    for model, model_admin in admin.site._registry.items():
        assert getattr(model_admin, "export_columns", ()), model
        for kind in ("csv", "xlsx"):
            content = file_of(client, f"/{model._meta.app_label}/{model._meta.model_name}/export/{kind}/")
            texts = content if kind == "csv" else _all_text(content)
            for secret in (CONSUMER_KEY, CONSUMER_SECRET, sandbox.access_url):
                assert secret.encode() not in texts, model
            exported += 1
    assert exported > 20


def _all_text(content: bytes) -> bytes:
    sheet: Any = load_workbook(io.BytesIO(content)).active
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row).encode()
