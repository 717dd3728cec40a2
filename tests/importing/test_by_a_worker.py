"""The import as it is done every day: by an RQ worker, a process of its own."""

import signal
from collections.abc import Callable

import django_rq
import psutil
from rq import Worker

from batchjobs.jobs import enqueue
from batchjobs.models import BatchjobRun
from batchjobs.running import request_run
from batchjobs.setup import ensure_batchjobs
from econnect_admin.models import Administration
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice
from tests.conftest import wait_until
from tests.documents import invoice

StartWorker = Callable[..., psutil.Process]


def start_run(administration: Administration) -> BatchjobRun:
    batchjob, _ = ensure_batchjobs(administration)
    run = request_run(batchjob, started_by="test")
    enqueue(run)
    return run


def has_ended(run: BatchjobRun) -> bool:
    run.refresh_from_db()
    return run.state not in BatchjobRun.ACTIVE


def test_a_worker_imports_what_waits(
    sandbox: Sandbox, administration: Administration, start_worker: StartWorker
) -> None:
    sandbox.account.add(invoice())
    run = start_run(administration)
    start_worker()
    wait_until(lambda: has_ended(run))
    assert (run.state, run.new) == ("succeeded", 1)
    assert str(EInvoice.objects.get()) == "2026-0041 · Bakker Staal B.V."


def test_one_that_was_killed_is_soon_known_to_be(
    environment: dict[str, str], start_worker: StartWorker
) -> None:
    start_worker()
    with django_rq.get_connection() as redis:
        wait_until(lambda: Worker.all(connection=redis))
        [worker] = Worker.all(connection=redis)
        assert 0 < redis.ttl(worker.key) <= 90


def test_progress_is_visible_while_it_works(
    sandbox: Sandbox, administration: Administration, start_worker: StartWorker
) -> None:
    for number in range(600):
        sandbox.account.add(invoice(str(number)))
    run = start_run(administration)
    start_worker()
    seen = set[int]()

    def watch() -> bool:
        ended = has_ended(run)
        seen.add(run.new)
        return ended

    wait_until(watch)
    assert run.new == 600
    assert len(seen) > 3, f"only {sorted(seen)} were seen on the way"


def test_a_stop_request_ends_it_between_two_documents(
    sandbox: Sandbox, administration: Administration, start_worker: StartWorker
) -> None:
    for number in range(3000):
        sandbox.account.add(invoice(str(number)))
    run = start_run(administration)
    start_worker()
    wait_until(EInvoice.objects.exists)
    BatchjobRun.objects.filter(pk=run.pk).update(stop_requested=True)
    wait_until(lambda: has_ended(run))
    assert run.state == "stopped"
    assert 0 < run.new < 3000
    assert EInvoice.objects.count() == run.new


def test_a_worker_that_is_told_to_end_closes_its_run_and_the_next_one_goes_on(
    sandbox: Sandbox, administration: Administration, start_worker: StartWorker
) -> None:
    for number in range(1500):
        sandbox.account.add(invoice(str(number)))
    run = start_run(administration)
    worker = start_worker()
    wait_until(EInvoice.objects.exists)
    worker.send_signal(signal.SIGTERM)
    worker.wait(timeout=10)
    run.refresh_from_db()
    assert run.state == "failed"
    assert (run.error or {})["message"] == "The worker was shut down. The next run goes on."
    following = start_run(administration)
    start_worker()
    wait_until(lambda: has_ended(following), seconds=60)
    assert following.state == "succeeded"
    assert run.new + following.new == EInvoice.objects.count() == 1500


def test_a_job_that_comes_twice_runs_once(
    sandbox: Sandbox, administration: Administration, start_worker: StartWorker
) -> None:
    sandbox.account.add(invoice())
    run = start_run(administration)
    enqueue(run)
    start_worker()
    start_worker()
    queue = django_rq.get_queue()
    wait_until(lambda: has_ended(run) and queue.is_empty() and not queue.started_job_registry.count)
    assert (run.state, run.new) == ("succeeded", 1)
    assert sandbox.calls_of("GetInboxDocument") == 1


def start_all_runs(administration: Administration) -> list[BatchjobRun]:
    runs = [request_run(batchjob, started_by="test") for batchjob in ensure_batchjobs(administration)]
    for run in runs:
        enqueue(run)
    return runs


def test_runs_that_wait_behind_each_other_are_done_by_one_process(
    sandbox: Sandbox, administration: Administration, start_worker: StartWorker
) -> None:
    runs = start_all_runs(administration)
    start_worker()
    wait_until(lambda: all(has_ended(run) for run in runs))
    assert [run.state for run in runs] == ["succeeded"] * 2
    assert runs[0].worker == runs[1].worker
    queue = django_rq.get_queue()
    wait_until(lambda: queue.is_empty() and not queue.started_job_registry.count)
    assert queue.failed_job_registry.count == 0


def test_a_worker_that_is_told_to_end_begins_no_other_run(
    sandbox: Sandbox, administration: Administration, start_worker: StartWorker
) -> None:
    for number in range(1500):
        sandbox.account.add(invoice(str(number)))
    begun, waiting = start_all_runs(administration)
    worker = start_worker()
    wait_until(EInvoice.objects.exists)
    worker.send_signal(signal.SIGTERM)
    worker.wait(timeout=10)
    assert has_ended(begun)
    waiting.refresh_from_db()
    assert waiting.state == "queued"
