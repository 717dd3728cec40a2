"""A batch job as people see it: when it runs, and how it went."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from batchjobs import planning
from batchjobs.models import Batchjob
from batchjobs.schedule import ScheduleError, next_moments
from batchjobs.showing import duration, starter_in_words, state_badge
from econnect_admin.saying import say

_MOMENTS = 10
_RUNS = 6


def planned_in_words(batchjob: Batchjob) -> str:
    return _or_what_is_wrong(lambda: planning.in_words(planning.schedules_of(batchjob)))


def next_in_words(batchjob: Batchjob) -> str:
    """The next run by the clock of the administration; else why there is none."""
    if not batchjob.enabled:
        return _("disabled")
    if batchjob.next_at is None:
        return _("not planned")
    moment = batchjob.next_at
    return _or_what_is_wrong(lambda: _by_the_clock_of(batchjob, moment))


def error_in_words(error: ScheduleError) -> str:
    return say(error.wording.template, error.wording.values)


def _or_what_is_wrong(words: Callable[[], str]) -> str:
    try:
        return words()
    except ScheduleError as error:
        return error_in_words(error)


def _by_the_clock_of(batchjob: Batchjob, moment: datetime) -> str:
    """`wo 25-11-2026 10:15`. Raises ScheduleError."""
    return date_format(moment.astimezone(planning.zone_of(batchjob.administration)), "D d-m-Y H:i")


class BatchjobPage:
    def __init__(self, batchjob: Batchjob) -> None:
        self.batchjob = batchjob

    @property
    def words(self) -> str:
        return planned_in_words(self.batchjob)

    @property
    def next(self) -> str:
        return next_in_words(self.batchjob)

    @property
    def zone(self) -> str:
        return self.batchjob.administration.time_zone

    @cached_property
    def moments(self) -> list[str]:
        """The next ones of the planning schedules, be it enabled or not; none if they cannot be told."""
        try:
            schedules = planning.schedules_of(self.batchjob)
            zone = planning.zone_of(self.batchjob.administration)
            moments = next_moments(schedules, timezone.now(), zone, _MOMENTS)
            return [_by_the_clock_of(self.batchjob, moment) for moment in moments]
        except ScheduleError:
            return []

    @cached_property
    def runs(self) -> list[dict[str, str | int | datetime | SafeString | None]]:
        return [
            {
                "key": run.pk,
                "badge": state_badge(run.state),
                "queued_at": run.queued_at,
                "started_by": starter_in_words(run),
                "duration": duration(run.seconds),
            }
            for run in self.batchjob.runs.order_by("-pk")[:_RUNS]
        ]
