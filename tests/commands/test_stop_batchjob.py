"""Stopping a run from the command line."""

from collections.abc import Callable
from subprocess import CompletedProcess

import psutil
from django.utils import timezone

from batchjobs.jobs import enqueue
from batchjobs.models import HEARTBEAT_TIMEOUT, Batchjob, BatchjobRun
from batchjobs.running import request_run
from batchjobs.setup import ensure_batchjobs
from econnect_admin.models import Administration
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice
from tests.conftest import json_of, wait_until
from tests.documents import invoice

Manage = Callable[..., CompletedProcess[str]]
STOP = ("stop_batchjob", "import", "--administration", "REF")


def test_a_run_at_work_stops_between_documents_and_the_next_one_goes_on(
    sandbox: Sandbox,
    administration: Administration,
    manage: Manage,
    start_worker: Callable[..., psutil.Process],
    run_import: Callable[[Administration], BatchjobRun],
) -> None:
    for number in range(30):
        sandbox.account.add(invoice(str(number)))
    sandbox.misbehave(ways.slow(0.5), operation="GetInboxDocument", times=None)
    batchjob, _ = ensure_batchjobs(administration)
    run = request_run(batchjob, "test")
    start_worker()
    enqueue(run)
    wait_until(lambda: BatchjobRun.objects.filter(pk=run.pk, listed__gt=0).exists())
    answer = json_of(manage(*STOP, "--json"))
    assert (answer["run"], answer["state"], answer["listed"]) == (run.pk, "stopped", 30)
    assert EInvoice.objects.count() == answer["new"]
    assert EInvoice.objects.count() < 30
    sandbox.behave()
    run_import(administration)
    assert EInvoice.objects.count() == 30


def test_a_run_that_waits_never_begins(administration: Administration, manage: Manage) -> None:
    batchjob, _ = ensure_batchjobs(administration)
    run = request_run(batchjob, "test")
    result = manage(*STOP)
    assert result.stdout.strip().endswith("stopped; 0 listed, 0 new, 0 revised, 0 skipped, 0 failed.")
    run.refresh_from_db()
    assert run.state == "stopped"


def test_a_run_whose_machine_is_gone_is_closed_without_a_scheduler_and_followed_by_another(
    administration: Administration, manage: Manage
) -> None:
    batchjob, _ = ensure_batchjobs(administration)
    run = request_run(batchjob, "test")
    assert BatchjobRun.objects.claim(run.pk, "another-machine/17/1.00/pid:[1]")
    BatchjobRun.objects.update(heartbeat_at=timezone.now() - 2 * HEARTBEAT_TIMEOUT)
    assert json_of(manage(*STOP, "--json"))["state"] == "failed"
    assert list(Batchjob.objects.due()) == [batchjob]


def test_without_a_run_that_is_said(administration: Administration, manage: Manage) -> None:
    result = manage(*STOP)
    assert result.returncode == 1
    assert "no run of import is active" in result.stderr
