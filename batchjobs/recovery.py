"""Looks after the runs that lost their worker, that Redis forgot, or that nobody wants any more."""

import logging
from datetime import datetime

from django.db import connection, transaction

from batchjobs import worker_identity
from batchjobs.jobs import enqueue_all, forgotten
from batchjobs.models import SCHEDULER, Batchjob, BatchjobRun
from batchjobs.running import WORKER_LOST

logger = logging.getLogger(__name__)

_RECOVERING = 7_103_041_959  # names our advisory lock
# A run that kills each worker (it needs more memory than there is) is not tried at once for ever.
_PROMPT_ATTEMPTS = 5


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
            if not _is_ours():
                return
            _end_what_is_not_wanted()
            self._close_lost_runs()
        with transaction.atomic():
            if _is_ours():
                self._enqueue_what_was_forgotten()

    def _close_lost_runs(self) -> None:
        silent = dict(BatchjobRun.objects.without_sign_of_life().values_list("pk", "heartbeat_at"))
        for run_id, heartbeat_at in silent.items():
            if heartbeat_at == self._silent.get(run_id):
                _close(run_id, heartbeat_at=heartbeat_at)
        self._silent = silent
        running = BatchjobRun.objects.filter(state=BatchjobRun.State.RUNNING)
        for run_id, worker in running.values_list("pk", "worker"):
            if worker_identity.is_gone(worker):
                _close(run_id, worker=worker)

    def _enqueue_what_was_forgotten(self) -> None:
        queued = BatchjobRun.objects.filter(state=BatchjobRun.State.QUEUED)
        waiting = set(queued.values_list("pk", flat=True))
        waited, self._waiting = sorted(waiting & self._waiting), waiting
        if waited and (lost := forgotten(waited)):
            logger.warning("%s runs wait and are not in the queue; they are enqueued again", len(lost))
            enqueue_all(lost)


def _is_ours() -> bool:
    """Until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_RECOVERING])
        [got] = cursor.fetchone()
    return bool(got)


def _close(run_id: int, **seen: object) -> None:
    """Close the run if it still is as it was seen, and have another follow: at once, or by its schedule."""
    run = BatchjobRun.objects.filter(pk=run_id, state=BatchjobRun.State.RUNNING, **seen)
    if not run.close_as_failed(WORKER_LOST):
        return
    logger.warning("Run %s has lost its worker; another follows", run_id)
    batchjob = Batchjob.objects.filter(runs=run_id)
    newest = BatchjobRun.objects.filter(batchjob=batchjob.get()).order_by("-pk")[:_PROMPT_ATTEMPTS]
    if len(newest) < _PROMPT_ATTEMPTS or any(run.error != WORKER_LOST.as_json() for run in newest):
        batchjob.make_due()


def _end_what_is_not_wanted() -> None:
    """What a disabled batch job was scheduled to do, and what was asked to stop before it began."""
    active = BatchjobRun.objects.active()
    active.filter(started_by=SCHEDULER, stop_requested=False, batchjob__enabled=False).update(
        stop_requested=True
    )
    active.close_what_need_not_begin()
