"""A worker that is killed at any moment sends every status change, and none twice."""

import random
import time
from collections import Counter
from collections.abc import Callable

import psutil
import pytest
from django.utils import timezone

from batchjobs.jobs import enqueue
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.running import request_run, request_stop
from econnect_admin.models import Administration
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.exchange import Exchange
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice, StatusChange
from invoices.statuses.changing import change_status
from tests.conftest import kill, kill_with_children, wait_until
from tests.documents import invoice
from tests.statuses.conftest import batchjob_of

StartWorker = Callable[..., psutil.Process]
Run = Callable[[Administration], BatchjobRun]

CODES = ("35", "40", "60")
DOCUMENTS = 20
KILLS = 6


def start_run(administration: Administration) -> BatchjobRun:
    run = request_run(batchjob_of(administration, Batchjob.Type.UPDATE_E_INVOICE_STATUSES), "test")
    enqueue(run)
    return run


def has_ended(run: BatchjobRun) -> bool:
    run.refresh_from_db()
    return run.state not in BatchjobRun.ACTIVE


def sent() -> int:
    return StatusChange.objects.filter(state="sent").count()


@pytest.mark.timeout(240)
def test_sixty_changes_arrive_once_each_and_in_order_after_six_kills(
    sandbox: Sandbox, administration: Administration, run_import: Run, start_worker: StartWorker
) -> None:
    for number in range(DOCUMENTS):
        sandbox.account.add(invoice(str(number)))
    run_import(administration)
    einvoices = list(EInvoice.objects.order_by("pk"))
    for code in CODES:
        for einvoice in einvoices:
            change_status(einvoice, code, by="jan")
    for operation in ("SetInboxDocumentStatus", "GetInboxDocumentStatus"):
        sandbox.misbehave(ways.slow(0.02), operation=operation, times=None)
    moments = random.Random(20261124)
    worker = start_worker(ECONNECT_CALL_TIMEOUT="1")  # so long a change that was cut off is waited for
    states_found = Counter[str]()
    left = []
    for _ in range(KILLS):
        called = sandbox.calls_of("SetInboxDocumentStatus")
        start_run(administration)
        wait_until(lambda: sandbox.calls_of("SetInboxDocumentStatus") > called)  # noqa: B023
        time.sleep(moments.uniform(0, 0.25))
        left.append(DOCUMENTS * len(CODES) - sent())
        if moments.random() < 0.5:
            kill(worker.children())
        else:
            kill_with_children(worker)
            worker = start_worker(ECONNECT_CALL_TIMEOUT="1")
        states_found.update(StatusChange.objects.values_list("state", flat=True))
    last = start_run(administration)
    wait_until(lambda: has_ended(last), seconds=60)
    assert last.state == "succeeded"
    assert sum(1 for changes in left if changes) >= KILLS / 2, f"the kills came too late: {left}"
    assert states_found["sending"], "no kill came between sending a change and knowing that it arrived"
    arrived: dict[str, list[str]] = {einvoice.external_id: [] for einvoice in einvoices}
    for external_id, code in sandbox.account.status_changes:
        arrived[external_id].append(code)
    assert all(codes == list(CODES) for codes in arrived.values()), arrived
    assert sent() == StatusChange.objects.count() == DOCUMENTS * len(CODES)
    assert sum(BatchjobRun.objects.filter(batchjob=last.batchjob).values_list("new", flat=True)) == sent()
    assert set(EInvoice.objects.values_list("status_code", flat=True)) == {"60"}


def test_a_change_that_was_cut_off_after_it_arrived_is_not_sent_again(
    sandbox: Sandbox, administration: Administration, einvoice: EInvoice, start_worker: StartWorker
) -> None:
    change_status(einvoice, "40", by="jan")
    worker = start_worker()

    def die_before_the_answer(exchange: Exchange) -> None:
        exchange.proper()
        kill_with_children(worker)

    sandbox.misbehave(die_before_the_answer, operation="SetInboxDocumentStatus")
    start_run(administration)
    wait_until(lambda: not worker.is_running())
    assert einvoice.status_changes.get().state == "sending"
    start_worker(ECONNECT_CALL_TIMEOUT="1")
    again = start_run(administration)
    wait_until(lambda: has_ended(again))
    assert (again.state, again.new) == ("succeeded", 1)
    assert sandbox.account.status_changes == [(einvoice.external_id, "40")]
    assert einvoice.status_changes.get().state == "sent"


def test_a_change_that_was_cut_off_before_it_arrived_is_sent(
    sandbox: Sandbox, administration: Administration, einvoice: EInvoice, start_worker: StartWorker
) -> None:
    change_status(einvoice, "40", by="jan")
    worker = start_worker()
    sandbox.misbehave(lambda _exchange: kill_with_children(worker), operation="SetInboxDocumentStatus")
    start_run(administration)
    wait_until(lambda: not worker.is_running())
    assert sandbox.account.status_changes == []
    start_worker(ECONNECT_CALL_TIMEOUT="1")
    again = start_run(administration)
    wait_until(lambda: has_ended(again))
    assert sandbox.account.status_changes == [(einvoice.external_id, "40")]
    assert einvoice.status_changes.get().state == "sent"


@pytest.mark.parametrize("how", ["stopped", "told to end", "killed"])
def test_whatever_ends_the_run_while_the_platform_is_slow_to_take_a_change_it_arrives_once(
    sandbox: Sandbox,
    administration: Administration,
    einvoice: EInvoice,
    start_worker: StartWorker,
    how: str,
) -> None:
    change_status(einvoice, "40", by="jan")
    sandbox.misbehave(ways.slow(1.2), operation="SetInboxDocumentStatus")
    worker = start_worker(ECONNECT_CALL_TIMEOUT="2")
    ended = start_run(administration)
    wait_until(lambda: sandbox.calls_of("SetInboxDocumentStatus") == 1)
    end_of(ended, worker, how)
    start_worker(ECONNECT_CALL_TIMEOUT="2")
    wait_until(lambda: has_ended(ended) or how == "killed")
    again = start_run(administration)
    wait_until(lambda: has_ended(again))
    assert again.state == "succeeded"
    assert sandbox.account.status_changes == [(einvoice.external_id, "40")]
    assert einvoice.status_changes.get().state == "sent"


def end_of(run: BatchjobRun, worker: psutil.Process, how: str) -> None:
    if how == "stopped":
        request_stop(run)
    elif how == "told to end":
        worker.terminate()
    else:
        kill_with_children(worker)


def test_a_run_that_waits_for_what_was_cut_off_can_be_stopped(
    administration: Administration, einvoice: EInvoice, start_worker: StartWorker
) -> None:
    change_status(einvoice, "40", by="jan")
    StatusChange.objects.update(state="sending", sent_at=timezone.now())
    start_worker(ECONNECT_CALL_TIMEOUT="60")
    run = start_run(administration)
    wait_until(lambda: BatchjobRun.objects.filter(pk=run.pk, state="running", listed__gt=0).exists())
    request_stop(run)
    wait_until(lambda: has_ended(run))
    assert run.state == "stopped"
