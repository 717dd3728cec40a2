"""A run whose worker is gone is closed; one that lives is not, and a straggler stores nothing more."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from batchjobs.models import HEARTBEAT_TIMEOUT, BatchjobRun
from batchjobs.running import AlreadyRunning, request_run
from batchjobs.setup import ensure_batchjobs
from econnect_admin.models import Administration
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice, InboxPosition
from tests.conftest import wait_until
from tests.documents import invoice

ELSEWHERE = "another-machine/17/1.00/pid:[1]"


def claimed(administration: Administration, silent_for: timedelta) -> BatchjobRun:
    batchjob, _ = ensure_batchjobs(administration)
    run = request_run(batchjob, "test")
    assert BatchjobRun.objects.claim(run.pk, ELSEWHERE)
    BatchjobRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - silent_for)
    return run


def test_a_run_without_a_sign_of_life_is_lost_and_another_may_begin(administration: Administration) -> None:
    lost = claimed(administration, HEARTBEAT_TIMEOUT + timedelta(seconds=1))
    following = request_run(lost.batchjob, "test")
    lost.refresh_from_db()
    assert following.pk != lost.pk
    assert lost.state == "failed"
    assert "The worker was lost" in (lost.error or {})["message"]


def test_a_clock_that_jumps_gives_nobody_the_way_past_a_run_that_lives(
    administration: Administration,
) -> None:
    run = claimed(administration, 2 * HEARTBEAT_TIMEOUT)

    def live() -> None:
        try:
            time.sleep(1)
            BatchjobRun.objects.update(heartbeat_at=timezone.now() - 2 * HEARTBEAT_TIMEOUT)
        finally:
            connection.close()

    worker = threading.Thread(target=live)
    worker.start()
    with pytest.raises(AlreadyRunning):
        request_run(run.batchjob, "test")
    worker.join()
    run.refresh_from_db()
    assert run.state == "running"


def test_a_run_that_lives_on_another_machine_is_left_alone(administration: Administration) -> None:
    run = claimed(administration, HEARTBEAT_TIMEOUT - timedelta(seconds=5))
    with pytest.raises(AlreadyRunning) as refused:
        request_run(run.batchjob, "test")
    assert refused.value.run == run


def test_a_straggler_stores_nothing_once_its_run_was_taken_away(
    sandbox: Sandbox, administration: Administration, run_import: Callable[[Administration], BatchjobRun]
) -> None:
    for number in range(20):
        sandbox.account.add(invoice(str(number)))
    sandbox.misbehave(ways.slow(0.5), operation="GetInboxDocument", times=None)

    def take_away() -> None:
        try:
            wait_until(lambda: sandbox.calls_of("GetInboxDocument"))
            BatchjobRun.objects.update(state="failed", ended_at=timezone.now())
        finally:
            connection.close()

    other = threading.Thread(target=take_away)
    other.start()
    run = run_import(administration)
    other.join()
    assert run.state == "failed"
    assert not EInvoice.objects.exists()
    assert InboxPosition.objects.get().created_on is None
    sandbox.behave()
    assert run_import(administration).new == 20
