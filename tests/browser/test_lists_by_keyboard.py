"""A list by keyboard alone, and the way back into it."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Import
from tests.documents import invoice


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.closest('tr.data-row')?.innerText.trim().split(/\\s/)[0]")
    )


def test_rows_are_walked_opened_and_found_again(clerks_page: Page, imported: Import) -> None:
    imported(*(invoice(f"A-{number}") for number in (1, 2, 3)))
    page = clerks_page
    page.goto("/invoices/einvoice/?q=A-")
    for key, at in (("j", "A-1"), ("j", "A-2"), ("j", "A-3"), ("j", "A-3"), ("k", "A-2")):
        page.keyboard.press(key)
        assert focused(page) == at
    page.keyboard.press("Enter")
    expect(page.locator("h2", has_text="A-2")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("searchbox").or_(page.locator("#searchbar"))).to_have_value("A-")
    page.wait_for_function("document.activeElement.closest('tr.data-row')?.innerText.includes('A-2')")
    page.keyboard.press("/")
    page.keyboard.type("jk")
    expect(page.locator("#searchbar")).to_have_value("jk")
    page.keyboard.press("Escape")
    page.locator("#list-keys-open").click()
    expect(page.get_by_role("dialog", name="Toetsen in deze lijst")).to_be_visible()


def test_the_menu_of_exports_is_closed_with_escape(clerks_page: Page, imported: Import) -> None:
    imported(invoice("A-1"))
    clerks_page.goto("/invoices/einvoice/")
    menu, csv = (
        clerks_page.locator("summary", has_text="Exporteren"),
        clerks_page.get_by_role("link", name="CSV"),
    )
    menu.focus()
    clerks_page.keyboard.press("Enter")
    expect(csv).to_be_visible()
    clerks_page.keyboard.press("Tab")
    expect(csv).to_be_focused()
    clerks_page.keyboard.press("Escape")
    expect(csv).to_be_hidden()
    expect(menu).to_be_focused()
