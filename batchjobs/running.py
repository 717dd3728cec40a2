"""A run from its request to its end."""

import logging

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from batchjobs import worker_identity
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.progress import RunProgress, RunStopped, RunTakenAway
from econnect_admin.administrations.connection import NotConfigured, connect
from econnect_admin.econnect.errors import EConnectError
from econnect_admin.wording import Wording, gettext_noop
from invoices.importing.importer import PlatformGone, import_einvoices

logger = logging.getLogger(__name__)

WORKER_LOST = Wording(
    gettext_noop(
        "The worker was lost: it was killed, or its machine or network failed. The next run goes on."
    )
)
NOT_CONFIGURED = Wording(
    gettext_noop(
        "The administration has no consumer key and secret yet: "
        "enter them in the financial preferences of the administration."
    )
)
UNFORESEEN = Wording(
    gettext_noop("The run ended because of an error in this program; the log of the worker has the details.")
)


class AlreadyActive(Exception):
    """The batch job has a run that is queued or running."""

    def __init__(self, run: BatchjobRun) -> None:
        super().__init__(str(run))
        self.run = run


def request_run(batchjob: Batchjob, started_by: str) -> BatchjobRun:
    """A new queued run. Raises AlreadyActive; a run whose worker is gone is closed first."""
    close_lost_runs(batchjob)
    try:
        with transaction.atomic():
            return BatchjobRun.objects.create(batchjob=batchjob, started_by=started_by)
    except IntegrityError:
        active = batchjob.runs.active().first()
        if active is None:  # it ended this very moment
            return request_run(batchjob, started_by)
        raise AlreadyActive(active) from None


def close_lost_runs(batchjob: Batchjob) -> None:
    """Mark as failed what has no sign of life, or whose process on this machine is gone."""
    running = batchjob.runs.filter(state=BatchjobRun.State.RUNNING)
    silent = set(running.without_sign_of_life().values_list("pk", flat=True))
    for run in running:
        if run.pk in silent or worker_identity.is_gone(run.worker):
            BatchjobRun.objects.owned(run.pk, run.worker).update(
                state=BatchjobRun.State.FAILED,
                error={"message": WORKER_LOST.template, "values": {}},
                ended_at=Now(),
            )


def execute(run_id: int) -> None:
    """Claim a queued run and see it through to its end. Does nothing if another was first."""
    worker = worker_identity.own_identity()
    if not BatchjobRun.objects.claim(run_id, worker):
        return
    run = BatchjobRun.objects.select_related("batchjob__administration__database").get(pk=run_id)
    progress = RunProgress(run)
    try:
        try:
            _work(run, progress)
        except RunStopped:
            progress.end(BatchjobRun.State.STOPPED)
        except (EConnectError, PlatformGone) as error:
            progress.end(BatchjobRun.State.FAILED, error.wording)
        except NotConfigured:
            progress.end(BatchjobRun.State.FAILED, NOT_CONFIGURED)
        else:
            run.refresh_from_db(fields=["failed"])
            failed = BatchjobRun.State.PARTLY_FAILED if run.failed else BatchjobRun.State.SUCCEEDED
            progress.end(failed)
    except RunTakenAway:
        logger.warning("Run %s was taken away from worker %s; it ends without another word", run_id, worker)
    except Exception:
        logger.exception("Run %s ended in a way nobody thought of", run_id)
        progress.end(BatchjobRun.State.FAILED, UNFORESEEN)


def _work(run: BatchjobRun, progress: RunProgress) -> None:
    administration = run.batchjob.administration
    with connect(administration) as client:
        import_einvoices(administration, client, progress)
