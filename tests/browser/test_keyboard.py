"""Everything that a mouse can do is done with keys too."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Import
from tests.documents import invoice


def focused(page: Page) -> str:
    """The name of what has the focus, as people read it."""
    return str(page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText || ''"))


def tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if name in focused(page):
            return
    raise AssertionError(f"Tab does not come to {name}.")


def test_filters_are_opened_and_closed_with_keys(clerks_page: Page, imported: Import) -> None:
    imported(invoice())
    clerks_page.goto("/invoices/einvoice/")
    tab_to(clerks_page, "Filters")
    clerks_page.keyboard.press("Enter")
    expect(clerks_page.locator("#changelist-filter")).to_be_visible()
    expect(clerks_page.locator("#changelist-filter")).to_be_focused()
    clerks_page.keyboard.press("Escape")
    expect(clerks_page.locator("#changelist-filter")).to_be_hidden()
    assert "Filters" in focused(clerks_page)


def test_the_language_is_chosen_with_keys(clerks_page: Page) -> None:
    clerks_page.goto("/")
    tab_to(clerks_page, "clerk")
    clerks_page.keyboard.press("Enter")
    expect(clerks_page.locator("nav:focus")).to_be_attached()
    tab_to(clerks_page, "English")
    clerks_page.keyboard.press("Enter")
    expect(clerks_page.locator("html")).to_have_attribute("lang", "en")


def test_the_theme_is_chosen_with_keys(clerks_page: Page) -> None:
    clerks_page.goto("/")
    tab_to(clerks_page, "clerk")
    clerks_page.keyboard.press(" ")
    expect(clerks_page.get_by_text("Donker")).to_be_visible()
    expect(clerks_page.locator("nav:focus")).to_be_attached()
    tab_to(clerks_page, "Donker")
    clerks_page.keyboard.press("Enter")
    expect(clerks_page.locator("html")).to_have_class("dark")


def test_the_navigation_is_folded_with_keys(clerks_page: Page) -> None:
    clerks_page.goto("/")
    tab_to(clerks_page, "Navigatie")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert clerks_page.evaluate(outline) == "solid"
    clerks_page.keyboard.press("Enter")
    expect(clerks_page.locator("#nav-sidebar")).to_be_hidden()


def test_the_navigation_of_a_phone_is_opened_with_keys(clerks_page: Page) -> None:
    clerks_page.set_viewport_size({"width": 390, "height": 800})
    clerks_page.goto("/")
    tab_to(clerks_page, "Navigatie")
    clerks_page.keyboard.press("Enter")
    expect(clerks_page.locator("#nav-sidebar")).to_be_visible()
    expect(clerks_page.locator("#nav-sidebar")).to_be_focused()
    clerks_page.keyboard.press("Escape")
    expect(clerks_page.locator("#nav-sidebar")).to_be_hidden()
