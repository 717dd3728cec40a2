"""A clerk's day, with what the preset for clerks grants and nothing more: from a wide screen to a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from econnect_admin.sandbox.server import Sandbox
from tests.browser.conftest import Import, log_in, sample
from tests.conftest import wait_until

if TYPE_CHECKING:
    from econnect_admin.models import Administration, User


@pytest.fixture
def clerk_by_preset(administration: "Administration") -> "User":
    from econnect_admin.models import User
    from econnect_admin.rights.granting import PRESETS
    from tests.rights.conftest import group_with

    user: User = User.objects.create_user("clerk", password="zomer-in-Delft")
    grants = next(preset.grants for preset in PRESETS if preset.code == "clerk")
    group_with("Crediteurenadministratie", grants, administration).members.add(user)
    return user


def send_statuses(administration: "Administration", start_worker: Callable[..., psutil.Process]) -> None:
    from batchjobs.jobs import enqueue
    from batchjobs.models import BatchjobRun
    from batchjobs.running import request_run
    from batchjobs.setup import ensure_batchjobs

    _, statuses = ensure_batchjobs(administration)
    run = request_run(statuses, started_by="test")
    enqueue(run)
    start_worker()
    wait_until(lambda: BatchjobRun.objects.filter(pk=run.pk, state="succeeded").exists())


@pytest.mark.parametrize("width", [1440, 390])
def test_view_approve_convert_reject_export(
    page: Page,
    live_server: LiveServer,
    clerk_by_preset: "User",
    administration: "Administration",
    sandbox: Sandbox,
    imported: Import,
    start_worker: Callable[..., psutil.Process],
    width: int,
) -> None:
    from invoices.conversion.standard import set_up_ledger
    from invoices.models import EInvoice

    set_up_ledger(administration)
    imported(sample("bakker-staal-2026-0041"), sample("de-haan-constructeurs-20260412-C"))
    page.set_viewport_size({"width": width, "height": 420})
    log_in(page, clerk_by_preset, live_server)
    page.goto("/invoices/einvoice/")
    for number in ("2026-0041", "20260412-C"):  # the bar of actions lies over neither
        page.locator("tr.data-row", has_text=number).locator("input.action-select").check()
    page.set_viewport_size({"width": width, "height": 850})

    page.get_by_role("link", name="2026-0041").click()
    page.get_by_role("button", name="Goedkeuren", exact=True).click()
    expect(page.get_by_text("wacht op verzending").first).to_be_visible()
    page.get_by_role("link", name="Naar inkoopfactuur").click()
    page.get_by_label("Dezelfde grootboekrekening voor alle regels").fill("7000 Inkoop materialen")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Invullen
    page.get_by_role("button", name="Boeken").click()
    expect(page.locator("h2", has_text="-00001")).to_be_visible()

    page.goto("/invoices/einvoice/?q=20260412-C")
    page.get_by_role("link", name="20260412-C").click()
    page.get_by_text("Afkeuren …").click()
    page.get_by_label("Reden; blijft bij de factuur staan").fill("Niet geleverd")
    page.get_by_role("button", name="Afkeuren", exact=True).click()
    expect(page.get_by_text("wacht op verzending").first).to_be_visible()

    send_statuses(administration, start_worker)
    page.reload()
    expect(page.get_by_text("verzonden").first).to_be_visible()
    numbers = dict(EInvoice.objects.values_list("external_id", "current__number"))
    assert {numbers[key]: code for key, code in sandbox.account.status_changes} == {
        "2026-0041": "40",
        "20260412-C": "50",
    }

    page.goto("/invoices/einvoice/")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_text("Exporteren").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    exported = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "2026-0041" in exported
    assert "1512,50" in exported
