"""The story in a real browser: filled in, sent with an impatient double click, checked, accepted."""

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from econnect_admin.linking.checking import check
from econnect_admin.models import Administration, AuthorisationRequest
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.server import Sandbox
from tests.browser.conftest import chromium, log_in, page, refused
from tests.linking.conftest import LINKING, OWNER, accept, address, person_with

__all__ = ["chromium", "page", "refused"]

_CLICK_TWICE = """() => {
    const button = document.querySelector("button[name=_save]");
    button.click();
    button.click();
    return document.getElementById("waiting").textContent;
}"""
SEES_PREFERENCES = "econnect_admin.view_administrationpreferences"


def test_from_the_menu_to_the_keys(
    sandbox: Sandbox, client_company: Administration, page: Page, live_server: LiveServer
) -> None:
    log_in(page, person_with(*LINKING, SEES_PREFERENCES, username="linker"), live_server)
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(address("add"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Administratie", exact=False).first.select_option(str(client_company.pk))
    page.get_by_label("Kenmerk van de klant").fill("NL:KVK:12345678")
    page.get_by_label("E-mailadres van de eigenaar").fill(OWNER)
    sandbox.misbehave(ways.slow(1), "RequestAppIntegration")
    assert "eConnect wordt gevraagd" in page.evaluate(_CLICK_TWICE)
    expect(page.locator("#content")).to_contain_text("eConnect vraagt de eigenaar per e-mail")
    assert sandbox.calls_of("RequestAppIntegration") == 1

    page.get_by_role("button", name="Nu controleren").press("Enter")
    expect(page.get_by_text("De eigenaar heeft nog niet geaccepteerd.")).to_be_visible()
    request = AuthorisationRequest.objects.get()
    accept(sandbox, request)
    check(request.pk)  # as it is checked in the background: the page follows it
    expect(page.locator("#content")).to_contain_text("Het bedrijf is XCNL10017.", timeout=15_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Naar Financieel voorkeuren administratie").click()
    expect(page.locator("#content")).to_contain_text(sandbox.account.email_address)
