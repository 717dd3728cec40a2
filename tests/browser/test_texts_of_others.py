"""Texts of documents cannot turn what stands around them."""

import html
import re

import pytest
from django.test import Client

from batchjobs.models import BatchjobRun
from invoices.models import EInvoice, FailedDocument
from tests.browser.conftest import Import
from tests.documents import invoice

TURNED = "Bakker \u202eVB gnitsihcA\u202c \u2066B.V.\u2069"
SHOWN = "Bakker ⟨U+202E⟩VB gnitsihcA⟨U+202C⟩ ⟨U+2066⟩B.V.⟨U+2069⟩"


@pytest.fixture
def pages(imported: Import, reader: Client) -> dict[str, str]:
    """Every page that a supplier's texts come on."""
    imported(
        invoice(f"1 {TURNED}", supplier=TURNED).replace(b"Balk", f"Balk {TURNED}".encode()),
        invoice(f"2 {TURNED}", supplier=TURNED, payable=f"1 {TURNED}"),
    )
    [einvoice], [failed] = EInvoice.objects.all(), FailedDocument.objects.all()
    addresses = (
        "/",
        "/invoices/einvoice/",
        f"/invoices/einvoice/{einvoice.pk}/change/",
        "/invoices/faileddocument/",
        f"/invoices/faileddocument/{failed.pk}/change/",
        f"/batchjobs/batchjobrun/{BatchjobRun.objects.latest('pk').pk}/change/",
    )
    answers = {address: reader.get(address) for address in addresses}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {address: html.unescape(answer.content.decode()) for address, answer in answers.items()}


def test_characters_that_turn_the_direction_are_seen_and_do_nothing(pages: dict[str, str]) -> None:
    turning = re.compile("[\u202a-\u202e\u2066-\u2069]")
    assert {address: turning.findall(page) for address, page in pages.items() if turning.search(page)} == {}
    for address in ("/", "/invoices/einvoice/", "/invoices/faileddocument/"):
        assert "Bakker ⟨U+202E⟩VB" in pages[address]


def test_the_title_and_the_heading_are_harmless_too(pages: dict[str, str]) -> None:
    [page] = [page for address, page in pages.items() if re.search(r"einvoice/\d", address)]
    assert SHOWN in page.partition("<title>")[2].partition("</title>")[0]
    assert SHOWN in page.partition("<h1")[2].partition("</h1>")[0]


def test_a_text_of_another_direction_keeps_it_to_itself(reader: Client, imported: Import) -> None:
    hebrew = "\u05d1\u05e2\u05f4\u05de"
    imported(invoice(supplier=hebrew))
    [einvoice] = EInvoice.objects.all()
    page = reader.get(f"/invoices/einvoice/{einvoice.pk}/change/").content.decode()
    assert f"<bdi>{hebrew}</bdi>" in page


def test_a_long_name_is_opened_by_who_wants_to_read_it(reader: Client, imported: Import) -> None:
    imported(invoice(supplier="W" * 300))
    [einvoice] = EInvoice.objects.all()
    page = reader.get(f"/invoices/einvoice/{einvoice.pk}/change/").content.decode()
    assert f"<summary><bdi>{'W' * 119}…</bdi></summary><bdi>{'W' * 300}</bdi>" in page
    assert f'title="{"W" * 300}"' in reader.get("/invoices/einvoice/").content.decode()
