"""A run from its request to its end."""

import logging
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from batchjobs import worker_identity
from batchjobs.after_run import CutOff, Done, Outcome, Refused, Stopped
from batchjobs.lost_runs import make_way
from batchjobs.models import ONE_ACTIVE_RUN, Batchjob, BatchjobRun
from batchjobs.progress import RunProgress, RunStopped, RunTakenAway, WorkerEnding
from econnect_admin.administrations.connection import CannotDecrypt, NotConfigured, connect
from econnect_admin.econnect.errors import EConnectError, NeedsPerson
from econnect_admin.econnect.soap import EConnect
from econnect_admin.models import Administration
from econnect_admin.rights.authorisation import is_active
from econnect_admin.rights.catalogue import CREATE_E_INVOICES, E_PURCHASE_INVOICES, Function
from econnect_admin.wording import Wording, gettext_noop
from invoices.importing.importer import PlatformGone, import_einvoices
from invoices.importing.inboxes import Unread
from invoices.importing.progress import Progress
from invoices.statuses.job import update_statuses

logger = logging.getLogger(__name__)

WORKER_ENDED = Wording(gettext_noop("The worker was shut down. The next run goes on."))
NOT_CONFIGURED = Wording(
    gettext_noop(
        "The administration has no consumer key and secret yet: "
        "enter them in the financial preferences of the administration."
    )
)
CANNOT_DECRYPT = Wording(
    gettext_noop(
        "The keys of the administration cannot be decrypted: the setting FIELD_ENCRYPTION_KEYS lacks the key "
        "that they were encrypted with. Put that key back, or enter the keys anew in the preferences."
    )
)
UNFORESEEN = Wording(
    gettext_noop("The run ended because of an error in this program; the log of the worker has the details.")
)

NOT_ACTIVE = Wording(
    gettext_noop(
        "A DNA function that this needs is not active for the administration: contact the vendor. "
        "What waits on the platform stays there until then."
    )
)


def is_possible(batchjob: Batchjob) -> bool:
    """Whether the function that it belongs to is active for its administration."""
    return is_active(batchjob.administration, _FUNCTION[batchjob.type])


class NotActive(Exception):
    """The function that the batch job belongs to is not active for the administration."""


_UNUSABLE: dict[type[Exception], Wording] = {
    NotActive: NOT_ACTIVE,
    NotConfigured: NOT_CONFIGURED,
    CannotDecrypt: CANNOT_DECRYPT,
}
_ADMINISTRATION = "batchjob__administration"
# By every run, so read at once.
_NEEDED = tuple(f"{_ADMINISTRATION}__{name}" for name in ("preferences", "database", "security_token"))

_WORK: dict[str, Callable[[Administration, EConnect, Progress], None]] = {
    Batchjob.Type.IMPORT_E_INVOICES: import_einvoices,
    Batchjob.Type.UPDATE_E_INVOICE_STATUSES: update_statuses,
}
_FUNCTION: dict[str, Function] = {
    Batchjob.Type.IMPORT_E_INVOICES: CREATE_E_INVOICES,
    Batchjob.Type.UPDATE_E_INVOICE_STATUSES: E_PURCHASE_INVOICES,
}


class AlreadyRunning(Exception):
    """The batch job has a run that a worker is at."""

    def __init__(self, run: BatchjobRun) -> None:
        super().__init__(str(run))
        self.run = run


def request_run(batchjob: Batchjob, started_by: str) -> BatchjobRun:
    """A queued run: a new one, or the one that is waiting already. Raises AlreadyRunning.

    A run whose worker is gone makes way, after some seconds if it was at work on another machine.
    """
    while True:
        try:
            with transaction.atomic():
                return BatchjobRun.objects.create(batchjob=batchjob, started_by=started_by)
        except IntegrityError as error:
            if ONE_ACTIVE_RUN not in str(error):
                raise
            active = batchjob.runs.active().first()
        if active is None:  # it ended this very moment
            continue
        if active.state == BatchjobRun.State.QUEUED:
            return active
        if not make_way(active):
            raise AlreadyRunning(active)


def request_stop(run: BatchjobRun) -> None:
    """End the run: at once while it waits, between two documents while it runs."""
    BatchjobRun.objects.active().filter(pk=run.pk).update(stop_requested=True)
    BatchjobRun.objects.filter(pk=run.pk).close_what_need_not_begin()


def execute(run_id: int) -> bool:
    """Claim a queued run and see it through to its end. False, and nothing done, if another was first.

    Raises DatabaseError when the database goes away; the scheduler then takes the run for lost.
    """
    with _end_of_process() as ending:
        return _execute(run_id, ending)


def execute_in_turn(run_ids: Iterable[int]) -> None:
    """Each as `execute` does, until there are no more or this process is told to end."""
    with _end_of_process() as ending:
        for run_id in run_ids:
            _execute(run_id, ending)
            if ending.is_set():
                return


def _execute(run_id: int, ending: threading.Event) -> bool:
    worker = worker_identity.own_identity()
    if not BatchjobRun.objects.claim(run_id, worker):
        BatchjobRun.objects.filter(pk=run_id).close_what_need_not_begin()
        return False
    run = BatchjobRun.objects.select_related(*_NEEDED).get(pk=run_id)
    progress = RunProgress(run, ending)
    try:
        outcome = _outcome(run, progress)
        progress.end(outcome.state, outcome.error)
    except RunTakenAway:
        logger.warning("Run %s was taken away from worker %s; it ends without another word", run_id, worker)
    else:
        outcome.follow_up(run)
    return True


def _outcome(run: BatchjobRun, progress: RunProgress) -> Outcome:
    """Do the work, and tell how it ended. Raises RunTakenAway, and DatabaseError when that is away."""
    unread: Wording | None = None
    try:
        administration = run.batchjob.administration
        if not is_possible(run.batchjob):
            raise NotActive
        with connect(administration) as client:
            _WORK[run.batchjob.type](administration, client, progress)
    except RunStopped:
        return Stopped(BatchjobRun.State.STOPPED)
    except WorkerEnding:
        return CutOff(BatchjobRun.State.FAILED, WORKER_ENDED)
    except tuple(_UNUSABLE) as error:
        return Refused(BatchjobRun.State.FAILED, _UNUSABLE[type(error)])
    except (EConnectError, PlatformGone) as error:
        kind = Refused if isinstance(error, NeedsPerson) else Outcome
        return kind(BatchjobRun.State.FAILED, error.wording)
    except Unread as error:
        unread = error.wording
    except (RunTakenAway, OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("Run %s ended in a way nobody thought of", run.pk)
        return Outcome(BatchjobRun.State.FAILED, UNFORESEEN)
    run.refresh_from_db(fields=["failed"])
    partly_failed = run.failed or unread
    return Done(BatchjobRun.State.PARTLY_FAILED if partly_failed else BatchjobRun.State.SUCCEEDED, unread)


@contextmanager
def _end_of_process() -> Iterator[threading.Event]:
    """An event that is set when this process is told to end; it then ends by itself."""
    ending = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield ending  # signals come to the main thread only
        return
    signals = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: ending.set()) for number in signals}
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
