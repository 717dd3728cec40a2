"""Runs that lost their worker: found, closed, and followed by another."""

import logging
import time
from datetime import datetime

from batchjobs import worker_identity
from batchjobs.models import Batchjob, BatchjobRun, BatchjobRunQuerySet
from econnect_admin.wording import Wording, gettext_noop

logger = logging.getLogger(__name__)

WORKER_LOST = Wording(
    gettext_noop(
        "The worker was lost: it was killed, or its machine or network failed. The next run goes on."
    )
)

# A run that kills each worker (it needs more memory than there is) is not tried at once for ever.
_PROMPT_ATTEMPTS = 5
# A worker that lives gives a sign of life every second. One look says nothing: a clock may have jumped.
_SECONDS_BETWEEN_LOOKS = 3.0


def close_those_of_gone_workers(runs: BatchjobRunQuerySet) -> None:
    """Close what ran in a process of this machine that is gone, and have another follow."""
    running = runs.filter(state=BatchjobRun.State.RUNNING)
    for run_id, worker in running.values_list("pk", "worker"):
        if worker_identity.is_gone(worker) and close(run_id, worker=worker):
            have_another_follow(run_id)


def silent(runs: BatchjobRunQuerySet) -> dict[int, datetime | None]:
    """Those without a sign of life, each with its last one."""
    return dict(runs.without_sign_of_life().values_list("pk", "heartbeat_at"))


def close_if_lost(run: BatchjobRun) -> None:
    """For who waits for the end of the run; have another follow then."""
    if run.state == BatchjobRun.State.RUNNING and make_way(run):
        have_another_follow(run.pk)


def make_way(run: BatchjobRun) -> bool:
    """Close a run that stands in the way of another, if its worker is gone; this may take some seconds."""
    if worker_identity.is_gone(run.worker):
        return close(run.pk, worker=run.worker)
    of_this = BatchjobRun.objects.filter(pk=run.pk)
    if not (seen := silent(of_this)):
        return False
    time.sleep(_SECONDS_BETWEEN_LOOKS)
    return close(run.pk, heartbeat_at=seen[run.pk])


def close(run_id: int, **seen: object) -> bool:
    """Close the run if it still is as it was seen."""
    run = BatchjobRun.objects.filter(pk=run_id, state=BatchjobRun.State.RUNNING, **seen)
    closed = run.close_as_failed(WORKER_LOST) == 1
    if closed:
        logger.warning("Run %s has lost its worker", run_id)
    return closed


def have_another_follow(run_id: int) -> None:
    """At once, or by the schedule if a row of them was lost."""
    batchjob = Batchjob.objects.filter(runs=run_id)
    newest = BatchjobRun.objects.filter(batchjob=batchjob.get()).order_by("-pk")[:_PROMPT_ATTEMPTS]
    if len(newest) < _PROMPT_ATTEMPTS or any(run.error != WORKER_LOST.as_json() for run in newest):
        batchjob.make_due()
