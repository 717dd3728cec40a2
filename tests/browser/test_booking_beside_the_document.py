"""Who books an e-invoice sees the document beside its lines, as on the page of the e-invoice."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Locator, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from econnect_admin.models import Administration, User
from invoices.conversion.standard import set_up_ledger
from invoices.models import EInvoice
from tests.browser.conftest import Import, log_in, sample
from tests.browser.looking import show_in, violations
from tests.browser.test_nothing_is_cut_off import CUT_OFF
from tests.conversion.conftest import CONVERTING

NUMBER = "2026-0041"


@pytest.fixture
def einvoice(administration: Administration, imported: Import) -> str:
    """The address of one that can be booked."""
    set_up_ledger(administration)
    imported(sample(f"bakker-staal-{NUMBER}"))
    return f"/invoices/einvoice/{EInvoice.objects.get().pk}"


@pytest.fixture
def booker(page: Page, live_server: LiveServer, person: Callable[..., User], einvoice: str) -> Page:
    return log_in(
        page, person(*CONVERTING, "invoices.view_original", "invoices.change_einvoice"), live_server
    )


def box(element: Locator) -> FloatRect:
    found = element.bounding_box()
    assert found
    return found


def drawn_pdf(page: Page) -> Locator:
    return page.frame_locator("#document iframe").locator("canvas[role=img]")


def asked_for_the_document(page: Page, address: str) -> list[str]:
    """What a page fetches of it, by the time the PDF is drawn."""
    asked: list[str] = []

    def hear(request: Request) -> None:
        one = f"{request.method} {request.url}"
        if "/versions/" in one or "pdf-viewer" in one:
            asked.append(one)

    page.on("request", hear)
    page.goto(address)
    expect(drawn_pdf(page)).to_be_visible()
    page.remove_listener("request", hear)
    return asked


@pytest.mark.parametrize("width", [1280, 1440, 1920])
def test_on_a_wide_screen_it_stands_beside_lines_that_need_no_scrolling(
    booker: Page, einvoice: str, width: int
) -> None:
    booker.set_viewport_size({"width": width, "height": 900})
    booker.goto(f"{einvoice}/convert/")
    document = box(booker.locator("#document"))
    fields = booker.locator(".ec-entries input").all()
    assert len(fields) > 10
    for field in fields:
        assert box(field)["x"] + box(field)["width"] < document["x"]
        assert box(field)["width"] > 100
    assert document["y"] < 300
    assert document["x"] + document["width"] <= width
    assert booker.evaluate(CUT_OFF) == []
    assert violations(booker) == []
    show_in(booker, "dark")
    assert violations(booker, only_of_colours=True) == []


@pytest.mark.parametrize("width", [390, 1000])
def test_on_a_smaller_one_it_stands_below_and_is_led_to(booker: Page, einvoice: str, width: int) -> None:
    booker.set_viewport_size({"width": width, "height": 800})
    booker.goto(f"{einvoice}/convert/")
    book = box(booker.get_by_role("button", name="Boeken"))
    assert box(booker.locator("#document"))["y"] > book["y"]
    booker.get_by_role("link", name="Document", exact=True).click()
    expect(drawn_pdf(booker)).to_be_in_viewport()
    assert booker.evaluate(CUT_OFF) == []


def test_it_is_fetched_as_on_the_page_of_the_e_invoice(booker: Page, einvoice: str) -> None:
    there = asked_for_the_document(booker, f"{einvoice}/change/")
    assert there
    assert asked_for_the_document(booker, f"{einvoice}/convert/") == there
    booker.get_by_role("tab", name="Leesbaar").click()
    expect(booker.locator("#pane-readable")).to_contain_text("HEA 120 balk S235JR")
    booker.get_by_role("tab", name="XML").click()
    expect(booker.locator("#pane-xml")).to_contain_text(f"<cbc:ID>{NUMBER}</cbc:ID>")


def test_it_stays_when_what_was_typed_is_refused(booker: Page, einvoice: str) -> None:
    booker.goto(f"{einvoice}/convert/")
    booker.locator("[name=ledger-0]").fill("9999 bestaat niet")
    booker.get_by_role("button", name="Boeken").click()
    expect(booker.locator("[name=ledger-0]")).to_have_value("9999 bestaat niet")
    expect(drawn_pdf(booker)).to_be_visible()


def test_its_xml_is_for_who_may_see_originals(
    page: Page, live_server: LiveServer, person: Callable[..., User], einvoice: str
) -> None:
    booker = log_in(page, person(*CONVERTING), live_server)
    booker.goto(f"{einvoice}/convert/")
    expect(booker.get_by_role("tab", name="Leesbaar")).to_be_visible()
    expect(booker.get_by_role("tab", name="XML")).to_have_count(0)


@pytest.mark.parametrize(("page_of", "field"), [("convert", "#all-ledger"), ("change", "#reason")])
def test_who_was_logged_out_keeps_what_is_typed_beside_the_document(
    booker: Page, einvoice: str, page_of: str, field: str
) -> None:
    """It can be copied, and whoever sends it is told."""
    booker.goto(f"{einvoice}/{page_of}/")
    expect(drawn_pdf(booker)).to_be_visible()
    if page_of == "change":
        booker.get_by_text("Afkeuren …").click()
    booker.locator(field).fill("4400")
    booker.context.clear_cookies(name="sessionid")
    for view in ("Leesbaar", "XML"):
        booker.get_by_role("tab", name=view).click()
        expect(booker.get_by_role("tabpanel", name=view)).to_contain_text("Dit kon niet worden opgehaald.")
    expect(booker.locator(field)).to_have_value("4400")


def test_who_was_logged_out_sees_so_where_nothing_is_typed(booker: Page, einvoice: str) -> None:
    booker.goto(f"{einvoice}/change/")
    expect(drawn_pdf(booker)).to_be_visible()
    booker.context.clear_cookies(name="sessionid")
    booker.get_by_role("tab", name="Leesbaar").click()
    expect(booker).to_have_url(re.compile("/login/"))
