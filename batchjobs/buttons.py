"""What the buttons on the pages of batch jobs and runs do."""

import logging

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from redis import RedisError

from batchjobs import planning
from batchjobs.clock import database_now
from batchjobs.jobs import enqueue
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.running import AlreadyRunning, request_run, request_stop

logger = logging.getLogger(__name__)


def run_now(request: HttpRequest, batchjob: Batchjob) -> BatchjobRun:
    """Gives the run to look at: a new one, or the one that waits or is at work already."""
    try:
        run = request_run(batchjob, started_by=request.user.get_username())
    except AlreadyRunning as error:
        messages.warning(request, _("This batch job is at work already; this is its run."))
        return error.run
    try:
        enqueue(run)
    except RedisError as error:
        logger.warning("Run %s waits: Redis cannot be used: %s", run.pk, error)
        words = _("The queue (Redis) is out of reach. The run is kept and starts by itself when it is back.")
        messages.warning(request, words)
    return run


@transaction.atomic
def set_enabled(batchjob_id: int, enabled: bool) -> Batchjob:
    """Enabled, it is planned from now on; disabled, it has no next run. Raises ScheduleError."""
    batchjob = Batchjob.objects.select_for_update().get(pk=batchjob_id)
    if batchjob.enabled != enabled:
        batchjob.enabled = enabled
        batchjob.save(update_fields=["enabled"])
        planning.plan(batchjob, database_now())
    return batchjob


def stop(request: HttpRequest, run: BatchjobRun) -> None:
    request_stop(run)
    run.refresh_from_db()
    if run.state == BatchjobRun.State.RUNNING:
        messages.info(request, _("The run stops after the document that it is at."))
    elif run.state != BatchjobRun.State.STOPPED:
        messages.info(request, _("The run had ended already."))
