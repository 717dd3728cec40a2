"""Statuses that were changed here reach the platform: each once, in order."""

from collections.abc import Callable
from dataclasses import replace
from subprocess import CompletedProcess

import pytest
from pytest_django.fixtures import Settings

from batchjobs.models import BatchjobRun
from econnect_admin.administrations.setup import setup_administration
from econnect_admin.models import Administration
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.server import Sandbox
from econnect_admin.wording import Wording
from invoices.models import EInvoice, StatusChange
from invoices.statuses.changing import (
    AlreadySo,
    CannotChange,
    NotAllowed,
    NotRefused,
    NotWithdrawable,
    ReasonMissing,
    change_status,
    retry,
    withdraw,
)
from tests.conftest import json_of
from tests.documents import invoice
from tests.statuses.reading import COUNTS, codes, counts, said, timeline

Run = Callable[[Administration], BatchjobRun]


@pytest.fixture(autouse=True)
def impatience(settings: Settings) -> None:
    settings.ECONNECT = settings.ECONNECT | {"read_timeout": 0.5, "call_timeout": 1.5, "first_pause": 0.001}


def allow(sandbox: Sandbox, einvoice: EInvoice, *allowed: str) -> None:
    """What the platform allows from now on, without our knowing."""
    documents = sandbox.account.documents
    documents[einvoice.external_id] = replace(documents[einvoice.external_id], statuses=allowed)


def test_a_change_is_seen_at_once_and_sent_by_the_next_run(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    change = change_status(einvoice, "40", by="jan")
    assert codes(sandbox, einvoice) == ("40", "30")
    run = run_statuses(administration)
    assert (run.state, counts(run)) == ("succeeded", {"listed": 2, "new": 1, "skipped": 1})
    assert codes(sandbox, einvoice) == ("40", "40")
    change.refresh_from_db()
    assert (change.state, change.changed_by) == ("sent", "jan")
    assert change.settled_at


def test_changes_go_in_the_order_in_which_they_were_made(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.add(invoice("second"))
    run_import(administration)
    second = EInvoice.objects.exclude(pk=einvoice.pk).get()
    for one, code in ((einvoice, "35"), (second, "40"), (einvoice, "40"), (second, "60"), (einvoice, "35")):
        change_status(one, code, by="jan")
    run_statuses(administration)
    first, other = einvoice.external_id, second.external_id
    assert sandbox.account.status_changes == [
        (first, "35"),
        (other, "40"),
        (first, "40"),
        (other, "60"),
        (first, "35"),
    ]


def test_two_runs_after_each_other_send_nothing_twice(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    change_status(einvoice, "40", by="jan")
    run_statuses(administration)
    again = run_statuses(administration)
    assert sandbox.account.status_changes == [(einvoice.external_id, "40")]
    assert counts(again) == {"listed": 1, "skipped": 1}
    assert timeline(einvoice) == [("30", "40", "sent")]


@pytest.mark.parametrize(
    ("code", "reason", "error"),
    [
        ("05", "", NotAllowed),
        ("41", "", NotAllowed),
        ("30", "", AlreadySo),
        ("50", "", ReasonMissing),
        ("50", "  ", ReasonMissing),
    ],
)
def test_what_cannot_be_is_refused_at_once_in_words(
    einvoice: EInvoice, code: str, reason: str, error: type[CannotChange]
) -> None:
    with pytest.raises(error) as caught:
        change_status(einvoice, code, by="jan", reason=reason)
    assert str(caught.value)
    einvoice.refresh_from_db()
    assert (einvoice.status_code, timeline(einvoice)) == ("30", [])


def test_a_rejection_keeps_its_reason(einvoice: EInvoice) -> None:
    change_status(einvoice, "50", by="jan", reason="Wrong order number")
    assert einvoice.status_changes.get().reason == "Wrong order number"


def test_a_refused_change_says_why_and_the_status_is_the_platforms_again(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    allow(sandbox, einvoice, "30")
    change = change_status(einvoice, "40", by="jan")
    run = run_statuses(administration)
    assert (run.state, run.failed) == ("partly failed", 1)
    assert codes(sandbox, einvoice) == ("30", "30")
    change.refresh_from_db()
    assert change.state == "refused"
    answer = change.answer or {}
    assert answer["values"]["code"] == "ERRSID4000002"
    assert "Status 40 is not allowed" in str(Wording(answer["message"], answer["values"]))
    assert "ERRSID4000002" in said(run)
    again = run_statuses(administration)
    assert (again.state, sandbox.calls_of("SetInboxDocumentStatus")) == ("succeeded", 1)


def test_a_refused_change_stops_the_later_ones_of_its_document_only(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.add(invoice("second"))
    run_import(administration)
    second = EInvoice.objects.exclude(pk=einvoice.pk).get()
    allow(sandbox, einvoice, "60")
    change_status(einvoice, "40", by="jan")
    change_status(einvoice, "60", by="jan")
    change_status(second, "40", by="jan")
    run_statuses(administration)
    run_statuses(administration)
    assert sandbox.account.status_changes == [(second.external_id, "40")]
    assert timeline(einvoice) == [("30", "40", "refused"), ("40", "60", "waiting")]
    assert codes(sandbox, einvoice) == ("30", "30")


@pytest.fixture
def refused(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> StatusChange:
    """30 → 40 was refused; 40 → 60 waits for what becomes of it. The platform would allow them now."""
    allow(sandbox, einvoice, "60")
    change = change_status(einvoice, "40", by="jan")
    change_status(einvoice, "60", by="jan")
    run_statuses(administration)
    allow(sandbox, einvoice, "30", "35", "40", "60")
    change.refresh_from_db()
    return change


def test_a_retried_change_is_sent_and_what_waited_for_it_follows(
    sandbox: Sandbox,
    administration: Administration,
    run_statuses: Run,
    einvoice: EInvoice,
    refused: StatusChange,
) -> None:
    retry(refused)
    assert codes(sandbox, einvoice) == ("60", "30")
    run_statuses(administration)
    assert [code for _, code in sandbox.account.status_changes] == ["40", "60"]
    assert timeline(einvoice) == [("30", "40", "sent"), ("40", "60", "sent")]
    assert codes(sandbox, einvoice) == ("60", "60")


def test_a_withdrawn_change_is_not_sent_and_what_waited_for_it_follows(
    sandbox: Sandbox,
    administration: Administration,
    run_statuses: Run,
    einvoice: EInvoice,
    refused: StatusChange,
) -> None:
    withdraw(refused)
    assert codes(sandbox, einvoice) == ("60", "30")
    run_statuses(administration)
    assert [code for _, code in sandbox.account.status_changes] == ["60"]
    assert timeline(einvoice) == [("30", "40", "withdrawn"), ("30", "60", "sent")]


def test_another_decision_overrules_what_was_refused_and_what_waited_for_it(
    sandbox: Sandbox,
    administration: Administration,
    run_statuses: Run,
    einvoice: EInvoice,
    refused: StatusChange,
) -> None:
    change_status(einvoice, "35", by="piet")
    run_statuses(administration)
    assert [code for _, code in sandbox.account.status_changes] == ["35"]
    assert timeline(einvoice) == [
        ("30", "40", "overruled"),
        ("40", "60", "overruled"),
        ("30", "35", "sent"),
    ]


def test_a_change_that_waits_can_be_withdrawn(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    first = change_status(einvoice, "35", by="jan")
    change_status(einvoice, "40", by="jan")
    last = change_status(einvoice, "60", by="jan")
    withdraw(last)
    withdraw(first)
    assert codes(sandbox, einvoice) == ("40", "30")
    run_statuses(administration)
    assert [code for _, code in sandbox.account.status_changes] == ["40"]
    assert timeline(einvoice) == [
        ("30", "35", "withdrawn"),
        ("30", "40", "sent"),
        ("40", "60", "withdrawn"),
    ]


def test_what_was_sent_can_be_neither_retried_nor_withdrawn(
    administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    change = change_status(einvoice, "40", by="jan")
    with pytest.raises(NotRefused):
        retry(change)
    run_statuses(administration)
    with pytest.raises(NotRefused):
        retry(change)
    with pytest.raises(NotWithdrawable):
        withdraw(change)


def test_what_may_have_arrived_cannot_be_withdrawn(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    change = change_status(einvoice, "40", by="jan")
    sandbox.misbehave(ways.cut_before_answer, operation="SetInboxDocumentStatus")
    run_statuses(administration)
    with pytest.raises(NotWithdrawable):
        withdraw(change)


ON_THE_WAY = {
    "cut before it is heard": ways.cut_unheard,
    "carried out, and cut before the answer": ways.cut_before_answer,
    "carried out, and cut in the middle": ways.cut_in_the_middle,
    "a page of a proxy": ways.html_page,
    "503": ways.service_unavailable,
    "a hang": ways.hang,
    "broken XML": ways.truncated_xml,
    "a fault for later": ways.fault("ERRIER8000006"),
}


@pytest.mark.parametrize("way", ON_THE_WAY)
def test_what_fails_on_the_way_is_sent_once_in_the_end(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice, way: str
) -> None:
    change_status(einvoice, "40", by="jan")
    change_status(einvoice, "60", by="jan")
    sandbox.misbehave(ON_THE_WAY[way], operation="SetInboxDocumentStatus", times=None)
    run = run_statuses(administration)
    assert (run.state, run.failed) == ("partly failed", 1)
    assert codes(sandbox, einvoice)[0] == "60", "the change stays, and is sent by the next run"
    sandbox.behave()
    run = run_statuses(administration)
    assert run.state == "succeeded"
    assert [code for _, code in sandbox.account.status_changes] == ["40", "60"]
    assert timeline(einvoice) == [("30", "40", "sent"), ("40", "60", "sent")]


@pytest.mark.parametrize("way", ON_THE_WAY)
def test_what_cannot_be_compared_is_not_sent(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice, way: str
) -> None:
    change_status(einvoice, "40", by="jan")
    sandbox.misbehave(ON_THE_WAY[way], operation="GetInboxDocumentStatus", times=None)
    assert run_statuses(administration).state == "partly failed"
    assert timeline(einvoice) == [("30", "40", "waiting")]
    sandbox.behave()
    assert run_statuses(administration).state == "succeeded"
    assert sandbox.account.status_changes == [(einvoice.external_id, "40")]


def test_a_platform_that_is_gone_ends_the_run_and_the_next_one_goes_on(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run
) -> None:
    for number in range(15):
        sandbox.account.add(invoice(str(number)))
    run_import(administration)
    for einvoice in EInvoice.objects.order_by("pk"):
        change_status(einvoice, "40", by="jan")
    documents = sorted(sandbox.account.documents)
    for external_id in documents[5:]:
        sandbox.misbehave(ways.service_unavailable, external_id=external_id, times=None)
    run = run_statuses(administration)
    assert (run.state, run.new) == ("failed", 5)
    assert "HTTP 503" in said(run)
    sandbox.behave()
    assert run_statuses(administration).new == 10
    assert sorted(sandbox.account.status_changes) == [(external_id, "40") for external_id in documents]


@pytest.mark.parametrize("code", ["ERRPRO1000002", "ERRIAU6000007", "ERRCDO4000041"])
def test_what_needs_a_person_ends_the_run_and_the_change_waits(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice, code: str
) -> None:
    change_status(einvoice, "40", by="jan")
    sandbox.misbehave(ways.fault(code), operation="SetInboxDocumentStatus", times=None)
    called = len(sandbox.calls)
    run = run_statuses(administration)
    assert (run.state, len(sandbox.calls) - called) == ("failed", 2)
    assert code in said(run)
    assert timeline(einvoice) == [("30", "40", "waiting")]


def test_a_document_that_the_platform_has_no_more_is_refused_with_its_reason(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    change = change_status(einvoice, "40", by="jan")
    sandbox.misbehave(ways.fault("ERRGID4000001"), operation="GetInboxDocumentStatus", times=None)
    assert run_statuses(administration).state == "partly failed"
    change.refresh_from_db()
    assert (change.state, (change.answer or {})["values"]["code"]) == ("refused", "ERRGID4000001")


def test_what_may_have_arrived_is_not_called_refused_because_it_cannot_be_compared(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    change_status(einvoice, "40", by="jan")
    sandbox.misbehave(ways.cut_before_answer, operation="SetInboxDocumentStatus")
    run_statuses(administration)
    sandbox.misbehave(ways.fault("ERRGID4000001"), operation="GetInboxDocumentStatus")
    assert run_statuses(administration).state == "partly failed"
    assert timeline(einvoice) == [("30", "40", "sending")]
    run_statuses(administration)
    assert timeline(einvoice) == [("30", "40", "sent")]
    assert sandbox.account.status_changes == [(einvoice.external_id, "40")]


def test_the_command_line_runs_it_and_tells_the_counts(
    administration: Administration, einvoice: EInvoice, manage: Callable[..., CompletedProcess[str]]
) -> None:
    change_status(einvoice, "40", by="jan")
    result = manage("run_batchjob", "statuses", "--administration", "REF", "--json")
    answer = json_of(result)
    assert (result.returncode, answer["state"], answer["error"]) == (0, "succeeded", None)
    assert [answer[name] for name in COUNTS] == [2, 1, 0, 1, 0]


def test_v3_works_the_same(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    setup_administration("REF", access_url=sandbox.access_url_v3, namespace=sandbox.namespace_v3)
    administration = Administration.objects.get()
    change_status(einvoice, "40", by="jan")
    assert run_statuses(administration).state == "succeeded"
    assert codes(sandbox, einvoice) == ("40", "40")
    sandbox.account.set_status(einvoice.external_id, "60")
    assert run_statuses(administration).revised == 1
    assert codes(sandbox, einvoice) == ("60", "60")
