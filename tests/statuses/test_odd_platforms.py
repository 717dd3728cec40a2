"""What the platform says of statuses, and does not, when it is not at its best."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from batchjobs.models import BatchjobRun
from econnect_admin.models import Administration
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.exchange import Exchange
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice, InboxPosition, StatusChange
from invoices.statuses.changing import change_status
from tests.documents import invoice
from tests.statuses.reading import codes, said, timeline

Run = Callable[[Administration], BatchjobRun]
pytestmark = pytest.mark.usefixtures("impatience")


def test_a_platform_that_does_not_say_when_gives_way_to_a_person_here(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    change_status(einvoice, "40", by="jan")
    sandbox.account.set_status(einvoice.external_id, "50")
    no_moment = ways.edited(rb"<ChangedOn>.*?</ChangedOn>", b"")
    sandbox.misbehave(no_moment, operation="GetInboxDocumentStatus", times=None)
    run_statuses(administration)
    assert codes(sandbox, einvoice) == ("40", "40")
    assert timeline(einvoice) == [("50", "40", "sent"), ("30", "50", "overruled")]


def test_a_list_that_breaks_off_in_the_middle_is_read_again(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run
) -> None:
    names = [sandbox.account.add(invoice(str(number))) for number in range(150)]
    run_import(administration)
    sandbox.account.set_status(names[0], "40")
    sandbox.account.set_status(names[-1], "40")

    def second_page_fails(exchange: Exchange) -> None:
        if exchange.call.text("Paging", "StartPage"):
            ways.service_unavailable(exchange)
        else:
            answer = exchange.proper()
            exchange.send(answer.status, answer.body)

    sandbox.misbehave(second_page_fails, operation="GetInboxDocuments", times=None)
    run = run_statuses(administration)
    assert (run.state, run.revised) == ("failed", 1)
    assert InboxPosition.objects.get().statuses_on is None
    sandbox.behave()
    assert run_statuses(administration).revised == 1
    assert StatusChange.objects.count() == EInvoice.objects.filter(status_code="40").count() == 2


def test_a_question_that_is_not_answered_is_asked_again_by_the_next_run(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    run_statuses(administration)
    before = InboxPosition.objects.get().statuses_on
    sandbox.account.set_status(einvoice.external_id, "40")
    sandbox.misbehave(ways.service_unavailable, operation="GetInboxDocumentStatus", times=None)
    run = run_statuses(administration)
    assert (run.state, run.failed) == ("partly failed", 1)
    assert InboxPosition.objects.get().statuses_on == before
    sandbox.behave()
    assert run_statuses(administration).revised == 1
    assert codes(sandbox, einvoice) == ("40", "40")


def test_where_the_platform_refuses_to_say_who_its_list_is_believed(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.set_status(einvoice.external_id, "40")
    sandbox.misbehave(ways.fault("ERRZZZ1"), operation="GetInboxDocumentStatus", times=None)
    assert run_statuses(administration).state == "succeeded"
    assert codes(sandbox, einvoice) == ("40", "40")


def test_a_status_code_that_nobody_knows_is_taken_as_it_is(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.set_status(einvoice.external_id, "99")
    assert run_statuses(administration).state == "succeeded"
    assert codes(sandbox, einvoice) == ("99", "99")


@pytest.mark.parametrize("code", ["", "9" * 21])
def test_what_is_no_status_is_said_and_changes_nothing(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice, code: str
) -> None:
    sandbox.account.set_status(einvoice.external_id, code)
    run = run_statuses(administration)
    assert run.state == "partly failed"
    assert "which is no status" in said(run)
    einvoice.refresh_from_db()
    assert einvoice.status_code == "30"


def test_what_is_no_status_holds_up_no_other_document(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice
) -> None:
    run_statuses(administration)
    before = InboxPosition.objects.get().statuses_on
    sandbox.account.set_status(einvoice.external_id, "")
    run_statuses(administration)
    position = InboxPosition.objects.get()
    assert before
    assert position.statuses_on
    assert position.statuses_on > before


def test_an_old_change_on_a_document_dated_in_the_future_hides_no_later_one(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run, einvoice: EInvoice
) -> None:
    sandbox.account.add(invoice("future"), modified_on=datetime.now(UTC) + timedelta(days=400))
    run_import(administration)
    run_statuses(administration)
    sandbox.account.set_status(einvoice.external_id, "40")
    documents = sandbox.account.documents
    documents[einvoice.external_id] = replace(
        documents[einvoice.external_id], modified_on=datetime.now(UTC), status_changed_on=datetime.now(UTC)
    )
    run_statuses(administration)
    assert codes(sandbox, einvoice) == ("40", "40")
