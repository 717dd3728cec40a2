"""A batch job as people see it: when it runs, and how it went."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from batchjobs import planning
from batchjobs.models import Batchjob, BatchjobRun, PlanningSchedule
from batchjobs.schedule import ScheduleError
from batchjobs.showing import RunPage, duration, starter_in_words, state_badge
from econnect_admin.models import Administration
from econnect_admin.saying import say

_RUNS = 10


def planned_in_words(batchjob: Batchjob) -> str:
    return _or_what_is_wrong(lambda: planning.in_words(planning.schedules_of(batchjob)))


def row_in_words(row: PlanningSchedule) -> str:
    return capfirst(_or_what_is_wrong(lambda: planning.in_words([planning.schedule_of(row)])))


def next_in_words(batchjob: Batchjob) -> str:
    """The next run by the clock of the administration; else why there is none."""
    if not batchjob.enabled:
        return _("disabled")
    if batchjob.next_at is None:
        return _("not planned")
    moment = batchjob.next_at
    return _or_what_is_wrong(lambda: by_the_clock_of(batchjob.administration, moment))


def error_in_words(error: ScheduleError) -> str:
    return say(error.wording.template, error.wording.values)


def _or_what_is_wrong(words: Callable[[], str]) -> str:
    try:
        return words()
    except ScheduleError as error:
        return error_in_words(error)


def by_the_clock_of(administration: Administration, moment: datetime) -> str:
    """`wo 25-11-2026 10:15`. Raises ScheduleError."""
    local = moment.astimezone(planning.zone_of(administration))
    return f"{date_format(local, 'D')} {date_format(local, 'DATETIME_FORMAT')}"


class BatchjobPage:
    def __init__(self, batchjob: Batchjob, request: HttpRequest) -> None:
        self.batchjob = batchjob
        self._request = request

    @property
    def words(self) -> str:
        return planned_in_words(self.batchjob)

    @property
    def next(self) -> str:
        return next_in_words(self.batchjob)

    @property
    def rows(self) -> list[str]:
        """Each planning schedule in words."""
        return [row_in_words(row) for row in self.batchjob.schedules.all()]

    @cached_property
    def active(self) -> RunPage | None:
        """The run that waits or is at work, if there is one."""
        run = self.batchjob.runs.active().first()
        return RunPage(run, self._request) if run else None

    @cached_property
    def runs(self) -> list[dict[str, str | BatchjobRun | SafeString | None]]:
        """The last ones, newest first."""
        return [
            {
                "run": run,
                "badge": state_badge(run.state),
                "started_by": starter_in_words(run),
                "duration": duration(run.seconds),
            }
            for run in self.batchjob.runs.order_by("-pk")[:_RUNS]
        ]

    @property
    def said(self) -> str:
        """How far it is, or how the last run ended, for who does not see the bar; "" if it never ran."""
        if self.active:
            return self.active.said
        last = self.batchjob.runs.first()
        return last.get_state_display() if last else ""

    @property
    def all_runs(self) -> str:
        """The address of the list of all its runs."""
        filters = {
            "batchjob__administration__id__exact": self.batchjob.administration_id,
            "batchjob__type__exact": self.batchjob.type,
        }
        return f"{reverse('admin:batchjobs_batchjobrun_changelist')}?{urlencode(filters)}"
