"""Planning a batch job from the command line."""

from collections.abc import Callable
from datetime import timedelta
from subprocess import CompletedProcess

import pytest
from django.utils import timezone

from batchjobs.models import Batchjob, PlanningSchedule
from batchjobs.planning import plan
from batchjobs.setup import ensure_batchjobs
from econnect_admin.models import Administration
from tests.conftest import json_of

Manage = Callable[..., CompletedProcess[str]]
PLAN = ("plan_batchjob", "import", "--administration", "REF")
ADVISED = "every 15 minutes from 07:00 to 19:00, Mon–Fri; daily at 23:30"


@pytest.fixture
def moments(manage: Manage) -> Callable[..., list[str]]:
    """What `--next` prints as JSON."""

    def run(*arguments: str) -> list[str]:
        result = manage(*PLAN, *arguments, "--json")
        assert result.returncode == 0, result.stderr
        answer = json_of(result)
        assert isinstance(answer, list)
        return answer

    return run


def test_it_makes_the_batch_job_and_says_what_it_has_set(
    administration: Administration, manage: Manage
) -> None:
    result = manage(
        *PLAN,
        "--every",
        "10",
        "--between",
        "22:00-06:00",
        "--days",
        "mon,wed,thu,fri",
        "--at",
        "12:00",
        "--json",
    )
    batchjob = Batchjob.objects.get()
    assert batchjob.next_at is not None
    assert json_of(result) == {
        "administration": "REF",
        "batchjob": "import",
        "enabled": True,
        "in_words": "every 10 minutes from 22:00 to 06:00, Mon, Wed–Fri; Mon, Wed–Fri at 12:00",
        "next": batchjob.next_at.isoformat().replace("+00:00", "Z"),
    }


def test_the_batch_job_is_due_at_the_next_moment(administration: Administration, manage: Manage) -> None:
    manage(*PLAN, "--every", "1")
    next_at = Batchjob.objects.get().next_at
    assert next_at is not None
    assert timedelta(0) < next_at - timezone.now() <= timedelta(minutes=1)


def test_it_replaces_what_was_set(administration: Administration, manage: Manage) -> None:
    ensure_batchjobs(administration)
    assert manage(*PLAN, "--at", "06:00", "--at", "05:30", "--cron", "0 12 * * *").returncode == 0
    words = "daily at 05:30 and 06:00; by cron expression 0 12 * * *"
    assert manage(*PLAN).stdout.startswith(f"Import e-invoices · Ref Bouw B.V.: {words}; next run ")


def test_the_other_batch_job_keeps_its_schedules(administration: Administration, manage: Manage) -> None:
    ensure_batchjobs(administration)
    manage(*PLAN, "--at", "06:00")
    assert ADVISED in manage("plan_batchjob", "statuses", "--administration", "REF").stdout


def test_the_moments_to_come_are_in_utc(
    administration: Administration, manage: Manage, moments: Callable[..., list[str]]
) -> None:
    manage(*PLAN, "--at", "02:30", "--every", "60", "--between", "02:00-03:00")
    assert moments("--next", "5", "--from", "2026-10-25T00:00") == [
        "2026-10-25T00:00:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:00:00Z",
        "2026-10-25T02:00:00Z",
        "2026-10-26T01:00:00Z",
    ]


def test_the_moments_to_come_are_local_for_people(administration: Administration, manage: Manage) -> None:
    manage(*PLAN, "--at", "23:30")
    result = manage(*PLAN, "--next", "2", "--from", "2026-10-24T22:00Z")
    assert result.stdout.splitlines() == ["2026-10-25 23:30+01:00", "2026-10-26 23:30+01:00"]


def test_the_moments_are_those_of_the_administrations_time_zone(
    administration: Administration, moments: Callable[..., list[str]]
) -> None:
    Administration.objects.update(time_zone="America/St_Johns")
    assert moments("--at", "07:00", "--next", "1", "--from", "2026-07-01T00:00Z") == ["2026-07-01T09:30:00Z"]


def test_a_schedule_can_be_tried_without_setting_it(
    administration: Administration, moments: Callable[..., list[str]]
) -> None:
    found = moments("--cron", "0 0 1 1 *", "--next", "2", "--from", "2026-10-25")
    assert found == ["2026-12-31T23:00:00Z", "2027-12-31T23:00:00Z"]
    assert not Batchjob.objects.exists()


def test_looking_changes_nothing(
    administration: Administration, manage: Manage, moments: Callable[..., list[str]]
) -> None:
    ensure_batchjobs(administration)
    before = list(PlanningSchedule.objects.values()), list(Batchjob.objects.values())
    moments("--every", "5", "--next", "1")
    moments("--next", "1")
    manage(*PLAN)
    assert (list(PlanningSchedule.objects.values()), list(Batchjob.objects.values())) == before


def test_the_advised_schedule_is_that_of_working_days_and_the_end_of_the_day(
    administration: Administration, manage: Manage, moments: Callable[..., list[str]]
) -> None:
    manage("setup_administration", "REF", "--with-batchjobs")
    assert ADVISED in manage(*PLAN).stdout
    friday_evening = moments("--next", "4", "--from", "2026-11-27T18:40")
    assert friday_evening == [
        "2026-11-27T17:45:00Z",
        "2026-11-27T18:00:00Z",
        "2026-11-27T22:30:00Z",
        "2026-11-28T22:30:00Z",
    ]


def test_setting_an_administration_up_again_leaves_the_schedules(
    administration: Administration, manage: Manage
) -> None:
    manage(*PLAN, "--at", "06:00")
    manage("setup_administration", "REF", "--with-batchjobs")
    assert "daily at 06:00;" in manage(*PLAN).stdout
    assert ADVISED in manage("plan_batchjob", "statuses", "--administration", "REF").stdout


def test_a_disabled_batch_job_has_no_next_run(administration: Administration, manage: Manage) -> None:
    batchjob, _ = ensure_batchjobs(administration)
    batchjob.enabled = False
    batchjob.save()
    plan(batchjob, timezone.now())
    assert Batchjob.objects.get(type="import").next_at is None
    assert "; disabled." in manage(*PLAN).stdout


def test_a_cron_expression_that_never_comes_true_is_set_and_said(
    administration: Administration, manage: Manage
) -> None:
    result = manage(*PLAN, "--cron", "0 0 */5 2 MON#5")
    assert result.stdout.endswith(": by cron expression 0 0 */5 2 MON#5; no next run.\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--every", "0"), "--every: The number of minutes is from 1 to 1440."),
        (("--every", "often"), "--every: 'often' is no number."),
        (("--every", "5", "--between", "7-19"), "--between: “7” is no time of day"),
        (("--every", "5", "--between", "24:00-06:00"), "--between: “24:00” is no time of day"),
        (("--between", "07:00-19:00"), "--between goes with --every."),
        (("--at", "25:00"), "--at: “25:00” is no time of day"),
        (("--days", "mon"), "--days goes with --every or --at."),
        (("--at", "07:00", "--days", "mon,funday"), "--days: there is no day 'funday'"),
        (("--cron", "61 * * * *"), "--cron: This is no cron expression: Bad minute."),
        (("--next", "0"), "--next: a number from 1"),
        (("--next", "3", "--from", "tomorrow"), "--from: 'tomorrow' is no moment"),
        (("--next", "3", "--from", "9999-12-31"), "--from: a year from"),
        (("--from", "2026-10-25"), "--from goes with --next."),
        (("--next", "3"), "has no batch job 'import' yet"),
        ((), "has no batch job 'import' yet"),
        (("--administration", "NONE"), "There is no administration 'NONE'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_changed(
    administration: Administration, manage: Manage, arguments: tuple[str, ...], complaint: str
) -> None:
    result = manage(*PLAN, *arguments)
    assert result.returncode == 1
    assert complaint in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not Batchjob.objects.exists()


def test_a_time_zone_that_does_not_exist_is_said(administration: Administration, manage: Manage) -> None:
    Administration.objects.update(time_zone="Europe/Atlantis")
    result = manage(*PLAN, "--at", "07:00")
    assert result.returncode == 1
    assert result.stderr == (
        "CommandError: The time zone “Europe/Atlantis” of the administration is unknown.\n"
    )
