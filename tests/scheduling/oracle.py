"""What a schedule means, found by looking at the clock on the wall at every minute, one after the other."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@cache
def _clock(zone: ZoneInfo, first: date, days: int) -> tuple[list[datetime], list[datetime]]:
    """Every minute from three days before to three after, and the latest that the clock has shown by then."""
    begin = datetime.combine(first - 3 * DAY, time(0), UTC)
    minutes = [begin + number * MINUTE for number in range((days + 6) * 1440)]
    shown = (minute.astimezone(zone).replace(tzinfo=None) for minute in minutes)
    return minutes, list(accumulate(shown, max))


class Oracle:
    """The moments in UTC from the first day on, for so many days."""

    def __init__(self, zone: ZoneInfo, first: date, days: int) -> None:
        self.begin = datetime.combine(first, time(0), UTC)
        self.end = self.begin + days * DAY
        self._minutes, self._shown = _clock(zone, first, days)
        self._days = [first + number * DAY for number in range(-2, days + 2)]

    def fixed(self, times: set[time], weekdays: set[int]) -> set[datetime]:
        return self._within(
            {
                self._minutes[self._when(day, at)]
                for day in self._days
                if day.weekday() in weekdays
                for at in times
            }
        )

    def continuous(self, every: int, weekdays: set[int], start: time, end: time) -> set[datetime]:
        moments = set()
        for day in self._days:
            if day.weekday() not in weekdays:
                continue
            opens = self._when(day, start)
            closes = self._when(day if start < end else day + DAY, end)
            moments |= {
                self._minutes[number] for number in range(opens, closes + 1) if (number - opens) % every == 0
            }
        return self._within(moments)

    def _when(self, day: date, at: time) -> int:
        """The first minute at which the clock shows that time, or has gone past it."""
        return min(bisect_left(self._shown, datetime.combine(day, at)), len(self._minutes) - 1)

    def _within(self, moments: set[datetime]) -> set[datetime]:
        return {moment for moment in moments if self.begin < moment < self.end}
