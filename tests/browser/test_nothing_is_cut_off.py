"""What a list or a table has in a row is seen without scrolling sideways."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import VIEW_ALL, Import, log_in, sample

if TYPE_CHECKING:
    from econnect_admin.models import Administration, User

# Elements that have more than they show, other than names that end in dots.
CUT_OFF = """[...document.querySelectorAll("#content *")]
    .filter((element) => element.clientWidth > 50 && element.scrollWidth > element.clientWidth + 1)
    .filter((element) => getComputedStyle(element).overflowX !== "visible")
    .filter((element) => !element.matches(".ec-clip, input"))
    .map((element) => element.className + ": " + element.innerText.slice(0, 80))"""


def test_lists_fit(
    page: Page,
    person: "Callable[..., User]",
    elsewhere: "Administration",
    live_server: LiveServer,
    imported: Import,
) -> None:
    """With the column of administrations, and on a phone with what has no spaces."""
    from econnect_admin.models import AuthorisationRequest

    imported(sample("scandia-hout-S-2600519"), sample("van-leeuwen-selfbilling-SB-26-0087"))
    AuthorisationRequest.objects.create(
        administration=elsewhere,
        requested_through=elsewhere,
        reference="XCNL10017",
        email_address="crediteurenadministratie@refbouw.example",
        state="accepted",
        requested_by="clerk",
    )
    log_in(page, person(*VIEW_ALL, "econnect_admin.view_authorisationrequest"), live_server)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 800})
        for address in ("/invoices/einvoice/", "/econnect_admin/authorisationrequest/"):
            page.goto(address)
            expect(page.locator("#result_list")).to_be_visible()
            assert page.evaluate(CUT_OFF) == [], (width, address)
            expect(page.get_by_label("scrollable content")).to_have_count(0)
