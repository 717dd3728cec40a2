"""The whole set-up in a browser: from an empty database to the first invoice on the screen."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import psutil
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from econnect_admin.models import AdministrationPreferences, HistoryEntry, User, UserGroup
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice
from tests.browser.conftest import log_in
from tests.conftest import CONSUMER_KEY, CONSUMER_SECRET
from tests.documents import invoice

LINE = f"APP_KEY:{CONSUMER_KEY};SECRET_KEY:{CONSUMER_SECRET};EMAIL_ID:inkoop@refbouw.example;COMPANY_ID:{{}};"


class Implementer:
    """Somebody who clicks and fills in, and counts it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.fields = 0

    def click(self, name: str) -> None:
        self._use("link", name)

    def press(self, name: str) -> None:
        self._use("button", name)

    def _use(self, role: Literal["link", "button"], name: str) -> None:
        """Before a name stands its sign, and behind some how many there are."""
        named = re.compile(rf"(^|\s){re.escape(name)}(\s\(|$)")
        self.page.locator("#main").get_by_role(role, name=named).first.click()
        self.clicks += 1

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(re.compile(rf"^{re.escape(label)}\b")).first.fill(text)
        self.fields += 1

    def go_to_start(self) -> None:
        self.page.locator("#nav-sidebar").get_by_role("link", name=re.compile("Start$")).click()
        self.clicks += 1


def test_from_an_empty_database_to_the_first_invoice(
    page: Page,
    live_server: LiveServer,
    sandbox: Sandbox,
    start_worker: Callable[..., psutil.Process],
    tmp_path: Path,
) -> None:
    sandbox.account.add(invoice())
    start_worker(tmp_path / "worker.log")
    log_in(page, User.objects.create_superuser("root", password="zomer-in-Delft"), live_server)
    page.set_viewport_size({"width": 1440, "height": 900})
    me = Implementer(page)
    page.goto("/")

    me.click("Financieel voorkeuren db")
    me.fill("Naam", "Ref Bouw")
    me.fill("Access URL", sandbox.access_url)
    me.press("Opslaan")

    me.click("De eerste administratie")
    me.fill("Code", "REF")
    me.fill("Naam", "Ref Bouw B.V.")
    me.press("Opslaan")
    expect(page.get_by_text("1 van 6 klaar")).to_be_visible()

    me.click("DNA-functies")
    me.press("Alle activeren")
    expect(page.get_by_text("Alle DNA-functies van Ref Bouw B.V. zijn actief.")).to_be_visible()

    me.click("Rechten gebruikersgroepen")
    me.fill("Naam", "Crediteurenadministratie")
    page.get_by_role("searchbox").first.click()
    page.get_by_role("option", name="root").click()
    me.clicks += 2
    expect(page.get_by_label("Begin met")).to_contain_text("Crediteurenadministrateur")
    me.press("Opslaan")
    expect(page.get_by_text("Rechten gebruikersgroepen (1 groep)")).to_be_visible()
    assert UserGroup.objects.get().administrations.get().code == "REF"

    me.click("Financieel voorkeuren administratie")
    me.fill("Quick Connect", LINE.format("XCNL99999"))
    me.press("Invullen")
    expect(page.get_by_label("Bedrijfs ID")).to_have_value("XCNL99999")
    expect(page.get_by_label("Quick Connect")).to_have_value("")
    me.fill("Aflever E-mailadres", "crediteuren@refbouw.example")
    me.press("Opslaan en verbinding testen")
    tested = page.locator("#connection-test")
    expect(tested).to_contain_text("XCNL99999 is geen bedrijf van dit account")
    page.get_by_role("button", name=re.compile("XCNL10017")).click()
    me.clicks += 1
    expect(tested.get_by_text("De verbinding werkt.")).to_be_in_viewport()
    expect(tested).to_contain_text("Postvak bereikbaar: 1 factuur")
    me.click("Verder met wat er volgt")

    for done in (4, 5):
        me.click("Batchjobs")
        me.press("Opslaan")
        expect(page.get_by_text(f"{done} van 6 klaar")).to_be_visible()

    me.press("Nu importeren")
    expect(page.locator("#run-live")).to_contain_text("2026-0041", timeout=30_000)
    me.click("2026-0041")
    expect(page.locator("#content")).to_contain_text("Bakker Staal B.V.")

    me.go_to_start()
    expect(page.get_by_text("alles is ingericht")).to_be_visible()
    expect(page.locator("#content")).to_contain_text("Bakker Staal B.V.")
    assert EInvoice.objects.count() == 1
    assert AdministrationPreferences.objects.get().company_id == "XCNL10017"
    assert not HistoryEntry.objects.filter(changes__icontains=CONSUMER_SECRET).exists()
    assert (me.clicks, me.fields) <= (30, 8)
