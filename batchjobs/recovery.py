"""Looks after the runs that lost their worker, that Redis forgot, or that nobody wants any more."""

import logging
from datetime import datetime

from django.db import transaction

from batchjobs import lost_runs
from batchjobs.advisory_locks import Work, is_ours
from batchjobs.jobs import enqueue_all, forgotten
from batchjobs.models import BatchjobRun

logger = logging.getLogger(__name__)


class Recovery:
    """Looks again and again, a few seconds apart, and believes what two looks in a row have found.

    So a clock that jumps takes no run from a worker that lives: it has given another sign of life
    meanwhile. And whoever makes a run has the time to enqueue it.
    """

    def __init__(self) -> None:
        self._silent: dict[int, datetime | None] = {}
        self._waiting: set[int] = set()

    def look(self) -> None:
        """One scheduler at a time. Raises redis.RedisError; what the database needs is done by then."""
        with transaction.atomic():
            if not is_ours(Work.RECOVERING):
                return
            _end_what_is_not_wanted()
            self._close_lost_runs()
        with transaction.atomic():
            if is_ours(Work.RECOVERING):
                self._enqueue_what_was_forgotten()

    def _close_lost_runs(self) -> None:
        silent = lost_runs.silent(BatchjobRun.objects.all())
        for run_id, heartbeat_at in silent.items():
            seen_before = heartbeat_at == self._silent.get(run_id)
            if seen_before and lost_runs.close(run_id, heartbeat_at=heartbeat_at):
                lost_runs.have_another_follow(run_id)
        self._silent = silent
        lost_runs.close_those_of_gone_workers(BatchjobRun.objects.all())

    def _enqueue_what_was_forgotten(self) -> None:
        queued = BatchjobRun.objects.filter(state=BatchjobRun.State.QUEUED)
        waiting = set(queued.values_list("pk", flat=True))
        waited, self._waiting = sorted(waiting & self._waiting), waiting
        if waited and (lost := forgotten(waited)):
            logger.warning("%s runs wait and are not in the queue; they are enqueued again", len(lost))
            enqueue_all(lost)


def _end_what_is_not_wanted() -> None:
    """What a disabled batch job was scheduled to do, and what was asked to stop before it began."""
    active = BatchjobRun.objects.active()
    unwanted = active.by_the_scheduler().filter(stop_requested=False, batchjob__enabled=False)
    unwanted.update(stop_requested=True)
    active.close_what_need_not_begin()
