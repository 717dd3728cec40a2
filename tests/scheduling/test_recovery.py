"""Whatever dies, the next run goes on without a person; what nobody wants any more does not."""

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import django_rq
import psutil
import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql
from pytest_django.fixtures import Settings
from rq import Queue

from batchjobs.jobs import enqueue
from batchjobs.models import HEARTBEAT_TIMEOUT, Batchjob, BatchjobRun
from batchjobs.pruning import prune_some
from batchjobs.recovery import Recovery
from batchjobs.running import execute, request_run, request_stop
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice
from invoices.statuses.changing import change_status
from tests.conftest import kill, wait_until
from tests.documents import invoice
from tests.scheduling.conftest import planned

Start = Callable[..., psutil.Process]
ELSEWHERE = "another-machine/17/1.00/pid:[1]"
DOCUMENTS = 200


def fill(sandbox: Sandbox) -> None:
    for number in range(DOCUMENTS):
        sandbox.account.add(invoice(str(number)))
    sandbox.misbehave(ways.slow(0.5), operation="GetInboxDocument", times=None)


def start_import(batchjob: Batchjob) -> BatchjobRun:
    Batchjob.objects.filter(pk=batchjob.pk).update(next_at=timezone.now())
    wait_until(lambda: batchjob.runs.filter(state="running").exists())
    return batchjob.runs.get()


@contextmanager
def database_away() -> Iterator[None]:
    """As while it restarts: all connections are cut, and there are no new ones for a while.

    The server itself goes on: tests of other processes use it too.
    """
    parameters = connection.get_connection_params()
    name = sql.Identifier(parameters["dbname"])
    with psycopg.connect(**parameters | {"dbname": "postgres"}, autocommit=True) as server:
        server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [parameters["dbname"]],
        )
        yield
        time.sleep(1)
        server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
    connection.close()


def state_of(run: BatchjobRun) -> str:
    run.refresh_from_db()
    return run.state


def claimed_elsewhere(batchjob: Batchjob, heartbeat: timedelta) -> BatchjobRun:
    run = request_run(batchjob, "test")
    assert BatchjobRun.objects.claim(run.pk, ELSEWHERE)
    give_sign_of_life(run, heartbeat)
    return run


def give_sign_of_life(run: BatchjobRun, at: timedelta) -> None:
    BatchjobRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() + at)


def test_a_killed_worker_is_followed_by_a_run_that_finishes_the_work(
    sandbox: Sandbox, import_job: Batchjob, start_scheduler: Start, start_worker: Start
) -> None:
    fill(sandbox)
    start_scheduler()
    worker = start_worker()
    lost = start_import(import_job)
    kill(worker.children())  # the worker itself lives, and takes the next run
    wait_until(lambda: state_of(lost) == "failed")
    assert "The worker was lost" in (lost.error or {})["message"]
    sandbox.behave()
    wait_until(lambda: import_job.runs.filter(state="succeeded").exists())
    assert EInvoice.objects.count() == DOCUMENTS
    assert import_job.runs.count() == 2


def test_a_run_that_kills_each_worker_follows_its_schedule_after_five_times(import_job: Batchjob) -> None:
    planned_at = import_job.next_at
    due = []
    for _ in range(6):
        Batchjob.objects.update(next_at=planned_at)
        claimed_elsewhere(import_job, heartbeat=-2 * HEARTBEAT_TIMEOUT)
        recovery = Recovery()
        recovery.look()
        recovery.look()
        import_job.refresh_from_db()
        due.append(import_job.next_at != planned_at)
    assert due == [True] * 4 + [False] * 2


def test_a_worker_that_is_told_to_end_is_followed_by_another_run_at_once(
    sandbox: Sandbox, import_job: Batchjob, start_scheduler: Start, start_worker: Start
) -> None:
    fill(sandbox)
    start_scheduler()
    worker = start_worker()
    ended = start_import(import_job)
    worker.send_signal(signal.SIGTERM)
    wait_until(lambda: state_of(ended) == "failed")
    sandbox.behave()
    start_worker()
    wait_until(lambda: import_job.runs.filter(state="succeeded").exists())
    assert EInvoice.objects.count() == DOCUMENTS


def test_both_jobs_go_on_after_postgresql_was_restarted_in_the_middle_of_their_runs(
    sandbox: Sandbox, import_job: Batchjob, start_scheduler: Start, start_worker: Start
) -> None:
    sandbox.account.add(invoice("first"))
    execute(request_run(import_job, "test").pk)
    first = EInvoice.objects.get()
    change_status(first, "40", by="jan")
    last = [sandbox.account.add(invoice(str(number))) for number in range(DOCUMENTS)][-1]
    sandbox.misbehave(ways.hang, external_id=last, times=None)
    sandbox.misbehave(ways.hang, operation="SetInboxDocumentStatus")
    start_scheduler()
    start_worker()
    start_worker()
    statuses_job = planned(import_job.administration, "statuses")
    Batchjob.objects.update(next_at=timezone.now())
    wait_until(lambda: sandbox.calls_of("SetInboxDocumentStatus") and EInvoice.objects.count() > 1)
    with database_away():
        sandbox.behave()
    for batchjob in (import_job, statuses_job):
        wait_until(lambda: batchjob.runs.filter(state="succeeded", started_by="").exists())  # noqa: B023
        assert "The worker was lost" in str(batchjob.runs.get(state="failed").error)
    assert EInvoice.objects.count() == DOCUMENTS + 1
    assert sandbox.account.status_changes == [(first.external_id, "40")]
    assert first.status_changes.get().state == "sent"


def test_postgresql_takes_its_locks_from_a_process_that_hangs(import_job: Batchjob) -> None:
    """Else a machine that fails in the middle of a transaction keeps all others from that run for hours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('idle_in_transaction_session_timeout')::interval")
        assert cursor.fetchone() == (HEARTBEAT_TIMEOUT,)


def test_runs_that_redis_has_forgotten_are_enqueued_again(
    sandbox: Sandbox, import_job: Batchjob, start_scheduler: Start, start_worker: Start
) -> None:
    sandbox.account.add(invoice())
    start_scheduler()
    Batchjob.objects.update(next_at=timezone.now())
    queue = django_rq.get_queue()
    wait_until(lambda: queue.count == 1)
    queue.connection.flushdb()
    start_worker()
    wait_until(lambda: import_job.runs.filter(state="succeeded").exists())
    assert import_job.runs.count() == EInvoice.objects.count() == 1


def test_runs_that_wait_in_the_queue_are_not_enqueued_again(import_job: Batchjob) -> None:
    queue = django_rq.get_queue()
    queue.connection.flushdb()
    enqueue(request_run(import_job, "test"))
    recovery = Recovery()
    for _ in range(3):
        recovery.look()
    assert queue.count == 1


def test_a_run_whose_worker_died_before_it_began_is_enqueued_again(import_job: Batchjob) -> None:
    queue = django_rq.get_queue()
    queue.connection.flushdb()
    run = request_run(import_job, "test")
    enqueue(run)
    assert Queue.dequeue_any([queue], timeout=None, connection=queue.connection)  # by a worker, which dies
    assert queue.is_empty()
    recovery = Recovery()
    recovery.look()
    recovery.look()
    assert queue.count == 1
    assert state_of(run) == "queued"


@pytest.mark.parametrize(
    "heartbeat",
    [-timedelta(minutes=2), timedelta(hours=1)],
    ids=["long ago", "before the clock was set back"],
)
def test_a_run_without_a_sign_of_life_is_failed_and_its_batch_job_due(
    import_job: Batchjob, heartbeat: timedelta
) -> None:
    run = claimed_elsewhere(import_job, heartbeat)
    recovery = Recovery()
    recovery.look()
    assert state_of(run) == "running"
    recovery.look()
    assert state_of(run) == "failed"
    assert list(Batchjob.objects.due()) == [import_job]


def test_a_clock_that_jumps_takes_no_run_from_a_worker_that_lives(import_job: Batchjob) -> None:
    run = claimed_elsewhere(import_job, -2 * HEARTBEAT_TIMEOUT)
    recovery = Recovery()
    recovery.look()
    give_sign_of_life(run, -2 * HEARTBEAT_TIMEOUT)
    recovery.look()
    assert state_of(run) == "running"


def test_a_lost_run_of_a_disabled_batch_job_is_not_followed(import_job: Batchjob) -> None:
    run = claimed_elsewhere(import_job, -timedelta(minutes=2))
    Batchjob.objects.update(enabled=False)
    recovery = Recovery()
    recovery.look()
    recovery.look()
    assert state_of(run) == "failed"
    assert not Batchjob.objects.due().exists()


def test_a_run_that_waits_is_stopped_at_once(sandbox: Sandbox, import_job: Batchjob) -> None:
    run = request_run(import_job, "test")
    request_stop(run)
    assert state_of(run) == "stopped"
    assert execute(run.pk) is False
    assert sandbox.calls_of("GetSecurityToken") == 0


def test_a_batch_job_that_is_disabled_ends_its_scheduled_run(
    sandbox: Sandbox, import_job: Batchjob, start_scheduler: Start, start_worker: Start
) -> None:
    fill(sandbox)
    start_scheduler()
    start_worker()
    run = start_import(import_job)
    Batchjob.objects.update(enabled=False)
    wait_until(lambda: state_of(run) != "running")
    assert run.state == "stopped"
    assert EInvoice.objects.count() < DOCUMENTS


def test_a_run_of_a_person_goes_on_though_the_batch_job_is_disabled_whatever_they_are_called(
    import_job: Batchjob,
) -> None:
    run = request_run(import_job, "scheduler")
    Batchjob.objects.update(enabled=False)
    Recovery().look()
    assert state_of(run) == "queued"


def test_a_deleted_batch_job_ends_the_work_of_its_run(
    sandbox: Sandbox, import_job: Batchjob, start_scheduler: Start, start_worker: Start
) -> None:
    fill(sandbox)
    start_scheduler()
    worker = start_worker()
    start_import(import_job)
    import_job.runs.all().delete()
    import_job.delete()
    wait_until(lambda: not worker.children())
    assert EInvoice.objects.count() < DOCUMENTS


def test_old_runs_are_deleted_but_not_the_last_one_nor_one_at_work(
    import_job: Batchjob, settings: Settings
) -> None:
    settings.RUNS_KEPT_DAYS = 30
    other = Batchjob.objects.create(administration=import_job.administration, type="statuses")
    ended = [BatchjobRun.objects.create(batchjob=import_job, state="succeeded") for _ in range(4)]
    at_work = BatchjobRun.objects.create(batchjob=other, state="running")
    BatchjobRun.objects.exclude(pk=ended[2].pk).update(queued_at=timezone.now() - timedelta(days=31))
    assert prune_some() is False
    assert set(BatchjobRun.objects.all()) == {ended[2], ended[3], at_work}


def test_many_old_runs_are_deleted_piece_by_piece(import_job: Batchjob) -> None:
    BatchjobRun.objects.bulk_create(BatchjobRun(batchjob=import_job, state="succeeded") for _ in range(1500))
    BatchjobRun.objects.update(queued_at=timezone.now() - timedelta(days=400))
    assert prune_some() is True
    assert BatchjobRun.objects.count() == 500
    assert prune_some() is False
    assert BatchjobRun.objects.count() == 1


def test_two_schedulers_do_not_delete_the_same_at_once(import_job: Batchjob) -> None:
    BatchjobRun.objects.bulk_create(BatchjobRun(batchjob=import_job, state="succeeded") for _ in range(3))
    BatchjobRun.objects.update(queued_at=timezone.now() - timedelta(days=400))
    with transaction.atomic(), ThreadPoolExecutor(1) as another:
        prune_some()
        assert another.submit(in_a_connection_of_its_own, prune_some).result() is False
    assert BatchjobRun.objects.count() == 1


def in_a_connection_of_its_own(work: Callable[[], bool]) -> bool:
    try:
        return work()
    finally:
        connection.close()
