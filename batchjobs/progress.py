"""A run's sign of life, counts and log, written while it works."""

import threading
import time

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from batchjobs.models import BatchjobRun, RunLogLine
from econnect_admin.wording import Wording
from invoices.importing.progress import Counts, Interrupted, Level

_SECONDS_BETWEEN_WRITES = 1.0
_NEVER = Q(pk__in=[])


class RunStopped(Interrupted):
    """Somebody asked for it."""


class WorkerEnding(Interrupted):
    """The process was told to end."""


class RunTakenAway(Interrupted):
    """The run is not this worker's any more: it was thought lost, and another may be at work."""


class RunProgress:
    """Implements `invoices.importing.progress.Progress` for a run that this worker has claimed."""

    def __init__(self, run: BatchjobRun, ending: threading.Event) -> None:
        self._ending = ending
        self._owned = BatchjobRun.objects.owned(run.pk, run.worker)
        self._run_id = run.pk
        self._lines: list[RunLogLine] = []
        self._written_at = time.monotonic()

    def tick(self) -> None:
        if self._ending.is_set():
            raise WorkerEnding
        if time.monotonic() - self._written_at >= _SECONDS_BETWEEN_WRITES:
            self.write()

    def stay_alive(self) -> None:
        if time.monotonic() - self._written_at >= _SECONDS_BETWEEN_WRITES:
            self._write({})

    def write(self) -> None:
        """The sign of life, and the log lines since the last time. Raises RunStopped or RunTakenAway."""
        self._write({}, unless=Q(stop_requested=True))

    def advance(self, counts: Counts) -> None:
        self._change({name: F(name) + count for name, count in counts.items() if count})

    def log(self, level: Level, wording: Wording, external_id: str = "") -> None:
        line = RunLogLine(run_id=self._run_id, at=timezone.now(), level=level, external_id=external_id)
        line.message, line.values = wording.template, wording.as_json()["values"]
        self._lines.append(line)

    def end(self, state: BatchjobRun.State, error: Wording | None = None) -> None:
        """Close the run. Raises RunTakenAway: its end was written by somebody else."""
        self._write({"state": state, "error": error and error.as_json(), "ended_at": Now()})

    def _write(self, values: dict[str, object], unless: Q = _NEVER) -> None:
        """In one go with the log, if there is any."""
        if self._lines:
            with transaction.atomic():
                self._change(values, unless)
                RunLogLine.objects.bulk_create(self._lines)
        else:
            self._change(values, unless)
        self._lines = []
        self._written_at = time.monotonic()

    def _change(self, values: dict[str, object], unless: Q = _NEVER) -> None:
        if self._owned.exclude(unless).update(heartbeat_at=Now(), **values) != 1:
            raise RunStopped if self._owned.filter(unless).exists() else RunTakenAway
