"""The head of an e-invoice's page: how far it is, what may be done with it, and on to the next."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from econnect_admin.models import Administration, User
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice
from invoices.statuses.changing import change_status, withdraw
from tests.browser.conftest import VIEW_ALL, Import, log_in
from tests.browser.test_failures_and_runs import text
from tests.browser.test_status_timeline import page_of, send
from tests.documents import invoice

CLERK = (*VIEW_ALL, "invoices.change_einvoice")


@pytest.fixture
def approver(client: Client, person: Callable[..., User]) -> Client:
    client.force_login(person(*CLERK, username="jan"))
    return client


@pytest.fixture
def einvoice(imported: Import) -> EInvoice:
    imported(invoice())
    return EInvoice.objects.get()


def offered(page: str) -> list[str]:
    return re.findall('name="code" value="(.*?)"', page)


def present(page: str) -> list[str]:
    return re.findall('aria-current="step">(.*?)</li>', page)


@pytest.mark.parametrize(
    ("code", "step", "usual"),
    [
        ("10", ["Ontvangen"], "40"),
        ("30", ["Ontvangen"], "40"),
        ("35", ["Ter goedkeuring"], "40"),
        ("40", ["Goedgekeurd"], "60"),
        ("50", ["Afgekeurd"], None),
        ("60", ["Betaalbaar"], "70"),
        ("70", ["Betaald"], None),
        ("99", [], None),
    ],
)
def test_it_shows_how_far_the_invoice_is_and_what_comes_next(
    approver: Client, einvoice: EInvoice, code: str, step: list[str], usual: str | None
) -> None:
    EInvoice.objects.update(status_code=code)
    page = text(approver, page_of(einvoice))
    assert present(page) == step
    assert code not in offered(page)
    if usual:
        assert offered(page)[0] == usual


def test_a_rejection_without_a_reason_is_none(approver: Client, einvoice: EInvoice) -> None:
    assert re.search(r'<textarea [^>]*name="reason"[^>]* required', text(approver, page_of(einvoice)))
    approver.post(f"/invoices/einvoice/{einvoice.pk}/status/", {"code": "50", "seen": "30", "reason": " "})
    assert not einvoice.status_changes.exists()


def test_a_reason_of_many_lines_is_as_long_as_the_browser_says(approver: Client, einvoice: EInvoice) -> None:
    """It counts the end of a line as one character, and sends two."""
    typed = "a\n" * 499 + "be"
    values = {"code": "50", "seen": "30", "reason": typed.replace("\n", "\r\n")}
    approver.post(f"/invoices/einvoice/{einvoice.pk}/status/", values)
    assert [change.reason for change in einvoice.status_changes.all()] == [typed]


def test_the_reason_of_a_rejection_that_came_too_late_is_not_lost(
    approver: Client, einvoice: EInvoice, imported: Import
) -> None:
    """Somebody else was faster; who still wants to reject finds what they typed, once."""

    def typed() -> str:
        return text(approver, page_of(einvoice)).partition('name="reason"')[2].partition("</textarea>")[0]

    imported(invoice("second"))
    change_status(einvoice, "40", by="els")
    values = {"code": "50", "seen": "30", "reason": "Prijs <b> klopt niet"}
    approver.post(f"/invoices/einvoice/{einvoice.pk}/status/", values)
    other = EInvoice.objects.exclude(pk=einvoice.pk).get()
    assert "klopt" not in text(approver, page_of(other))
    assert typed().endswith(">\nPrijs &lt;b&gt; klopt niet")
    assert typed().endswith(">")


def test_who_saw_an_earlier_version_decides_nothing(
    approver: Client,
    einvoice: EInvoice,
    sandbox: Sandbox,
    administration: Administration,
    run_import: Callable[..., Any],
) -> None:
    """The page was open while a revision came in: the clerk has seen another amount."""
    sandbox.account.revise(einvoice.external_id, invoice(payable="999.00"))
    run_import(administration)
    approver.cookies["django_language"] = "en"
    values = {"code": "40", "seen": "30", "seen_version": "1"}
    answer = approver.post(f"/invoices/einvoice/{einvoice.pk}/status/", values, follow=True)
    assert "Another version of the document came in meanwhile" in answer.content.decode()
    assert not einvoice.status_changes.exists()
    assert offered(text(approver, f"{page_of(einvoice)}?version=1")) == []
    approver.post(f"/invoices/einvoice/{einvoice.pk}/status/", values | {"seen_version": "2"})
    assert einvoice.status_changes.count() == 1


def test_near_the_head_stands_what_became_of_the_change(
    approver: Client, einvoice: EInvoice, sandbox: Sandbox, administration: Administration
) -> None:
    def head() -> str:
        return text(approver, page_of(einvoice)).partition('class="ec-sending')[2].partition("</section>")[0]

    assert head() == ""
    approver.post(f"/invoices/einvoice/{einvoice.pk}/status/", {"code": "35", "seen": "30"})
    assert "wacht op verzending" in head()
    send(administration)
    assert "verzonden" in head()
    document = sandbox.account.documents[einvoice.external_id]
    sandbox.account.documents[einvoice.external_id] = replace(document, statuses=("30",))
    approver.post(f"/invoices/einvoice/{einvoice.pk}/status/", {"code": "40", "seen": "35"})
    send(administration)
    assert "geweigerd door het platform" in head()
    assert "eConnect weigert" in head()
    assert "Opnieuw proberen" in head()


def test_the_head_says_why_the_invoice_is_rejected(
    approver: Client, einvoice: EInvoice, administration: Administration
) -> None:
    def head(language: str = "nl") -> str:
        page = text(approver, page_of(einvoice), language)
        return page.partition('class="ec-status"')[2].partition("</section>")[0]

    def choose(code: str, seen: str, reason: str = "") -> None:
        approver.post(
            f"/invoices/einvoice/{einvoice.pk}/status/", {"code": code, "seen": seen, "reason": reason}
        )

    choose("50", "30", "Prijs <b> klopt niet")
    for language, words in (("nl", "Reden van de afkeuring:"), ("en", "Reason of the rejection:")):
        assert words in head(language)
        assert "Prijs &lt;b&gt; klopt niet" in head(language)
    send(administration)
    assert "Prijs &lt;b&gt; klopt niet" in head()
    choose("35", "50")
    assert "klopt niet" not in head()
    choose("50", "35", "Dubbel gestuurd")
    assert "Dubbel gestuurd" in head()
    assert "klopt niet" not in head()


def test_the_head_gives_no_reason_of_an_earlier_rejection(approver: Client, einvoice: EInvoice) -> None:
    """It was withdrawn; who rejected it on the platform later gave none."""
    change = change_status(einvoice, "50", by="jan", reason="Verkeerde prijs")
    withdraw(change)
    einvoice.status_changes.create(
        from_code="30", to_code="50", state="found", changed_by="Els", changed_at=change.changed_at
    )
    EInvoice.objects.update(status_code="50")
    head = text(approver, page_of(einvoice)).partition('class="ec-status"')[2].partition("</section>")[0]
    assert "Afgekeurd" in head
    assert "Verkeerde prijs" not in head


def test_approving_a_pile_without_going_back_to_the_list(
    page: Page, imported: Import, person: Callable[..., User], live_server: LiveServer
) -> None:
    imported(*(invoice(f"N-{number}") for number in range(1, 4)))
    clerk = log_in(page, person(*CLERK, username="jan"), live_server)
    clerk.goto("/invoices/einvoice/?status=30")
    clerk.get_by_role("link", name="N-1").click()
    clerk.get_by_role("button", name=re.compile("Goedkeuren.*en volgende")).click()
    expect(clerk.locator(".ec-head h2")).to_have_text("N-2")
    expect(clerk.get_by_text("N-1 · Bakker Staal B.V.: De status is hier gewijzigd")).to_be_visible()
    clerk.keyboard.press("]")
    expect(clerk.locator(".ec-head h2")).to_have_text("N-3")
    clerk.keyboard.press("[")
    expect(clerk.locator(".ec-head h2")).to_have_text("N-2")
    clerk.get_by_text("Afkeuren …").click()
    clerk.get_by_role("button", name="Afkeuren en volgende").click()
    expect(clerk.locator(".ec-head h2")).to_have_text("N-2")  # the browser asks for the reason
    clerk.get_by_label("Reden; blijft bij de factuur staan").fill("Dubbel [ ]")
    clerk.get_by_role("button", name="Afkeuren en volgende").click()
    expect(clerk.locator(".ec-head h2")).to_have_text("N-3")
    clerk.get_by_role("button", name="Goedkeuren", exact=True).click()
    expect(clerk.locator("[aria-current=step]")).to_have_text("Goedgekeurd")
    codes = dict(EInvoice.objects.values_list("current__number", "status_code"))
    assert codes == {"N-1": "40", "N-2": "50", "N-3": "40"}


def test_a_reason_is_typed_at_once_and_escape_closes_what_a_button_dropped_down(
    page: Page, einvoice: EInvoice, person: Callable[..., User], live_server: LiveServer
) -> None:
    clerk = log_in(page, person(*CLERK, username="jan"), live_server)
    clerk.goto(page_of(einvoice))
    button, reason = clerk.get_by_text("Afkeuren …"), clerk.get_by_label("Reden; blijft bij de factuur staan")
    button.focus()
    clerk.keyboard.press("Enter")
    expect(reason).to_be_focused()
    clerk.keyboard.press("Escape")
    expect(reason).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(reason).to_be_focused()
    clerk.keyboard.type("Dubbel gestuurd")
    clerk.mouse.click(5, 5)
    clerk.keyboard.press("Escape")
    expect(reason).to_be_hidden()
    expect(button).to_be_focused()
    clerk.keyboard.press("Enter")
    expect(reason).to_have_value("Dubbel gestuurd")
