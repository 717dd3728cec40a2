"""Statuses that were changed elsewhere are found, once, and decided against those changed here."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from batchjobs.models import BatchjobRun
from econnect_admin.administrations.setup import setup_administration
from econnect_admin.models import Administration
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.exchange import Exchange, Misbehaviour
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice, InboxPosition, StatusChange
from invoices.statuses.changing import change_status
from tests.documents import invoice
from tests.statuses.reading import codes, counts, said, timeline

Run = Callable[[Administration], BatchjobRun]
pytestmark = pytest.mark.usefixtures("impatience")


def test_a_change_made_elsewhere_is_found_with_who_and_when(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.set_status(einvoice.external_id, "40", by="Anna de Wit")
    run = run_statuses(administration)
    assert (run.state, counts(run)) == ("succeeded", {"listed": 1, "revised": 1})
    assert codes(sandbox, einvoice) == ("40", "40")
    change = einvoice.status_changes.get()
    assert (change.from_code, change.to_code, change.state) == ("30", "40", "found")
    assert change.changed_by == "Anna de Wit"
    assert change.changed_at == sandbox.account.documents[einvoice.external_id].status_changed_on


def test_it_is_found_once_and_what_is_equal_costs_no_call(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.set_status(einvoice.external_id, "40")
    run_statuses(administration)
    asked = len(sandbox.calls)
    again = run_statuses(administration)
    assert counts(again) == {"listed": 1, "skipped": 1}
    assert sandbox.calls[asked:] == ["GetInboxDocuments"]
    assert timeline(einvoice) == [("30", "40", "found")]


def test_fetching_is_nobodys_change(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    run_statuses(administration)
    sandbox.account.revise(einvoice.external_id, invoice(payable="1.00"))
    for run in (run_statuses, run_import, run_statuses):
        run(administration)
    assert timeline(einvoice) == []
    assert codes(sandbox, einvoice) == ("30", "30")


def test_a_change_that_the_import_meets_first_is_in_the_timeline_once(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.set_status(einvoice.external_id, "40", by="Anna de Wit")
    run_import(administration)
    run_statuses(administration)
    assert timeline(einvoice) == [("30", "40", "found")]
    assert einvoice.status_changes.get().changed_by == "Anna de Wit"


def test_the_import_leaves_a_change_that_waits_alone(
    sandbox: Sandbox, administration: Administration, run_import: Run, einvoice: EInvoice
) -> None:
    change_status(einvoice, "40", by="jan")
    sandbox.account.revise(einvoice.external_id, invoice(payable="1.00"))
    assert run_import(administration).revised == 1
    assert codes(sandbox, einvoice) == ("40", "30")
    assert timeline(einvoice) == [("30", "40", "waiting")]


@pytest.fixture
def patience(impatience: None, settings: Settings) -> None:
    """The platform answers, once what is done meanwhile is done; on a busy machine that takes a while."""
    settings.ECONNECT = settings.ECONNECT | {"read_timeout": 30, "call_timeout": 60}


def meanwhile(do: Callable[[], object], *, before_the_answer: bool = False) -> Misbehaviour:
    """Something that happens while a call is under way: after the platform has carried it out, or before."""

    def misbehave(exchange: Exchange) -> None:
        answer = None if before_the_answer else exchange.proper()
        do()
        connection.close()
        answer = answer or exchange.proper()
        exchange.send(answer.status, answer.body)

    return misbehave


@pytest.mark.usefixtures("patience")
def test_the_import_does_not_undo_what_was_sent_while_it_fetched(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.revise(einvoice.external_id, invoice(payable="1.00"))

    def change_and_send() -> None:
        change_status(einvoice, "40", by="jan")
        run_statuses(administration)

    sandbox.misbehave(meanwhile(change_and_send), operation="GetInboxDocument")
    assert run_import(administration).revised == 1
    assert codes(sandbox, einvoice) == ("40", "40")
    assert timeline(einvoice) == [("30", "40", "sent")]


@pytest.mark.usefixtures("patience")
def test_the_import_decides_nothing_about_a_change_that_is_being_sent(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    change_status(einvoice, "40", by="jan")

    def change_elsewhere_and_import() -> None:
        sandbox.account.set_status(einvoice.external_id, "50")
        run_import(administration)

    while_sending = meanwhile(change_elsewhere_and_import, before_the_answer=True)
    sandbox.misbehave(while_sending, operation="SetInboxDocumentStatus")
    assert run_statuses(administration).state == "succeeded"
    assert codes(sandbox, einvoice) == ("40", "40")
    assert timeline(einvoice) == [("30", "40", "sent")]


@pytest.mark.usefixtures("patience")
def test_an_answer_that_was_overtaken_by_the_import_changes_nothing(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.set_status(einvoice.external_id, "40")

    def change_again_and_import() -> None:
        sandbox.account.set_status(einvoice.external_id, "60")
        run_import(administration)

    sandbox.misbehave(meanwhile(change_again_and_import), operation="GetInboxDocumentStatus")
    run_statuses(administration)
    assert codes(sandbox, einvoice) == ("60", "60")
    assert timeline(einvoice) == [("30", "60", "found")]


@pytest.mark.usefixtures("patience")
def test_both_jobs_at_the_same_time_keep_each_others_watermarks(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.add(invoice("second"))
    sandbox.misbehave(meanwhile(lambda: run_statuses(administration)), operation="GetInboxDocument")
    assert run_import(administration).new == 1
    assert InboxPosition.objects.get().statuses_on


def test_a_status_set_back_elsewhere_is_found_and_fetching_it_again_is_not(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.set_status(einvoice.external_id, "10")
    for run in (run_statuses, run_import, run_statuses):
        run(administration)
    assert codes(sandbox, einvoice) == ("30", "30")
    assert timeline(einvoice) == [("30", "10", "found")]


def test_a_revision_noticed_on_the_way_is_left_to_the_import(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.revise(einvoice.external_id, invoice(payable="1.00"))
    sandbox.account.set_status(einvoice.external_id, "40")
    run_statuses(administration)
    assert run_import(administration).revised == 1
    assert (einvoice.versions.count(), codes(sandbox, einvoice)) == (2, ("40", "40"))


def test_changed_here_and_later_elsewhere_the_one_elsewhere_wins(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    change_status(einvoice, "40", by="jan")
    change_status(einvoice, "60", by="jan")
    sandbox.account.set_status(einvoice.external_id, "50", by="Anna de Wit")
    run = run_statuses(administration)
    assert codes(sandbox, einvoice) == ("50", "50")
    assert sandbox.account.status_changes == []
    assert timeline(einvoice) == [("30", "40", "overruled"), ("40", "60", "overruled"), ("30", "50", "found")]
    assert "overruled" in said(run)


def test_changed_elsewhere_and_later_here_the_one_here_wins(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.set_status(einvoice.external_id, "50", by="Anna de Wit")
    change_status(einvoice, "40", by="jan")
    run_statuses(administration)
    run_statuses(administration)
    assert codes(sandbox, einvoice) == ("40", "40")
    assert sandbox.account.status_changes == [(einvoice.external_id, "40")]
    assert timeline(einvoice) == [("50", "40", "sent"), ("30", "50", "overruled")]


def test_what_was_changed_before_and_after_the_one_elsewhere_is_decided_one_by_one(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    change_status(einvoice, "40", by="jan")
    sandbox.account.set_status(einvoice.external_id, "50", by="Anna de Wit")
    change_status(einvoice, "60", by="jan")
    run_statuses(administration)
    assert codes(sandbox, einvoice) == ("60", "60")
    assert sandbox.account.status_changes == [(einvoice.external_id, "60")]
    assert timeline(einvoice) == [("30", "40", "overruled"), ("50", "60", "sent"), ("30", "50", "overruled")]


def test_the_same_change_on_both_sides_is_sent_by_nobody(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    change_status(einvoice, "40", by="jan")
    sandbox.account.set_status(einvoice.external_id, "40", by="Anna de Wit")
    run_statuses(administration)
    assert sandbox.account.status_changes == []
    assert timeline(einvoice) == [("30", "40", "sent")]


def test_a_change_elsewhere_overrules_what_was_refused(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    change_status(einvoice, "40", by="jan")
    sandbox.misbehave(ways.fault("ERRSID4000002"), operation="SetInboxDocumentStatus")
    run_statuses(administration)
    sandbox.account.set_status(einvoice.external_id, "60")
    run_statuses(administration)
    assert timeline(einvoice) == [("30", "40", "overruled"), ("30", "60", "found")]
    assert codes(sandbox, einvoice) == ("60", "60")


@pytest.mark.parametrize("ahead", [timedelta(minutes=5), timedelta(minutes=-5), timedelta(hours=2)])
def test_a_platform_whose_clock_is_off_overrules_nothing_and_loses_nothing(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, ahead: timedelta
) -> None:
    sandbox.account.clock_ahead = ahead
    sandbox.account.add(invoice())
    run_import(administration)
    einvoice = EInvoice.objects.get()
    for code in ("35", "40"):
        change_status(einvoice, code, by="jan")
        run_statuses(administration)
        assert codes(sandbox, einvoice) == (code, code)
    for code in ("60", "70"):
        sandbox.account.set_status(einvoice.external_id, code)
        run_statuses(administration)
        assert codes(sandbox, einvoice) == (code, code)
    assert [state for _, _, state in timeline(einvoice)] == ["sent", "sent", "found", "found"]


def test_changes_on_many_pages_are_all_found(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run
) -> None:
    names = [sandbox.account.add(invoice(str(number))) for number in range(250)]
    run_import(administration)
    for external_id in names[::5]:
        sandbox.account.set_status(external_id, "40")
    run = run_statuses(administration)
    assert counts(run) == {"listed": 250, "revised": 50, "skipped": 200}
    assert EInvoice.objects.filter(status_code="40").count() == 50
    assert StatusChange.objects.count() == 50


def test_a_document_that_is_not_here_is_left_to_the_import(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run
) -> None:
    external_id = sandbox.account.add(invoice())
    sandbox.account.set_status(external_id, "40")
    run = run_statuses(administration)
    assert (run.state, run.revised, sandbox.calls_of("GetInboxDocumentStatus")) == ("succeeded", 0, 0)
    run_import(administration)
    run_statuses(administration)
    einvoice = EInvoice.objects.get()
    assert (einvoice.status_code, timeline(einvoice)) == ("40", [])


def test_both_jobs_keep_their_own_watermarks(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    imported = InboxPosition.objects.get()
    assert (imported.created_on is not None, imported.statuses_on) == (True, None)
    run_statuses(administration)
    compared = InboxPosition.objects.get()
    assert compared.statuses_on is not None
    assert (compared.created_on, compared.modified_on) == (imported.created_on, imported.modified_on)
    run_import(administration)
    assert InboxPosition.objects.get().statuses_on == compared.statuses_on


def test_another_inbox_is_compared_from_its_beginning(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    run_statuses(administration)
    EInvoice.objects.update(received_at=datetime.now(UTC) - timedelta(days=30))
    InboxPosition.objects.update(statuses_on=datetime.now(UTC) + timedelta(days=20))
    sandbox.account.set_status(einvoice.external_id, "40")
    assert run_statuses(administration).revised == 0, "the watermark lies beyond it"
    setup_administration("REF", access_url=sandbox.access_url + "&other=1")
    assert run_statuses(Administration.objects.get()).revised == 1
    position = InboxPosition.objects.get()
    assert (position.created_on, position.modified_on) == (None, None)
    assert position.statuses_on
    assert position.statuses_on < datetime.now(UTC)
