"""When a batch job runs, by hand-written examples."""

from datetime import UTC, datetime, time
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchjobs.schedule import (
    Continuous,
    Cron,
    FixedTimes,
    Schedule,
    ScheduleError,
    next_moment,
    next_moments,
    parse_time,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
MONDAY, FRIDAY, SUNDAY = 0, 4, 6


def times(*schedules: Schedule, after: str, until: str, zone: ZoneInfo = AMSTERDAM) -> list[str]:
    """`25 02:30+0200` and so on: day, time of day, distance from UTC; both ends are local."""
    begin, end = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in (after, until))
    found = next_moments(schedules, begin, zone, 200)
    return [f"{moment.astimezone(zone):%d %H:%M%z}" for moment in found if moment <= end]


def test_continuous_is_at_the_start_of_the_window_and_at_its_end() -> None:
    schedule = Continuous(15, start=time(7), end=time(7, 45))
    assert times(schedule, after="2026-11-23", until="2026-11-23T23:00") == [
        "23 07:00+0100",
        "23 07:15+0100",
        "23 07:30+0100",
        "23 07:45+0100",
    ]


def test_continuous_begins_anew_in_each_window() -> None:
    schedule = Continuous(50, start=time(7), end=time(8))
    assert times(schedule, after="2026-11-23", until="2026-11-24T23:00") == [
        "23 07:00+0100",
        "23 07:50+0100",
        "24 07:00+0100",
        "24 07:50+0100",
    ]


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_starts() -> None:
    schedule = Continuous(240, frozenset({FRIDAY}), time(22), time(6))
    assert times(schedule, after="2026-11-23", until="2026-11-30") == [
        "27 22:00+0100",
        "28 02:00+0100",
        "28 06:00+0100",
    ]


def test_a_window_over_midnight_has_an_hour_more_when_the_clocks_go_back() -> None:
    schedule = Continuous(60, start=time(22), end=time(6))
    assert times(schedule, after="2026-10-24T21:00", until="2026-10-25T21:00") == [
        "24 22:00+0200",
        "24 23:00+0200",
        "25 00:00+0200",
        "25 01:00+0200",
        "25 02:00+0200",
        "25 02:00+0100",
        "25 03:00+0100",
        "25 04:00+0100",
        "25 05:00+0100",
        "25 06:00+0100",
    ]


def test_a_window_over_midnight_has_an_hour_less_when_the_clocks_go_forward() -> None:
    schedule = Continuous(60, start=time(22), end=time(6))
    assert times(schedule, after="2027-03-27T21:00", until="2027-03-28T21:00") == [
        "27 22:00+0100",
        "27 23:00+0100",
        "28 00:00+0100",
        "28 01:00+0100",
        "28 03:00+0200",
        "28 04:00+0200",
        "28 05:00+0200",
        "28 06:00+0200",
    ]


def test_steps_are_elapsed_minutes_also_where_they_do_not_meet_the_hours() -> None:
    schedule = Continuous(90, start=time(1), end=time(5))
    assert times(schedule, after="2026-10-25", until="2026-10-25T12:00") == [
        "25 01:00+0200",
        "25 02:30+0200",
        "25 03:00+0100",
        "25 04:30+0100",
    ]


def test_a_window_that_starts_at_a_time_that_does_not_exist_starts_at_the_next_that_does() -> None:
    schedule = Continuous(45, start=time(2, 30), end=time(4))
    assert times(schedule, after="2027-03-28", until="2027-03-28T12:00") == ["28 03:00+0200", "28 03:45+0200"]


def test_a_window_that_ends_at_a_time_that_exists_twice_ends_at_the_first() -> None:
    schedule = Continuous(30, start=time(1, 30), end=time(2, 30))
    assert times(schedule, after="2026-10-25", until="2026-10-25T12:00") == [
        "25 01:30+0200",
        "25 02:00+0200",
        "25 02:30+0200",
    ]


def test_no_window_means_the_whole_day_up_to_midnight() -> None:
    schedule = Continuous(720, frozenset({SUNDAY}))
    assert times(schedule, after="2026-11-21T12:00", until="2026-11-28") == [
        "22 00:00+0100",
        "22 12:00+0100",
        "23 00:00+0100",
    ]


def test_days_without_a_window_follow_each_other_without_doubles() -> None:
    assert times(Continuous(720), after="2026-11-21T12:00", until="2026-11-23T12:00") == [
        "22 00:00+0100",
        "22 12:00+0100",
        "23 00:00+0100",
        "23 12:00+0100",
    ]


@pytest.mark.parametrize("schedule", [FixedTimes((time(2, 30),)), Cron("30 2 * * *")], ids=["fixed", "cron"])
class TestAtAFixedTime:
    def test_one_that_does_not_exist_runs_at_the_next_existing_moment(self, schedule: Schedule) -> None:
        assert times(schedule, after="2027-03-28", until="2027-03-29T12:00") == [
            "28 03:00+0200",
            "29 02:30+0200",
        ]

    def test_one_that_exists_twice_runs_once(self, schedule: Schedule) -> None:
        assert times(schedule, after="2026-10-25", until="2026-10-26T12:00") == [
            "25 02:30+0200",
            "26 02:30+0100",
        ]

    def test_one_that_exists_twice_does_not_run_again_when_asked_between_the_two(
        self, schedule: Schedule
    ) -> None:
        second_time_two = datetime(2026, 10, 25, 1, 5, tzinfo=UTC)
        assert next_moment([schedule], second_time_two, AMSTERDAM) == datetime(
            2026, 10, 26, 1, 30, tzinfo=UTC
        )


def test_two_times_in_the_hour_that_does_not_exist_run_once() -> None:
    schedule = FixedTimes((time(2, 15), time(2, 45)))
    assert times(schedule, after="2027-03-28", until="2027-03-28T12:00") == ["28 03:00+0200"]


def test_where_clocks_jump_half_an_hour_the_next_existing_moment_is_half_past() -> None:
    schedule = FixedTimes((time(2, 15),))
    found = times(schedule, after="2026-10-04", until="2026-10-04T12:00", zone=LORD_HOWE)
    assert found == ["04 02:30+1100"]


def test_weekdays_choose_the_days() -> None:
    schedule = FixedTimes((time(23, 30),), frozenset({MONDAY, FRIDAY}))
    assert times(schedule, after="2026-11-21", until="2026-11-29") == ["23 23:30+0100", "27 23:30+0100"]


def test_several_schedules_are_merged_and_a_moment_in_two_of_them_comes_once() -> None:
    schedules = (Continuous(60, start=time(22), end=time(23)), FixedTimes((time(23), time(6))))
    assert times(*schedules, after="2026-11-23", until="2026-11-23T23:59") == [
        "23 06:00+0100",
        "23 22:00+0100",
        "23 23:00+0100",
    ]


def test_the_moment_itself_is_not_after_itself() -> None:
    six = datetime(2026, 11, 23, 5, tzinfo=UTC)
    schedule = FixedTimes((time(6),))
    assert next_moment([schedule], six, AMSTERDAM) == datetime(2026, 11, 24, 5, tzinfo=UTC)


def test_cron_is_read_by_the_clock_of_the_zone_through_both_hours_of_two() -> None:
    found = times(Cron("*/30 * * * *"), after="2026-10-25T01:30", until="2026-10-25T03:00")
    assert found == ["25 02:00+0200", "25 02:30+0200", "25 02:00+0100", "25 02:30+0100", "25 03:00+0100"]


def test_nothing_planned_is_no_moment() -> None:
    assert next_moment([], datetime(2026, 11, 23, tzinfo=UTC), AMSTERDAM) is None


def test_a_cron_expression_that_never_comes_true_is_no_moment_and_found_out_at_once() -> None:
    fifth_monday_of_february_but_not_the_29th = Cron("*/7 */5 */5 2 MON#5")
    begin = perf_counter()
    after = datetime(2026, 11, 23, tzinfo=UTC)
    assert next_moments([fifth_monday_of_february_but_not_the_29th], after, AMSTERDAM, 10) == []
    assert perf_counter() - begin < 2


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_minutes_are_from_1_to_1440(minutes: int) -> None:
    with pytest.raises(ScheduleError, match="from 1 to 1440") as refusal:
        Continuous(minutes)
    assert refusal.value.field == "every_minutes"


@pytest.mark.parametrize(
    "text", ["24:00", "7:00", "07:60", "0700", "07:00:00", "", "ab:cd", "٠٧:٠٠", "-1:30"]
)
def test_a_time_of_day_is_hours_and_minutes(text: str) -> None:
    with pytest.raises(ScheduleError, match="HH:MM") as refusal:
        parse_time(text, "times")
    assert refusal.value.field == "times"


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("* * * *", "five fields"),
        ("0 * * * * *", "five fields"),
        ("@daily", "five fields"),
        ("", "five fields"),
        ("61 * * * *", "Bad minute"),
        ("0 0 30 2 *", "Bad day-of-month"),
        (f"{'1,' * 60}1 * * * *", "at most 100 characters"),
    ],
)
def test_what_is_no_cron_expression_is_refused_with_the_reason(expression: str, complaint: str) -> None:
    with pytest.raises(ScheduleError, match=complaint) as refusal:
        Cron(expression)
    assert refusal.value.field == "cron"


def test_fixed_times_need_a_time() -> None:
    with pytest.raises(ScheduleError, match="At least one time"):
        FixedTimes(())


def test_there_are_seven_weekdays() -> None:
    with pytest.raises(ScheduleError, match="weekday"):
        FixedTimes((time(7),), frozenset({7}))


_FIELD = st.text("0123456789*/,-#LW", min_size=1, max_size=8) | st.text(min_size=1, max_size=4)


@given(st.lists(_FIELD, min_size=5, max_size=5).map(" ".join))
def test_any_text_is_a_cron_expression_or_refused(text: str) -> None:
    try:
        schedule = Cron(text)
    except ScheduleError:
        return
    after = datetime(2026, 11, 23, tzinfo=UTC)
    following = next_moment([schedule], after, AMSTERDAM)
    assert following is None or following > after
