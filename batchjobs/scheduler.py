"""Makes runs of the batch jobs that are due; looks after the runs and authorisation requests that are there.

Any number of schedulers may be at work at once. What is due is claimed in PostgreSQL with row
locks that others skip; a run is created and the next moment set in one transaction; the workers
are given the id after it. Whatever fails there, Redis included, is mended by `Recovery`.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from redis.exceptions import RedisError

from batchjobs.checks import enqueue_checks
from batchjobs.clock import database_now
from batchjobs.jobs import enqueue_all
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.pruning import prune_some
from batchjobs.recovery import Recovery
from batchjobs.replanning import PlanMending, set_next_moments
from batchjobs.signs_of_life import SECONDS_BETWEEN_SIGNS, give_sign
from econnect_admin.linking.watching import look_after_requests

logger = logging.getLogger(__name__)

_AT_ONCE = 500  # batch jobs claimed in one transaction
_LONGEST_SLEEP = 2.0  # seconds; a schedule that was set meanwhile waits no longer
_SHORTEST_SLEEP = 0.05
_SECONDS_BETWEEN_RECOVERIES = 5.0
_SECONDS_BETWEEN_LOOKS = 5.0  # at authorisation requests
_SECONDS_BETWEEN_MENDINGS = 3600.0
_SECONDS_BETWEEN_PRUNINGS = 86400.0


def start_due_runs() -> int:
    """Make and enqueue a run of each batch job that is due. Gives how many were due.

    One whose run still waits needs none. One whose run is at work stays due until that ends. So however
    many moments were missed, one run follows.
    Raises redis.RedisError when the runs are there and could not be enqueued.
    """
    total = 0
    while True:
        due, created = _claim()
        enqueue_all(created)
        total += due
        if due < _AT_ONCE:
            return total


def _claim() -> tuple[int, list[int]]:
    """How many were due, at most `_AT_ONCE`, and the runs made of them.

    1. Lock what is due, not at work, and not locked by anybody else.
    2. Set the next moment of each.
    3. Create the runs. A person may do so at this very moment: the constraint then lets one be.
    """
    with transaction.atomic():
        due = Batchjob.objects.due().not_at_work().select_for_update(skip_locked=True, of=("self",))
        batchjobs = list(
            due.select_related("administration").prefetch_related("schedules").order_by("next_at")[:_AT_ONCE]
        )
        if not batchjobs:
            return 0, []
        set_next_moments(batchjobs)
        active = set(
            BatchjobRun.objects.active().filter(batchjob__in=batchjobs).values_list("batchjob", flat=True)
        )
        idle = [batchjob for batchjob in batchjobs if batchjob.pk not in active]
        BatchjobRun.objects.bulk_create(
            [BatchjobRun(batchjob=batchjob) for batchjob in idle], ignore_conflicts=True
        )
        created = BatchjobRun.objects.filter(batchjob__in=idle, state=BatchjobRun.State.QUEUED)
        return len(batchjobs), list(created.order_by("pk").values_list("pk", flat=True))


@dataclass
class _Duty:
    """Something done again and again; one that fails keeps no other from being done.

    Work that gives True has more to do, at the next turn.
    """

    name: str
    work: Callable[[], object]
    every: float = 0.0  # seconds
    trouble: str = ""  # why it could not be done the last time
    goes_on: bool = False
    _due: float = 0.0

    def do_if_due(self) -> None:
        if time.monotonic() < self._due:
            return
        self.goes_on, self.trouble = self._attempt()
        pause = 0.0 if self.goes_on else _LONGEST_SLEEP if self.trouble else self.every
        self._due = time.monotonic() + pause

    def _attempt(self) -> tuple[bool, str]:
        """Gives whether there is more to do; and what is away, if that is why it failed: it is waited for."""
        try:
            return self.work() is True, ""
        except (OperationalError, InterfaceError) as error:
            return False, f"The database cannot be used: {error}".strip()
        except RedisError as error:
            return False, f"Redis cannot be used: {error}"
        except Exception:
            logger.exception("%s failed", self.name)
            return False, f"{self.name} failed."


class Scheduler:
    """Works until it is told to end."""

    def __init__(self, ending: threading.Event) -> None:
        self._ending = ending
        self._trouble = ""
        self._duties = [
            _Duty("Giving a sign of life", give_sign, SECONDS_BETWEEN_SIGNS),
            _Duty("Starting what is due", start_due_runs),
            _Duty("Recovering runs", Recovery().look, _SECONDS_BETWEEN_RECOVERIES),
            _Duty("Checking requests", partial(look_after_requests, enqueue_checks), _SECONDS_BETWEEN_LOOKS),
            _Duty("Mending plans", PlanMending().mend_some, _SECONDS_BETWEEN_MENDINGS),
            _Duty("Pruning old runs", prune_some, _SECONDS_BETWEEN_PRUNINGS),
        ]

    def run(self) -> None:
        while not self._ending.is_set():
            close_old_connections()
            for duty in self._duties:
                duty.do_if_due()
            self._tell_of_trouble()
            self._ending.wait(self._seconds_to_sleep())

    def _tell_of_trouble(self) -> None:
        """Once when it begins, and once when it is over."""
        trouble = next((duty.trouble for duty in self._duties if duty.trouble), "")
        if bool(trouble) != bool(self._trouble):
            logger.warning("%s", trouble or "All is well again.")
        self._trouble = trouble

    def _seconds_to_sleep(self) -> float:
        """Until the next batch job is due, or something goes on."""
        if any(duty.goes_on for duty in self._duties):
            return _SHORTEST_SLEEP
        if self._trouble:
            return _LONGEST_SLEEP
        try:
            to_come = Batchjob.objects.planned().not_at_work().order_by("next_at")
            first = to_come.values_list("next_at", flat=True).first()
            pause = (first - database_now()).total_seconds() if first else _LONGEST_SLEEP
        except (OperationalError, InterfaceError):
            return _LONGEST_SLEEP
        return min(max(pause, _SHORTEST_SLEEP), _LONGEST_SLEEP)
