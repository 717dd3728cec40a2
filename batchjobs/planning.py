"""The planning schedules of batch jobs: stored, set, computed and put into words."""

from collections.abc import Iterable
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from batchjobs.models import Batchjob, PlanningSchedule
from batchjobs.schedule import (
    Continuous,
    Cron,
    FixedTimes,
    Schedule,
    ScheduleError,
    next_moment,
    parse_time,
)
from econnect_admin.models import Administration
from econnect_admin.wording import gettext_noop

WORKING_DAYS = frozenset(range(5))

# What users of Inventive are advised: through the day, and once more at its end.
ADVISED: tuple[Schedule, ...] = (
    Continuous(15, WORKING_DAYS, time(7), time(19)),
    FixedTimes((time(23, 30),)),
)


def zone_of(administration: Administration) -> ZoneInfo:
    """Raises ScheduleError if its time zone does not exist."""
    try:
        return ZoneInfo(administration.time_zone)
    except (OSError, ValueError, LookupError):  # a directory; no name at all; an unknown name
        words = gettext_noop("The time zone “%(zone)s” of the administration is unknown.")
        raise ScheduleError("time_zone", words, zone=administration.time_zone) from None


def schedules_of(batchjob: Batchjob) -> list[Schedule]:
    """Raises ScheduleError if one that is stored cannot be."""
    return [schedule_of(row) for row in batchjob.schedules.all()]


def schedule_of(row: PlanningSchedule) -> Schedule:
    """Raises ScheduleError, whose field is that of the row."""
    weekdays = frozenset(row.weekdays)
    if row.kind == PlanningSchedule.Kind.CONTINUOUS:
        return Continuous(row.every_minutes or 0, weekdays, row.window_start, row.window_end)
    if row.kind == PlanningSchedule.Kind.FIXED_TIMES:
        return FixedTimes(tuple(parse_time(text, "times") for text in row.times), weekdays)
    return Cron(row.cron)


def row_of(schedule: Schedule) -> PlanningSchedule:
    """Not stored yet, and of no batch job yet."""
    kind = PlanningSchedule.Kind
    if isinstance(schedule, Cron):
        return PlanningSchedule(kind=kind.CRON, cron=schedule.expression)
    weekdays = sorted(schedule.weekdays)
    if isinstance(schedule, FixedTimes):
        times = [f"{at:%H:%M}" for at in schedule.times]
        return PlanningSchedule(kind=kind.FIXED_TIMES, weekdays=weekdays, times=times)
    return PlanningSchedule(
        kind=kind.CONTINUOUS,
        weekdays=weekdays,
        every_minutes=schedule.every_minutes,
        window_start=schedule.start,
        window_end=schedule.end,
    )


def next_run(batchjob: Batchjob, now: datetime) -> datetime | None:
    """The next moment after now; None if it is disabled or nothing is planned. Raises ScheduleError."""
    if not batchjob.enabled:
        return None
    return next_moment(schedules_of(batchjob), now, zone_of(batchjob.administration))


def plan(batchjob: Batchjob, now: datetime) -> None:
    """Compute and store when it runs next; what was refused before is no reason to wait.

    Raises ScheduleError.
    """
    batchjob.refusals = 0
    batchjob.next_at = next_run(batchjob, now)
    batchjob.save(update_fields=["refusals", "next_at"])


@transaction.atomic
def set_schedules(batchjob: Batchjob, schedules: Iterable[Schedule], now: datetime) -> None:
    """Put these in the place of all that were there, and plan. Raises ScheduleError."""
    Batchjob.objects.select_for_update().get(pk=batchjob.pk)  # a scheduler plans it before or after us
    batchjob.schedules.all().delete()
    for schedule in schedules:
        batchjob.schedules.add(row_of(schedule), bulk=False)
    plan(batchjob, now)


def in_words(schedules: Iterable[Schedule]) -> str:
    """`every 15 minutes from 07:00 to 19:00, Mon–Fri; daily at 23:30`, in the active language."""
    return "; ".join(_schedule_in_words(schedule) for schedule in schedules) or _("not planned")


def _schedule_in_words(schedule: Schedule) -> str:
    match schedule:
        case Continuous():
            return _continuous_in_words(schedule)
        case FixedTimes(times, weekdays):
            return _("%(days)s at %(times)s") % {
                "days": _weekdays_in_words(weekdays) or _("daily"),
                "times": get_text_list([f"{at:%H:%M}" for at in sorted(times)], _("and")),
            }
        case Cron(expression):
            return _("by cron expression %(expression)s") % {"expression": expression}


def _continuous_in_words(schedule: Continuous) -> str:
    count = schedule.every_minutes
    words = ngettext("every minute", "every %(count)s minutes", count) % {"count": count}
    if schedule.start or schedule.end:
        start, end = (f"{at or time(0):%H:%M}" for at in (schedule.start, schedule.end))
        end = "24:00" if end == "00:00" else end
        words = _("%(words)s from %(start)s to %(end)s") % {"words": words, "start": start, "end": end}
    days = _weekdays_in_words(schedule.weekdays)
    return f"{words}, {days}" if days else words


def _weekdays_in_words(weekdays: frozenset[int]) -> str:
    """`Mon–Fri, Sun`; "" for every day."""
    if len(weekdays) in {0, 7}:
        return ""
    spans: list[list[int]] = []
    for day in sorted(weekdays):
        if spans and spans[-1][-1] == day - 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    return ", ".join(_span_in_words(span) for span in spans)


def _span_in_words(days: list[int]) -> str:
    names = [str(WEEKDAYS_ABBR[day]) for day in days]
    return f"{names[0]}–{names[-1]}" if len(names) > 2 else ", ".join(names)
