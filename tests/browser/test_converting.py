"""A clerk turns an e-invoice into a purchase invoice and back, by keys where they can; on a phone too."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Import, log_in, sample
from tests.browser.looking import show_in, violations
from tests.browser.test_nothing_is_cut_off import CUT_OFF
from tests.conversion.conftest import CONVERTING
from tests.conversion.writing import document

if TYPE_CHECKING:
    from econnect_admin.models import Administration, User


def look(page: Page) -> None:
    """Neither sideways scrolling nor anything that axe-core finds, in both themes."""
    show_in(page, "dark")
    assert violations(page, only_of_colours=True) == [], page.url
    show_in(page, "light")
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
    assert page.evaluate(CUT_OFF) == [], page.url


def test_a_clerk_books_and_reverses(
    page: Page,
    live_server: LiveServer,
    person: "Callable[..., User]",
    administration: "Administration",
    imported: Import,
) -> None:
    from invoices.conversion.standard import set_up_ledger
    from invoices.models import PurchaseInvoice

    set_up_ledger(administration)
    again = document("2026-0041", supplier="Bakker Staal B.V.", ibans=["NL00NEW"])
    imported(sample("bakker-staal-2026-0041"), again)
    log_in(page, person(*CONVERTING, "invoices.view_ledgeraccount"), live_server)

    page.goto("/invoices/einvoice/?q=1512.50")
    page.get_by_role("link", name="2026-0041").click()
    page.get_by_role("link", name="Naar inkoopfactuur").click()
    expect(page.get_by_text("Nieuwe crediteur", exact=True)).to_be_visible()
    look(page)
    page.get_by_label("Dezelfde grootboekrekening voor alle regels").fill("7000 Inkoop materialen")
    page.keyboard.press("Enter")  # fills in, and books nothing
    expect(page.get_by_label("Grootboekrekening 10")).to_have_value("7000 Inkoop materialen")
    vat_of_a_line, vat_in_all = page.locator("[name=vat-0]"), page.locator("[name=vat-row-0]")
    for field in (vat_of_a_line, vat_in_all):
        field.fill("")
    page.get_by_role("button", name="Boeken").click()
    expect(vat_of_a_line).to_be_focused()
    vat_of_a_line.fill("IH")
    page.keyboard.press("Tab")
    expect(vat_in_all).to_have_value("IH")
    page.get_by_role("button", name="Boeken").click()
    expect(page.locator("h2", has_text="-00001")).to_be_visible()
    look(page)

    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_label("Reden").fill("Verkeerde rekening")
    page.get_by_role("button", name="Terugboeken").click()
    expect(page.get_by_text("Dit is de terugboeking van")).to_be_visible()
    look(page)
    reversal = PurchaseInvoice.objects.get(reversal_of__isnull=False)
    page.goto(f"/invoices/einvoice/{reversal.einvoice_id}/convert/")
    expect(page.get_by_label("Grootboekrekening 10")).to_have_value("7000 Inkoop materialen")
    look(page)
    page.get_by_role("button", name="Boeken").click()
    expect(page.locator("h2", has_text="-00003")).to_be_visible()

    page.goto("/invoices/einvoice/?q=121")
    page.get_by_role("link", name="2026-0041").click()
    page.get_by_role("link", name="Naar inkoopfactuur").click()
    expect(page.get_by_role("button", name="Boeken")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Boeken").click()
    expect(page.get_by_text(re.compile("Er is eerst iets te bevestigen: .*NL00 ?NEW"))).to_be_visible()
    for box in page.get_by_label("Dit heb ik nagegaan").all():
        box.check()
    page.get_by_role("button", name="Boeken").click()
    expect(page.locator("h2", has_text="-00004")).to_be_visible()

    page.set_viewport_size({"width": 390, "height": 800})
    for path in (
        f"supplier/{reversal.supplier_id}/change/",
        f"einvoice/convert/?keys={reversal.einvoice_id}",
    ):
        page.goto(f"/invoices/{path}")
        look(page)
