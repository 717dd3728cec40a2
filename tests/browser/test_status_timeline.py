"""The status of an e-invoice: what became of its changes, and changing it, on its page."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.utils.html import strip_tags

from batchjobs.models import Batchjob
from batchjobs.running import execute, request_run
from econnect_admin.models import Administration, User
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice
from invoices.statuses.changing import change_status
from tests.browser.conftest import VIEW_ALL, Import
from tests.browser.test_failures_and_runs import text
from tests.documents import invoice


@pytest.fixture
def einvoice(imported: Import) -> EInvoice:
    """Imported: its status is 30, Gedownload, on both sides."""
    imported(invoice())
    return EInvoice.objects.get()


@pytest.fixture
def approver(client: Client, person: Callable[..., User]) -> Client:
    client.force_login(person(*VIEW_ALL, "invoices.change_einvoice", username="jan"))
    return client


def page_of(einvoice: EInvoice) -> str:
    return f"/invoices/einvoice/{einvoice.pk}/change/"


def card(client: Client, einvoice: EInvoice, language: str = "nl") -> str:
    """The timeline as one reads it."""
    page = text(client, page_of(einvoice), language)
    return " ".join(
        strip_tags(page.partition('<section id="timeline">')[2].partition("</section>")[0]).split()
    )


def choose(client: Client, einvoice: EInvoice, code: str, seen: str = "30", reason: str = "") -> str:
    """Fill in the form; gives the page that one comes on, as text."""
    values = {"code": code, "seen": seen, "reason": reason}
    response = client.post(f"/invoices/einvoice/{einvoice.pk}/status/", values, follow=True)
    assert response.status_code == 200
    return strip_tags(response.content.decode())


def press(client: Client, einvoice: EInvoice, button: str) -> str:
    newest = einvoice.status_changes.latest("pk")
    address = f"/invoices/einvoice/{einvoice.pk}/status/{newest.pk}/{button}/"
    return strip_tags(client.post(address, follow=True).content.decode())


def send(administration: Administration) -> None:
    batchjob, _ = Batchjob.objects.get_or_create(administration=administration, type="statuses")
    execute(request_run(batchjob, started_by="test").pk)


def states(einvoice: EInvoice) -> list[tuple[str, str, str]]:
    return [(c.from_code, c.to_code, c.state) for c in einvoice.status_changes.order_by("pk")]


def test_a_status_is_chosen_and_reaches_the_platform(
    approver: Client, sandbox: Sandbox, administration: Administration, einvoice: EInvoice
) -> None:
    choose(approver, einvoice, "50", reason="Prijs klopt niet")
    said = card(approver, einvoice)
    assert "Gedownload → Afgekeurd" in said
    assert "jan" in said
    assert "Prijs klopt niet" in said
    assert "wacht op verzending" in said
    send(administration)
    assert sandbox.account.documents[einvoice.external_id].status_code == "50"
    assert "verzonden" in card(approver, einvoice)
    assert "sent" in card(approver, einvoice, "en")


def test_only_what_the_document_allows_and_has_not_is_offered(approver: Client, einvoice: EInvoice) -> None:
    EInvoice.objects.update(allowed_statuses=[{"code": code, "name": ""} for code in ("30", "40", "50")])
    page = text(approver, page_of(einvoice))
    assert re.findall('name="code" value="(.*?)"', page) == ["40", "50"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"code": "50"}, "Give a reason: a rejection needs one."),
        ({"code": "99"}, "eConnect does not allow the status 99 for this document."),
        ({"code": ""}, "Choose a status"),
        ({"code": "50", "reason": "a\0b"}, "Choose a status"),
        ({"code": "50", "reason": "a" * 1001}, "at most 1000 characters"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    approver: Client, einvoice: EInvoice, values: dict[str, str], words: str
) -> None:
    approver.cookies["django_language"] = "en"
    assert words in choose(approver, einvoice, **values)
    assert states(einvoice) == []


def test_a_form_that_is_sent_twice_changes_once(approver: Client, einvoice: EInvoice) -> None:
    choose(approver, einvoice, "40")
    approver.cookies["django_language"] = "en"
    assert "The document has the status Approved already." in choose(approver, einvoice, "40")
    assert states(einvoice) == [("30", "40", "waiting")]


def test_who_did_not_see_the_status_does_not_change_it(approver: Client, einvoice: EInvoice) -> None:
    change_status(EInvoice.objects.get(), "40", by="piet")
    approver.cookies["django_language"] = "en"
    assert "The status has become Approved meanwhile" in choose(approver, einvoice, "50", reason="Te duur")
    assert states(einvoice) == [("30", "40", "waiting")]


def test_a_refused_change_says_why_and_is_retried(
    approver: Client, sandbox: Sandbox, administration: Administration, einvoice: EInvoice
) -> None:
    document = sandbox.account.documents[einvoice.external_id]
    sandbox.account.documents[einvoice.external_id] = replace(document, statuses=("30",))
    choose(approver, einvoice, "40")
    send(administration)
    assert "geweigerd door het platform" in card(approver, einvoice)
    assert "weigert" in card(approver, einvoice)
    press(approver, einvoice, "retry")
    assert states(einvoice) == [("30", "40", "waiting")]
    approver.cookies["django_language"] = "en"
    assert "Only a status change that eConnect refused can be retried." in press(approver, einvoice, "retry")


def test_a_waiting_change_is_withdrawn_once(approver: Client, einvoice: EInvoice) -> None:
    choose(approver, einvoice, "40")
    press(approver, einvoice, "withdraw")
    assert states(einvoice) == [("30", "40", "withdrawn")]
    assert "ingetrokken" in card(approver, einvoice)
    approver.cookies["django_language"] = "en"
    assert "A status change can be withdrawn while" in press(approver, einvoice, "withdraw")


def test_a_change_of_another_document_is_not_found(
    approver: Client, imported: Import, einvoice: EInvoice
) -> None:
    change = change_status(EInvoice.objects.get(), "40", by="piet")
    imported(invoice("other"))
    other = EInvoice.objects.exclude(pk=einvoice.pk).get()
    address = f"/invoices/einvoice/{other.pk}/status/{change.pk}/withdraw/"
    assert approver.post(address).status_code == 404


def test_who_may_only_look_sees_the_timeline_and_changes_nothing(reader: Client, einvoice: EInvoice) -> None:
    change = change_status(EInvoice.objects.get(), "40", by="piet")
    page = text(reader, page_of(einvoice))
    assert "piet" in card(reader, einvoice)
    assert f"/invoices/einvoice/{einvoice.pk}/status/" not in page
    base = f"/invoices/einvoice/{einvoice.pk}/status/"
    for address in (base, f"{base}{change.pk}/retry/", f"{base}{change.pk}/withdraw/"):
        assert reader.post(address, {"code": "60", "seen": "40"}).status_code == 403
    assert states(einvoice) == [("30", "40", "waiting")]


def test_a_link_changes_no_status(approver: Client, einvoice: EInvoice) -> None:
    change = change_status(EInvoice.objects.get(), "40", by="piet")
    base = f"/invoices/einvoice/{einvoice.pk}/status/"
    for address in (base, f"{base}{change.pk}/retry/", f"{base}{change.pk}/withdraw/"):
        assert approver.get(address).status_code == 405


def test_the_way_back_is_kept(approver: Client, einvoice: EInvoice) -> None:
    kept = "?_changelist_filters=q%3D2026"
    assert f"/status/{kept}" in text(approver, page_of(einvoice) + kept)
    response = approver.post(f"/invoices/einvoice/{einvoice.pk}/status/{kept}", {"code": "40", "seen": "30"})
    assert response["Location"] == f"{page_of(einvoice)}{kept}"


def test_the_reason_of_somebody_disturbs_nothing(approver: Client, einvoice: EInvoice) -> None:
    choose(approver, einvoice, "50", reason="<script>alert(1)</script>\u202egnp.exe")
    page = text(approver, page_of(einvoice))
    assert "<script>alert(1)" not in page
    assert "⟨U+202E⟩gnp.exe" in page
