"""Stop the run of a batch job."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from batchjobs.lost_runs import close_if_lost
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.run_answers import answer, counts_in_words, place_of
from batchjobs.running import request_stop
from econnect_admin.command_line import PlainCommand, find_administration

_POLL = 0.2  # seconds
_PATIENCE = 180.0  # seconds; a document that is slow to come is waited for no longer than its call may last


class Command(PlainCommand):
    help = (
        "Stop the active run of a batch job, between two documents, and wait for its end. Exit 1 if there is "
        "none. The schedule goes on; to end that too, disable the batch job."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("type", choices=Batchjob.Type.values)
        parser.add_argument("--administration", required=True, metavar="CODE")

    def handle(self, *_arguments: object, **options: Any) -> None:
        administration = find_administration(options["administration"])
        run = (
            BatchjobRun.objects.active()
            .filter(batchjob__administration=administration, batchjob__type=options["type"])
            .select_related("batchjob__administration")
            .first()
        )
        if run is None:
            raise CommandError(f"{administration}: no run of {options['type']} is active; nothing to stop.")
        request_stop(run)
        _wait_for_its_end(run)
        if options["json"]:
            self.stdout.write(json.dumps(answer(run)))
        else:
            self.stdout.write(f"{run.batchjob}: {run.state}; {counts_in_words(run)}.")


def _wait_for_its_end(run: BatchjobRun) -> None:
    """Raises CommandError if it takes too long; the run was asked then, and will stop."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        run.refresh_from_db(from_queryset=BatchjobRun.objects.select_related("batchjob__administration"))
        if run.state not in BatchjobRun.ACTIVE:
            return
        close_if_lost(run)
        if time.monotonic() > deadline:
            raise CommandError(
                f"Run {run.pk} was asked to stop and is still at work, on {place_of(run)}; "
                "it ends after the document that it is at."
            )
        time.sleep(_POLL)
