"""Planning schedules as people read them."""

from datetime import time

import pytest
from django.utils import translation

from batchjobs.planning import ADVISED, in_words
from batchjobs.schedule import Continuous, Cron, FixedTimes, Schedule

ENGLISH: list[tuple[tuple[Schedule, ...], str]] = [
    (ADVISED, "every 15 minutes from 07:00 to 19:00, Mon–Fri; daily at 23:30"),
    ((), "not planned"),
    ((Continuous(1),), "every minute"),
    ((Continuous(60, end=time(12)),), "every 60 minutes from 00:00 to 12:00"),
    ((Continuous(60, start=time(12), end=time(0)),), "every 60 minutes from 12:00 to 24:00"),
    ((Continuous(5, frozenset({5, 6}), time(22), time(6)),), "every 5 minutes from 22:00 to 06:00, Sat, Sun"),
    ((FixedTimes((time(9), time(7), time(8)), frozenset(range(7))),), "daily at 07:00, 08:00 and 09:00"),
    ((FixedTimes((time(7),), frozenset({0, 2, 3, 4, 6})),), "Mon, Wed–Fri, Sun at 07:00"),
    ((Cron("0 7 * * 1-5"),), "by cron expression 0 7 * * 1-5"),
]


@pytest.mark.parametrize(("schedules", "words"), ENGLISH)
def test_in_english(schedules: tuple[Schedule, ...], words: str) -> None:
    with translation.override("en"):
        assert in_words(schedules) == words
