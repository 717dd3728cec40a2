"""Batch jobs and runs as people see and steer them."""

import threading
from datetime import time
from zoneinfo import ZoneInfo

import django_rq
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from playwright.sync_api import Page, expect

from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.planning import set_schedules
from batchjobs.progress import RunProgress
from batchjobs.running import request_run, request_stop
from batchjobs.schedule import FixedTimes
from batchjobs.worker_identity import own_identity
from econnect_admin.models import Administration, User
from econnect_admin.wording import Wording
from tests.browser.test_failures_and_runs import page_of, text

NOWHERE = {"default": {"URL": "redis://127.0.0.1:9/0", "DEFAULT_TIMEOUT": -1}}


def change(batchjob: Batchjob) -> str:
    return f"/batchjobs/batchjob/{batchjob.pk}/change/"


def press(client: Client, batchjob: Batchjob, button: str, **values: str) -> str:
    """Press a button of the page of a batch job; gives the page that one comes on, as text."""
    response = client.post(f"/batchjobs/batchjob/{batchjob.pk}/{button}/", values, follow=True)
    assert response.status_code == 200
    return strip_tags(response.content.decode())


def test_the_list_says_in_words_when_batch_jobs_run(reader: Client, batchjob: Batchjob) -> None:
    page = text(reader, "/batchjobs/batchjob/")
    assert "elke 15 minuten van 07:00 tot 19:00, ma–vr; dagelijks om 23:30" in page
    batchjob.refresh_from_db()
    assert batchjob.next_at
    assert f"{timezone.localtime(batchjob.next_at):%d-%m-%Y %H:%M}" in page


def test_the_page_shows_the_next_ten_moments(reader: Client, batchjob: Batchjob) -> None:
    page = text(reader, change(batchjob))
    assert page.partition('class="ec-moments')[2].partition("</ol>")[0].count("<li>") == 10


def test_the_times_are_those_of_the_administration(reader: Client, batchjob: Batchjob) -> None:
    set_schedules(batchjob, [FixedTimes((time(6),))], timezone.now())
    Administration.objects.update(time_zone="Asia/Tokyo")
    moments = text(reader, change(batchjob)).partition('class="ec-moments')[2].partition("</ol>")[0]
    assert moments.count(" 06:00</li>") == 10


def test_run_now_queues_a_run_and_shows_it(manager: Client, batchjob: Batchjob) -> None:
    response = manager.post(f"/batchjobs/batchjob/{batchjob.pk}/run/")
    run = BatchjobRun.objects.get()
    assert (run.state, run.started_by) == ("queued", "manager")
    assert response["Location"] == page_of(run)
    assert django_rq.get_queue().count == 1


def test_run_now_keeps_the_schedule(manager: Client, batchjob: Batchjob) -> None:
    planned = Batchjob.objects.get(pk=batchjob.pk).next_at
    press(manager, batchjob, "run")
    assert Batchjob.objects.get(pk=batchjob.pk).next_at == planned


def test_run_now_while_it_is_at_work_shows_that_run(manager: Client, batchjob: Batchjob) -> None:
    run = request_run(batchjob, started_by="")
    assert BatchjobRun.objects.claim(run.pk, own_identity())
    manager.cookies["django_language"] = "en"
    assert "at work already" in press(manager, batchjob, "run")
    assert BatchjobRun.objects.count() == 1


def test_run_now_without_redis_keeps_the_run(manager: Client, batchjob: Batchjob) -> None:
    queues, settings.RQ_QUEUES = settings.RQ_QUEUES, NOWHERE
    try:
        manager.cookies["django_language"] = "en"
        assert "The queue (Redis) is out of reach" in press(manager, batchjob, "run")
    finally:
        settings.RQ_QUEUES = queues
    assert BatchjobRun.objects.get().state == "queued"


def test_disabled_it_has_no_next_run_and_enabled_it_has(manager: Client, batchjob: Batchjob) -> None:
    press(manager, batchjob, "enable", enabled="0")
    batchjob.refresh_from_db()
    assert (batchjob.enabled, batchjob.next_at) == (False, None)
    press(manager, batchjob, "enable", enabled="1")
    batchjob.refresh_from_db()
    assert batchjob.enabled
    assert batchjob.next_at


def test_a_run_that_waits_is_stopped_from_its_page(manager: Client, batchjob: Batchjob) -> None:
    run = request_run(batchjob, started_by="test")
    assert f'action="/batchjobs/batchjobrun/{run.pk}/stop/"' in text(manager, page_of(run))
    manager.post(f"/batchjobs/batchjobrun/{run.pk}/stop/")
    run.refresh_from_db()
    assert run.state == "stopped"
    assert "/stop/" not in text(manager, page_of(run))


@pytest.mark.parametrize("button", ["run", "enable"])
def test_who_may_only_look_presses_nothing(reader: Client, batchjob: Batchjob, button: str) -> None:
    assert f"/{button}/" not in text(reader, change(batchjob))
    assert reader.post(f"/batchjobs/batchjob/{batchjob.pk}/{button}/").status_code == 403
    assert not BatchjobRun.objects.exists()
    assert Batchjob.objects.get(pk=batchjob.pk).enabled


def test_who_may_only_look_stops_nothing(reader: Client, batchjob: Batchjob) -> None:
    run = request_run(batchjob, started_by="test")
    assert "/stop/" not in text(reader, page_of(run))
    assert reader.post(f"/batchjobs/batchjobrun/{run.pk}/stop/").status_code == 403
    run.refresh_from_db()
    assert not run.stop_requested


def test_a_link_presses_no_button(manager: Client, batchjob: Batchjob) -> None:
    assert manager.get(f"/batchjobs/batchjob/{batchjob.pk}/run/").status_code == 405
    assert not BatchjobRun.objects.exists()


def test_the_queues_are_in_the_menu_of_superusers_only(admin_client: Client, reader: Client) -> None:
    assert 'href="/wachtrijen/"' in text(admin_client, "/")
    assert 'href="/wachtrijen/"' not in text(reader, "/")


def test_the_page_of_a_run_follows_it_to_its_end(clerks_page: Page, batchjob: Batchjob) -> None:
    run = request_run(batchjob, started_by="test")
    clerks_page.goto(page_of(run))
    clerks_page.evaluate("document.body.dataset.loaded = 'once'")
    live = clerks_page.locator("#run-live")
    expect(live).to_contain_text("in wachtrij")
    assert BatchjobRun.objects.claim(run.pk, own_identity())
    BatchjobRun.objects.filter(pk=run.pk).update(listed=8, new=2, failed=1)
    expect(live).to_contain_text("bezig")
    expect(live.locator("progress")).to_have_js_property("position", 0.375)
    run.refresh_from_db()
    progress = RunProgress(run, threading.Event())
    progress.log("warning", Wording("The list ended early."), "XCNIN1")
    progress.end(BatchjobRun.State.PARTLY_FAILED)
    expect(live).to_contain_text("deels mislukt")
    expect(live).to_contain_text("XCNIN1")
    expect(live.locator("progress")).to_have_count(0)
    expect(clerks_page.get_by_role("status")).to_contain_text("deels mislukt")
    assert clerks_page.evaluate("document.body.dataset.loaded") == "once"


def test_a_run_that_has_ended_is_not_asked_after(reader: Client, batchjob: Batchjob) -> None:
    run = request_run(batchjob, started_by="test")
    assert "batchjobs.js" in text(reader, page_of(run))
    request_stop(run)
    assert "batchjobs.js" not in text(reader, page_of(run))


def schedules_form(*rows: dict[str, object], existing: int = 0, **fields: str) -> dict[str, object]:
    form: dict[str, object] = {"enabled": "on", "description": "", **fields}
    form |= {"schedules-TOTAL_FORMS": len(rows), "schedules-INITIAL_FORMS": existing}
    for number, row in enumerate(rows):
        form |= {f"schedules-{number}-{name}": value for name, value in row.items()}
    return form


def test_a_schedule_is_added_as_people_write_it(manager: Client, batchjob: Batchjob) -> None:
    batchjob.schedules.all().delete()
    row: dict[str, object] = {
        "kind": "fixed",
        "times": "23:30, 07:00",
        "weekdays": ["0", "4"],
        "cron": "left over",
    }
    manager.post(change(batchjob), schedules_form(row))
    assert "ma, vr om 07:00 en 23:30" in text(manager, change(batchjob))
    planned = Batchjob.objects.get(pk=batchjob.pk).next_at
    assert planned
    assert timezone.localtime(planned).weekday() in {0, 4}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"kind": "continuous", "every_minutes": "0"}, "The number of minutes is from 1 to 1440."),
        ({"kind": "fixed", "times": "25:00"}, "“25:00” is no time of day"),
        ({"kind": "fixed", "times": ""}, "At least one time of day is needed."),
        ({"kind": "cron", "cron": "* *"}, "A cron expression has five fields"),
    ],
)
def test_a_schedule_that_cannot_be_says_why(
    manager: Client, batchjob: Batchjob, row: dict[str, object], reason: str
) -> None:
    manager.cookies["django_language"] = "en"
    batchjob.schedules.all().delete()
    assert reason in manager.post(change(batchjob), schedules_form(row)).content.decode()
    assert not batchjob.schedules.exists()


def test_a_new_batch_job_is_proposed_what_is_advised(
    clerks_page: Page, clerk: User, administration: Administration
) -> None:
    clerk.is_superuser = True
    clerk.save()
    clerks_page.goto("/batchjobs/batchjob/add/")
    clerks_page.locator("[name=administration]").select_option(label=str(administration))
    clerks_page.locator("[name=type]").select_option("import")
    clerks_page.locator("[name=_save]").click()
    expect(clerks_page.locator("#result_list")).to_contain_text(
        "elke 15 minuten van 07:00 tot 19:00, ma–vr; dagelijks om 23:30"
    )


def test_saving_what_is_no_schedule_keeps_the_next_moment(manager: Client, batchjob: Batchjob) -> None:
    batchjob.schedules.all().delete()
    moment = timezone.now()
    Batchjob.objects.filter(pk=batchjob.pk).update(next_at=moment)
    manager.post(change(batchjob), schedules_form(description="Inlezen"))
    batchjob.refresh_from_db()
    assert (batchjob.description, batchjob.next_at) == ("Inlezen", moment)


def test_another_time_zone_plans_anew(batchjob: Batchjob) -> None:
    set_schedules(batchjob, [FixedTimes((time(6),))], timezone.now())
    administration = Administration.objects.get()
    administration.time_zone = "Asia/Tokyo"
    administration.save()
    batchjob.refresh_from_db()
    assert batchjob.next_at
    assert f"{batchjob.next_at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M}" == "06:00"
