"""Over years, in zones with odd clocks, the moments are those that walking over every minute finds."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from batchjobs.schedule import Continuous, Cron, FixedTimes, Schedule, next_moment, next_moments
from tests.scheduling.oracle import Oracle

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONES = [
    AMSTERDAM,
    ZoneInfo("Africa/Cairo"),  # jumps at midnight
    ZoneInfo("Africa/Casablanca"),  # four times a year
    ZoneInfo("America/St_Johns"),  # half an hour off, until 2011 at one minute past midnight
    ZoneInfo("Australia/Lord_Howe"),  # jumps half an hour
    ZoneInfo("Pacific/Apia"),  # left 30 December 2011 out
    ZoneInfo("UTC"),
]
DAYS = 3


@cache
def odd_days(zone: ZoneInfo) -> list[date]:
    """The days on which the clocks jump, from 2005 to 2040."""
    noons = [datetime(2005, 1, 1, 12, tzinfo=UTC) + timedelta(days=number) for number in range(13000)]
    offsets = [noon.astimezone(zone).utcoffset() for noon in noons]
    return [noons[n].date() for n in range(1, len(noons)) if offsets[n] != offsets[n - 1]]


@st.composite
def oracles(draw: st.DrawFn) -> tuple[ZoneInfo, Oracle]:
    zone = draw(st.sampled_from(ZONES))
    any_day = st.dates(date(2005, 1, 1), date(2040, 1, 1))
    first = draw(st.sampled_from(odd_days(zone)) | any_day if odd_days(zone) else any_day)
    return zone, Oracle(zone, first - timedelta(days=1), DAYS)


quarters = st.builds(time, st.integers(0, 4), st.sampled_from([0, 1, 15, 30, 45, 59]))
times_of_day = quarters | st.builds(time, st.integers(0, 23), st.integers(0, 59))
some_weekdays = st.frozensets(st.integers(0, 6))


def moments(schedule: Schedule, zone: ZoneInfo, oracle: Oracle) -> list[datetime]:
    """Those in the days of the oracle, each found from the one before."""
    found: list[datetime] = []
    moment = next_moment([schedule], oracle.begin, zone)
    while moment is not None and moment < oracle.end:
        found.append(moment)
        moment = next_moment([schedule], moment, zone)
    return found


@settings(max_examples=300, deadline=None)
@given(oracles(), st.sets(times_of_day, min_size=1, max_size=4), some_weekdays)
def test_fixed_times(place: tuple[ZoneInfo, Oracle], times: set[time], weekdays: frozenset[int]) -> None:
    zone, oracle = place
    expected = oracle.fixed(times, set(weekdays or range(7)))
    schedule = FixedTimes(tuple(times), weekdays)
    assert moments(schedule, zone, oracle) == sorted(expected)


@settings(max_examples=300, deadline=None)
@given(
    oracles(),
    st.integers(20, 1440) | st.sampled_from([1, 5, 15]),
    some_weekdays,
    times_of_day,
    times_of_day,
)
def test_continuous(
    place: tuple[ZoneInfo, Oracle], every: int, weekdays: frozenset[int], start: time, end: time
) -> None:
    zone, oracle = place
    expected = oracle.continuous(every, set(weekdays or range(7)), start, end)
    assert moments(Continuous(every, weekdays, start, end), zone, oracle) == sorted(expected)


def test_the_advised_schedule_through_a_whole_year() -> None:
    oracle = Oracle(AMSTERDAM, date(2026, 1, 1), 365)
    working_days = set(range(5))
    expected = oracle.continuous(15, working_days, time(7), time(19)) | oracle.fixed(
        {time(23, 30)}, set(range(7))
    )
    schedules: list[Schedule] = [
        Continuous(15, frozenset(working_days), time(7), time(19)),
        FixedTimes((time(23, 30),)),
    ]
    assert next_moments(schedules, oracle.begin, AMSTERDAM, len(expected)) == sorted(expected)


schedules_of_any_kind = st.one_of(
    st.builds(
        Continuous, st.integers(1, 1440), some_weekdays, st.none() | times_of_day, st.none() | quarters
    ),
    st.builds(FixedTimes, st.lists(times_of_day, min_size=1, max_size=3).map(tuple), some_weekdays),
    st.sampled_from(["*/15 * * * *", "30 2 * * *", "0,30 1-3 * * *", "15 2 * * 7", "0 0 1 * *"]).map(Cron),
)
instants = st.datetimes(
    datetime(2005, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(schedules_of_any_kind, min_size=1, max_size=3), st.sampled_from(ZONES), instants)
def test_moments_come_in_order_and_after_the_one_asked_for_and_never_twice(
    schedules: list[Schedule], zone: ZoneInfo, after: datetime
) -> None:
    found = [after, *next_moments(schedules, after, zone, 20)]
    assert len(found) == 21
    assert all(earlier < later for earlier, later in pairwise(found))


@settings(max_examples=300, deadline=None)
@given(st.lists(schedules_of_any_kind, min_size=1, max_size=3), st.sampled_from(ZONES), instants, st.data())
def test_no_moment_is_skipped_by_asking_later(
    schedules: list[Schedule], zone: ZoneInfo, after: datetime, data: st.DataObject
) -> None:
    following = next_moment(schedules, after, zone)
    assert following is not None
    seconds = data.draw(st.floats(0, (following - after).total_seconds(), exclude_max=True))
    later = min(after + timedelta(seconds=seconds), following - timedelta(microseconds=1))
    assert next_moment(schedules, max(later, after), zone) == following
