"""Run a batch job now: in this process, or by a worker."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from batchjobs.jobs import enqueue, workers
from batchjobs.lost_runs import close_if_lost
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.run_answers import answer, counts_in_words, place_of
from batchjobs.running import AlreadyRunning, execute, request_run
from econnect_admin.command_line import PlainCommand, find_administration

_POLL = 0.2  # seconds
_PATIENCE_WITHOUT_WORKERS = 10.0  # seconds


class Command(PlainCommand):
    help = (
        "Run a batch job of an administration now, and wait for its end. Exit 1 if the run failed or was "
        "stopped; a document that failed is no failed run: it is counted, shown, and tried again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("type", choices=Batchjob.Type.values)
        parser.add_argument("--administration", required=True, metavar="CODE")
        parser.add_argument("--queue", action="store_true", help="have it done by a worker")

    def handle(self, *_arguments: object, **options: Any) -> None:
        batchjob = _batchjob(options["administration"], options["type"])
        problem = None
        try:
            run = request_run(batchjob, started_by="run_batchjob")
            if options["queue"]:
                problem = _have_it_done(run)
            elif not execute(run.pk):
                raise AlreadyRunning(run)
        except AlreadyRunning as error:
            run = error.run
            run.refresh_from_db()
            if run.state in BatchjobRun.ACTIVE:
                problem = f"Run {run.pk} of this batch job is at work already, on {place_of(run)}."
        run.refresh_from_db()
        said = answer(run, problem)
        if options["json"]:
            self.stdout.write(json.dumps(said))
        if problem or run.state in (BatchjobRun.State.FAILED, BatchjobRun.State.STOPPED):
            raise CommandError(f"{batchjob}: {said['error'] or said['state']}")
        if not options["json"]:
            told = f"{batchjob}: {run.state}; {counts_in_words(run)}; {said['seconds']} s."
            self.stdout.write(f"{told} {said['error'] or ''}".rstrip())


def _batchjob(code: str, type_: str) -> Batchjob:
    """The administration's batch job; it needs no schedule to be run by hand."""
    return Batchjob.objects.get_or_create(administration=find_administration(code), type=type_)[0]


def _have_it_done(run: BatchjobRun) -> str | None:
    """Wait until a worker has ended the run. Gives what keeps it from being done, if anything does."""
    enqueue(run)
    without_workers_since = time.monotonic()
    while True:
        run.refresh_from_db(fields=["state", "worker"])
        if run.state not in BatchjobRun.ACTIVE:
            return None
        if run.state == BatchjobRun.State.QUEUED and not workers():
            if time.monotonic() - without_workers_since > _PATIENCE_WITHOUT_WORKERS:
                return (
                    "No worker is running; the run waits in the queue. "
                    "Start one with: manage.py rqworker default checks"
                )
        else:
            without_workers_since = time.monotonic()
            close_if_lost(run)
        time.sleep(_POLL)
