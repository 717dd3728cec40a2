"""The tab with planning schedules, and the moments beside what is typed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from batchjobs.models import Batchjob
from batchjobs.planning import set_schedules
from batchjobs.schedule import Continuous
from econnect_admin.models import Administration, User
from tests.browser.test_batchjobs import change, schedules_form
from tests.browser.test_failures_and_runs import text

ADDING = "/batchjobs/batchjob/preview/"
NOON: dict[str, object] = {"kind": "fixed", "times": "12:00"}


def preview(client: Client, address: str, *rows: dict[str, object], **fields: Any) -> str:
    response = client.post(address, schedules_form(*rows, **fields))
    assert response.status_code == 200
    return response.content.decode()


def of(batchjob: Batchjob) -> str:
    return f"/batchjobs/batchjob/{batchjob.pk}/preview/"


def test_each_schedule_is_there_in_words(manager: Client, batchjob: Batchjob) -> None:
    tab = text(manager, change(batchjob)).partition('id="schedules-group"')[2]
    assert "Elke 15 minuten van 07:00 tot 19:00, ma–vr</strong>" in tab
    assert "Dagelijks om 23:30</strong>" in tab


def test_who_may_only_look_reads_them_in_words(reader: Client, batchjob: Batchjob) -> None:
    page = text(reader, change(batchjob))
    assert "<li><bdi>Dagelijks om 23:30</bdi></li>" in page
    assert 'name="schedules-' not in page
    assert page.count('class="ec-moments') == 1


def test_the_moments_follow_what_is_typed(managers_page: Page, batchjob: Batchjob) -> None:
    set_schedules(batchjob, [Continuous(60)], timezone.now())
    managers_page.goto(f"{change(batchjob)}#schedules")
    beside = managers_page.locator("#preview")
    expect(beside.locator("li")).to_have_count(10)
    managers_page.locator("[name=schedules-0-every_minutes]").fill("0")
    expect(beside).to_contain_text("Het aantal minuten is 1 tot en met 1440.")
    managers_page.locator("[name=schedules-0-kind]").select_option("fixed")
    expect(managers_page.locator("[name=schedules-0-every_minutes]")).to_be_hidden()
    managers_page.locator("[name=schedules-0-times]").fill("12:34")
    expect(beside.locator("li").filter(has_text=" 12:34")).to_have_count(10)
    assert [str(row) for row in batchjob.schedules.all()] == ["doorlopend"]


def test_a_row_that_is_added_and_taken_away_counts(managers_page: Page, batchjob: Batchjob) -> None:
    set_schedules(batchjob, [Continuous(60)], timezone.now())
    managers_page.goto(f"{change(batchjob)}#schedules")
    beside = managers_page.locator("#preview")
    managers_page.locator("#schedules-group .add-row").click()
    managers_page.locator("[name=schedules-1-kind]").select_option("fixed")
    managers_page.locator("[name=schedules-1-times]").fill("12:34")
    expect(beside).to_contain_text("dagelijks om 12:34")
    managers_page.locator("#schedules-group .form-group:not(.empty-form) .delete-template").click()
    expect(beside).not_to_contain_text("12:34")


def test_a_schedule_that_is_to_be_deleted_does_not_count(manager: Client, batchjob: Batchjob) -> None:
    row: dict[str, object] = {"kind": "cron", "cron": "0 12 1 * *", "DELETE": "on"}
    assert "0 12 1" not in preview(manager, of(batchjob), row, NOON, existing=1)


def test_the_chosen_administration_gives_the_clock(manager: Client, administration: Administration) -> None:
    Administration.objects.update(time_zone="Asia/Tokyo")
    assert "Asia/Tokyo" in preview(manager, ADDING, NOON, administration=str(administration.pk))
    for nobody in ("", "0", "x"):
        assert "Europe/Amsterdam" in preview(manager, ADDING, NOON, administration=nobody)


def test_what_is_wrong_is_said_of_each_field(manager: Client, batchjob: Batchjob) -> None:
    manager.cookies["django_language"] = "en"
    said = preview(
        manager, of(batchjob), {"kind": "fixed", "times": "25:00"}, {"kind": "cron", "cron": "* *"}
    )
    assert "“25:00” is no time of day" in said
    assert "A cron expression has five fields" in said
    assert "ec-moments" not in said


def test_no_schedules_have_no_moments(manager: Client, batchjob: Batchjob) -> None:
    assert "Er zijn er geen." in preview(manager, of(batchjob))


def test_a_form_that_is_none_is_no_error(manager: Client, batchjob: Batchjob) -> None:
    assert manager.post(of(batchjob), {"schedules-TOTAL_FORMS": "x"}).status_code == 200


def test_previewing_saves_nothing(manager: Client, batchjob: Batchjob) -> None:
    before = list(batchjob.schedules.values())
    preview(manager, of(batchjob), NOON)
    assert list(batchjob.schedules.values()) == before


@pytest.mark.parametrize("adding", [True, False])
def test_who_may_not_plan_previews_nothing(reader: Client, batchjob: Batchjob, adding: bool) -> None:
    assert reader.post(ADDING if adding else of(batchjob), schedules_form(NOON)).status_code == 403


def test_who_may_only_change_adds_nothing(
    client: Client, person: Callable[..., User], batchjob: Batchjob
) -> None:
    client.force_login(person("batchjobs.change_batchjob"))
    assert client.post(of(batchjob), schedules_form(NOON)).status_code == 200
    assert client.post(ADDING, schedules_form(NOON)).status_code == 403
