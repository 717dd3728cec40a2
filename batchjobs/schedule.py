"""When a batch job runs: planning schedules in, moments out. Plain Python.

People plan by the clock on the wall of a time zone; moments are in UTC. Two days a year differ: a time of day
that does not exist stands for the next moment that does, one that exists twice for the first of the two.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from econnect_admin.wording import Wording, gettext_noop

LONGEST_CRON = 100  # characters

_MIDNIGHT = time(0)
_DAY = timedelta(days=1)
# A window may have begun the day before, and a day that a zone left out ends on the one after it.
_DAYS_BACK, _DAYS_AHEAD = 2, 9


class ScheduleError(Exception):
    """A schedule that cannot be: `field` is the field of the schedule it is about, `wording` says why."""

    def __init__(self, field: str, template: str, **values: str | int) -> None:
        self.field = field
        self.wording = Wording(template, values)
        super().__init__(str(self.wording))


@dataclass(frozen=True)
class Continuous:
    """At the start of a window, and every so many elapsed minutes after it until the window's end.

    The end itself counts. A window that ends at or before its start's time of day ends on the next day.
    Without a start it is from 00:00, without an end to 24:00, which is 00:00 of the next day.
    """

    every_minutes: int
    weekdays: frozenset[int] = frozenset()  # on which a window starts; 0 is Monday; none: every day
    start: time | None = None
    end: time | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.every_minutes <= 1440:
            raise ScheduleError("every_minutes", gettext_noop("The number of minutes is from 1 to 1440."))
        _check_weekdays(self.weekdays)

    def moments(self, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """The moments after `after`, in order, of the days around it."""
        step = timedelta(minutes=self.every_minutes)
        start_time, end_time = self.start or _MIDNIGHT, self.end or _MIDNIGHT
        for day in _days_around(after, zone, self.weekdays):
            last_day = day if end_time > start_time else day + _DAY
            moment = resolve(datetime.combine(day, start_time), zone)
            end = resolve(datetime.combine(last_day, end_time), zone)
            if moment <= after:
                moment += ((after - moment) // step + 1) * step
            while moment <= end:
                yield moment
                moment += step


@dataclass(frozen=True)
class FixedTimes:
    """At times of day."""

    times: tuple[time, ...]
    weekdays: frozenset[int] = frozenset()  # 0 is Monday; none: every day

    def __post_init__(self) -> None:
        if not self.times:
            raise ScheduleError("times", gettext_noop("At least one time of day is needed."))
        _check_weekdays(self.weekdays)

    def moments(self, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """The moments after `after`, in order, of the days around it."""
        for day in _days_around(after, zone, self.weekdays):
            for at in sorted(self.times):
                moment = resolve(datetime.combine(day, at), zone)
                if moment > after:
                    yield moment


@dataclass(frozen=True)
class Cron:
    """By a cron expression of five fields, as Debian's cron reads it."""

    expression: str

    def __post_init__(self) -> None:
        if len(self.expression) > LONGEST_CRON:
            words = gettext_noop("A cron expression has at most %(most)s characters.")
            raise ScheduleError("cron", words, most=LONGEST_CRON)
        if len(self.expression.split()) != 5:
            words = gettext_noop(
                "A cron expression has five fields: minute, hour, day of the month, month, day of the week."
            )
            raise ScheduleError("cron", words)
        try:
            CronSim(self.expression, datetime(2000, 1, 1, tzinfo=UTC))
        except CronSimError as error:
            words = gettext_noop("This is no cron expression: %(reason)s.")
            raise ScheduleError("cron", words, reason=str(error)) from None

    def moments(self, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """The moments after `after`, in order; none if the expression does not match in fifty years."""
        for local in CronSim(self.expression, after.astimezone(zone)):
            moment = local.astimezone(UTC)
            if moment > after:
                yield moment


Schedule = Continuous | FixedTimes | Cron


def next_moment(schedules: Iterable[Schedule], after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first moment (UTC) strictly after `after` (aware) that is in any of the schedules.

    None: there is none.
    """
    after = after.astimezone(UTC)
    firsts = (next(schedule.moments(after, zone), None) for schedule in schedules)
    return min((first for first in firsts if first is not None), default=None)


def next_moments(
    schedules: Iterable[Schedule], after: datetime, zone: ZoneInfo, count: int
) -> list[datetime]:
    """The first `count` moments after `after`, in order, each once; fewer if there are no more."""
    return list(islice(_all_moments(tuple(schedules), after, zone), count))


def parse_time(text: str, field: str) -> time:
    """`07:00`. Raises ScheduleError about that field."""
    hours, _, minutes = text.partition(":")
    if len(hours) == len(minutes) == 2 and (hours + minutes).isascii() and (hours + minutes).isdigit():
        try:
            return time(int(hours), int(minutes))
        except ValueError:
            pass  # 25:00
    words = gettext_noop("“%(text)s” is no time of day: write it as HH:MM, from 00:00 to 23:59.")
    raise ScheduleError(field, words, text=text)


def resolve(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks of the zone show `wall` (naive)."""
    local = wall.replace(tzinfo=zone, fold=0)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    return _end_of_gap(local)


def _end_of_gap(local: datetime) -> datetime:
    """The moment at which the clocks jump over a time that does not exist."""
    offset_after = local.replace(fold=1).utcoffset()
    start = local.replace(fold=1).astimezone(UTC)
    seconds = range(int((local.astimezone(UTC) - start).total_seconds()) + 1)

    def has_jumped(second: int) -> bool:
        return (start + timedelta(seconds=second)).astimezone(local.tzinfo).utcoffset() == offset_after

    return start + timedelta(seconds=bisect_left(seconds, True, key=has_jumped))


def _all_moments(schedules: tuple[Schedule, ...], after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    moment = next_moment(schedules, after, zone)
    while moment is not None:
        yield moment
        moment = next_moment(schedules, moment, zone)


def _days_around(after: datetime, zone: ZoneInfo, weekdays: frozenset[int]) -> Iterator[date]:
    today = after.astimezone(zone).date()
    for number in range(-_DAYS_BACK, _DAYS_AHEAD):
        day = today + number * _DAY
        if not weekdays or day.weekday() in weekdays:
            yield day


def _check_weekdays(weekdays: frozenset[int]) -> None:
    if not weekdays <= frozenset(range(7)):
        raise ScheduleError("weekdays", gettext_noop("A weekday is from 0 (Monday) to 6 (Sunday)."))
