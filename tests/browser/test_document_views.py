"""The document beside the data: as a sheet to read and print, and as the XML that was received."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import strip_tags
from playwright.sync_api import Page, expect

from econnect_admin.models import User
from invoices.documents import xml
from invoices.models import EInvoice
from tests.browser.conftest import Import, sample
from tests.browser.looking import violations
from tests.browser.test_hostile_files import HOSTILE_TEXTS, everywhere, with_attachments
from tests.documents import invoice


def address(view: str, version: int = 1) -> str:
    return f"/invoices/einvoice/{EInvoice.objects.latest('pk').pk}/versions/{version}/{view}/"


def sheet(client: Client, language: str = "nl") -> str:
    client.cookies["django_language"] = language
    return re.sub(r"\s+", " ", strip_tags(client.get(address("sheet")).content.decode().replace("<", " <")))


def lines_of(client: Client) -> tuple[list[str], str]:
    answer = client.get(address("xml")).json()
    return answer["lines"], " ".join(answer["words"])


def test_the_sheet_has_what_an_invoice_has(reader: Client, imported: Import) -> None:
    imported(sample("bakker-staal-2026-0041"))
    read = sheet(reader)
    for part in (
        "Bakker Staal B.V.",
        "KvK-nummer 20117364",
        "Aan Ref Bouw B.V.",
        "Nummer 2026-0041",
        "Vervaldatum 24-12-2026",
        "Bestelling PO-7731",
        "HEA 120 balk S235JR",
        "12 meter € 28,50 21% € 342,00",
        "€ 1.250,00 € 262,50",
        "Te betalen € 1.512,50",
        "NL91 ABNA 0613 4502 99",
    ):
        assert part in read, part
    assert "Amount to pay € 1,512.50" in sheet(reader, "en")


def test_its_allowances_its_currency_and_its_kind_are_there(reader: Client, imported: Import) -> None:
    imported(sample("jansen-schilders-CN-2026-017"))
    assert "Creditnota" in sheet(reader)
    assert "Te verrekenen € 1.190,30" in sheet(reader)
    imported(sample("scandia-hout-S-2600519"))
    assert "Te betalen SEK 102.520,73" in sheet(reader)


def test_lines_are_for_who_may_see_them(
    client: Client, imported: Import, person: Callable[..., User]
) -> None:
    imported(sample("bakker-staal-2026-0041"))
    client.force_login(person("invoices.view_einvoice", username="other"))
    assert "HEA 120" not in sheet(client)
    assert "Te betalen € 1.512,50" in sheet(client)


def test_a_sheet_of_very_many_lines_says_how_many_more_there_are(reader: Client, imported: Import) -> None:
    content = invoice().decode()
    [line] = re.findall(r"<cac:InvoiceLine>.*</cac:InvoiceLine>", content, flags=re.DOTALL)
    imported(content.replace(line, line * 503).encode())
    assert "Nog 3 regels staan niet op dit blad." in sheet(reader)


def test_the_xml_is_indented_and_without_the_bytes_of_attachments(reader: Client, imported: Import) -> None:
    imported(with_attachments(("a.pdf", "application/pdf", b"x" * 30_000)))
    lines, words = lines_of(reader)
    assert "  <cbc:ID>2026-0041</cbc:ID>" in lines
    assert max(map(len, lines)) < 400
    assert "[40000]" in "".join(lines)
    assert "alleen het begin en de lengte" in words


def test_a_huge_xml_is_cut_and_says_so(
    reader: Client, imported: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(invoice())
    monkeypatch.setattr(xml, "MAX_LINES", 10)
    lines, words = lines_of(reader)
    assert len(lines) == 10
    assert "Alleen het begin van deze XML" in words
    monkeypatch.setattr(xml, "MAX_BYTES", 10)
    lines, words = lines_of(reader)
    assert lines == []
    assert "te groot om hier te tonen" in words


def test_the_xml_is_for_who_may_see_the_original(
    client: Client, imported: Import, person: Callable[..., User]
) -> None:
    imported(invoice())
    client.force_login(person("invoices.view_einvoice", "invoices.view_line", username="other"))
    assert client.get(address("xml")).status_code == 403
    assert client.get(address("sheet")).status_code == 200
    page = client.get(f"/invoices/einvoice/{EInvoice.objects.get().pk}/change/").content.decode()
    assert address("xml") not in page


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_a_text_of_a_document_is_only_text_in_its_views(
    clerks_page: Page, imported: Import, text: str
) -> None:
    imported(everywhere(text))
    clerks_page.goto(f"/invoices/einvoice/{EInvoice.objects.get().pk}/change/")
    clerks_page.get_by_role("tab", name="Leesbaar").click()
    expect(clerks_page.locator("#sheet .ec-sheet-name").first).to_have_text(text)
    clerks_page.get_by_role("tab", name="XML").click()
    expect(clerks_page.locator(".ec-xml li").nth(5)).to_be_visible()
    clerks_page.goto(address("sheet"))
    assert clerks_page.evaluate("window.ran") is None


def test_searching_in_the_xml(clerks_page: Page, imported: Import) -> None:
    imported(sample("bakker-staal-2026-0041"))
    clerks_page.goto(f"/invoices/einvoice/{EInvoice.objects.get().pk}/change/")
    clerks_page.get_by_role("link", name="XML", exact=True).click()
    find = clerks_page.get_by_label("Zoeken in de XML")
    find.fill("BAKKER staal")
    said = clerks_page.locator(".ec-find output")
    expect(said).to_have_text("1 van 3")
    find.press("Enter")
    expect(said).to_have_text("2 van 3")
    clerks_page.get_by_role("button", name="Vorige plaats").click(click_count=2)
    expect(said).to_have_text("3 van 3")
    expect(clerks_page.locator(".ec-xml .ec-here")).to_be_in_viewport()
    find.fill("<nergens>")
    expect(said).to_have_text("niet gevonden")


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1440, True)])
def test_all_of_it_is_accessible(clerks_page: Page, imported: Import, dark: bool, width: int) -> None:
    imported(sample("bakker-staal-2026-0041"))
    clerks_page.emulate_media(color_scheme="dark" if dark else "light")
    clerks_page.set_viewport_size({"width": width, "height": 900})
    clerks_page.goto(f"/invoices/einvoice/{EInvoice.objects.get().pk}/change/")
    clerks_page.locator("#document").scroll_into_view_if_needed()
    expect(clerks_page.frame_locator("#document iframe").locator(".page canvas")).to_be_attached()
    assert clerks_page.evaluate("document.documentElement.classList.contains('dark')") is dark
    for name in ("PDF", "Leesbaar", "XML"):
        clerks_page.get_by_role("tab", name=name).click()
        clerks_page.wait_for_load_state("networkidle")
        assert violations(clerks_page) == []
    root = "document.documentElement"
    assert clerks_page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
