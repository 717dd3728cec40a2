"""What a clerk does all day, in a browser."""

from pathlib import Path

from playwright.sync_api import Page, expect

from econnect_admin.models import User
from tests.browser.conftest import Import, sample
from tests.documents import invoice


def numbers(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#result_list tbody .field-number").all_inner_texts()]


def open_invoice(page: Page, number: str) -> None:
    page.goto("/invoices/einvoice/")
    page.get_by_role("link", name=number).click()


def test_a_clerk_logs_in_and_sees_the_invoices_in_dutch(page: Page, clerk: User, imported: Import) -> None:
    imported(invoice("2026-0041", payable="1512.5"))
    page.goto("/")
    page.get_by_label("Gebruikersnaam").fill(clerk.username)
    page.get_by_label("Wachtwoord").fill("zomer-in-Delft")
    page.get_by_role("button", name="Aanmelden").click()
    page.locator("#nav-sidebar-apps").get_by_text("E-inkoopfacturen").click()
    row = page.locator("#result_list tbody").first
    expect(row).to_contain_text("Bakker Staal B.V.")
    expect(row).to_contain_text("€ 1.512,5")
    expect(row).to_contain_text("20-12-2026")
    expect(row).to_contain_text("Gedownload", ignore_case=True)


def test_an_amount_typed_in_dutch_finds_its_invoice(clerks_page: Page, imported: Import) -> None:
    imported(invoice("A-1", payable="1234.56"), invoice("A-2", payable="1234.50"))
    clerks_page.goto("/invoices/einvoice/")
    clerks_page.get_by_placeholder("Nummer, leverancier, bedrag").fill("1.234,56")
    clerks_page.keyboard.press("Enter")
    expect(clerks_page.locator("#result_list tbody")).to_have_count(1)
    assert numbers(clerks_page) == ["A-1"]


def test_the_filter_on_problems_leaves_those_with_problems(clerks_page: Page, imported: Import) -> None:
    imported(invoice("GOOD"), invoice("BAD", payable="999.00"))
    clerks_page.goto("/invoices/einvoice/")
    clerks_page.locator("a").filter(has_text="Filters").first.click()
    clerks_page.locator("#facet-problems a").get_by_text("Met").click()
    expect(clerks_page.locator("#result_list tbody")).to_have_count(1)
    assert numbers(clerks_page) == ["BAD"]


def test_an_invoice_shows_its_lines_and_totals_as_they_were_written(
    clerks_page: Page, imported: Import
) -> None:
    imported(sample("bakker-staal-2026-0041"))
    open_invoice(clerks_page, "2026-0041")
    expect(clerks_page.locator("#lines tbody tr")).to_have_count(10)
    totals = clerks_page.locator(".ec-totals")
    expect(totals).to_contain_text("Te betalen")
    expect(totals).to_contain_text("€ 1.512,50")
    expect(clerks_page.locator(".ec-head")).to_contain_text("Bakker Staal B.V.")
    expect(clerks_page.get_by_role("link", name="factuur-2026-0041.pdf")).to_be_visible()


def test_the_language_switch_turns_the_page_to_english(clerks_page: Page, imported: Import) -> None:
    imported(invoice("2026-0041", payable="1512.50"))
    open_invoice(clerks_page, "2026-0041")
    expect(clerks_page.locator(".ec-head")).to_contain_text("€ 1.512,50")
    clerks_page.get_by_text("clerk", exact=True).click()
    clerks_page.get_by_role("button", name="English").click()
    expect(clerks_page.locator(".ec-head")).to_contain_text("€ 1,512.50")
    expect(clerks_page.locator(".ec-head")).to_contain_text("due on 20 Dec 2026")


def test_the_login_page_offers_the_other_language(page: Page, transactional_db: None) -> None:
    page.goto("/login/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    page.get_by_role("button", name="Nederlands").click()
    expect(page.get_by_role("button", name="Aanmelden")).to_be_visible()


def test_the_original_is_downloaded_byte_for_byte(
    clerks_page: Page, imported: Import, tmp_path: Path
) -> None:
    content = invoice("2026-0041")
    imported(content)
    open_invoice(clerks_page, "2026-0041")
    with clerks_page.expect_download() as download:
        clerks_page.get_by_role("link", name="XML downloaden").first.click()
    assert download.value.suggested_filename == "2026-0041.xml"
    download.value.save_as(tmp_path / "original.xml")
    assert (tmp_path / "original.xml").read_bytes() == content


def test_markup_in_a_suppliers_name_is_text(clerks_page: Page, imported: Import) -> None:
    name = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"
    imported(invoice("2026-0041", supplier=f"<![CDATA[{name}]]>"))
    for address in ("/", "/invoices/einvoice/"):
        clerks_page.goto(address)
        expect(clerks_page.get_by_text("<script>")).to_be_visible()
    open_invoice(clerks_page, "2026-0041")
    expect(clerks_page.locator(".ec-head .ec-name")).to_have_text(name)
    assert clerks_page.title() != "run"


def test_nothing_overflows_on_a_phone(clerks_page: Page, imported: Import) -> None:
    imported(invoice("H" * 500, supplier="W" * 300), sample("bakker-staal-2026-0041"))
    clerks_page.set_viewport_size({"width": 390, "height": 800})
    clerks_page.goto("/invoices/einvoice/")
    addresses = [
        link.get_attribute("href") or "" for link in clerks_page.locator("#result_list .field-number a").all()
    ]
    assert len(addresses) == 2
    for address in ("/", "/invoices/einvoice/", *addresses, "/batchjobs/batchjobrun/"):
        clerks_page.goto(address)
        root = "document.documentElement"
        assert clerks_page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), address


def test_a_phone_shows_every_amount_without_scrolling(clerks_page: Page, imported: Import) -> None:
    long_amount = "123456789012345678901234567890.1234567890"
    imported(sample("bakker-staal-2026-0041"), invoice("LONG", payable=long_amount))
    clerks_page.set_viewport_size({"width": 390, "height": 800})
    for number in ("2026-0041", "LONG"):
        open_invoice(clerks_page, number)
        expect(clerks_page.locator(".ec-head")).to_contain_text(number)
        amounts = clerks_page.locator(".ec-lines .ec-net, .ec-vat td.ec-amount, .ec-totals dd").all()
        assert len(amounts) >= 5
        for amount in amounts:
            box = amount.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390


def test_the_lists_of_a_phone_have_no_empty_rows(clerks_page: Page, imported: Import) -> None:
    imported(invoice("2026-0041"))
    clerks_page.set_viewport_size({"width": 390, "height": 800})
    clerks_page.goto("/invoices/einvoice/")
    expect(clerks_page.locator("#result_list .field-amount")).to_be_visible()
    expect(clerks_page.locator("#result_list .field-problems")).to_be_hidden()
    label = "getComputedStyle(document.querySelector('.field-amount'), '::before').content"
    assert clerks_page.evaluate(label) == '"Bedrag"'
    clerks_page.goto("/invoices/einvoice/?status=40")  # of which there are none
    expect(clerks_page.locator("h1").get_by_text("E-inkoopfacturen")).to_be_visible()


def test_headings_stand_above_their_figures(clerks_page: Page, imported: Import) -> None:
    imported(invoice("2026-0041"))
    clerks_page.set_viewport_size({"width": 1440, "height": 800})
    clerks_page.goto("/invoices/einvoice/")
    heading = clerks_page.locator("th.column-amount .text").bounding_box()
    figures = clerks_page.locator("td.field-amount .ec-amount").bounding_box()
    assert heading
    assert figures
    assert abs(heading["x"] + heading["width"] - figures["x"] - figures["width"]) <= 1
