"""The page of a batch job: its run at work, and the last ones."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.running import request_run
from batchjobs.worker_identity import own_identity
from tests.browser.test_batchjobs import change
from tests.browser.test_failures_and_runs import page_of, text


def at_work(batchjob: Batchjob, seconds: int = 30, **counts: int) -> BatchjobRun:
    """A run that a worker has been at for so long."""
    run = request_run(batchjob, started_by="")
    assert BatchjobRun.objects.claim(run.pk, own_identity())
    started_at = timezone.now() - timedelta(seconds=seconds)
    BatchjobRun.objects.filter(pk=run.pk).update(started_at=started_at, **counts)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize("page_shown", ["batch job", "run"])
def test_how_far_a_run_is_and_how_long_it_takes(reader: Client, batchjob: Batchjob, page_shown: str) -> None:
    run = at_work(batchjob, seconds=585, listed=300, new=98, failed=2)
    address = page_of(run) if page_shown == "run" else change(batchjob)
    assert "100 van 300 · 98 nieuw · 2 mislukt · nog\u00a0±\u00a020\u00a0min" in text(reader, address)
    assert "100 of 300 · 98 new · 2 failed · about\u00a020\u00a0min\u00a0left" in text(reader, address, "en")


@pytest.mark.parametrize(
    ("seconds", "left"), [(15, r"\d0|\d5\u00a0s"), (3540, r"1\u00a0u\u00a0(58|59)\u00a0min")]
)
def test_how_long_it_takes_is_said_in_fitting_units(
    reader: Client, batchjob: Batchjob, seconds: int, left: str
) -> None:
    at_work(batchjob, seconds=seconds, listed=300, new=100)
    assert re.search(f"nog\u00a0±\u00a0({left})", text(reader, change(batchjob)))


def test_what_is_skipped_costs_no_time(reader: Client, batchjob: Batchjob) -> None:
    at_work(batchjob, seconds=55, listed=1000, skipped=800, new=20)
    assert "nog\u00a0±\u00a09\u00a0min" in text(reader, change(batchjob))


@pytest.mark.parametrize("counts", [{}, {"new": 4}, {"skipped": 150}, {"new": 300}])
def test_how_long_it_takes_is_not_said_while_nobody_knows(
    reader: Client, batchjob: Batchjob, counts: dict[str, int]
) -> None:
    at_work(batchjob, listed=300, **counts)
    assert "nog\u00a0±" not in text(reader, change(batchjob))


def test_the_page_follows_its_run_to_its_end(clerks_page: Page, batchjob: Batchjob) -> None:
    run = at_work(batchjob, listed=8)
    clerks_page.goto(f"{change(batchjob)}#dataset-batchjobrun")
    clerks_page.evaluate("document.body.dataset.loaded = 'once'")
    BatchjobRun.objects.filter(pk=run.pk).update(new=2, failed=1)
    expect(clerks_page.locator("#active-live progress")).to_have_js_property("position", 0.375)
    BatchjobRun.objects.filter(pk=run.pk).update(state="partly failed", ended_at=timezone.now())
    expect(clerks_page.locator("#active-live progress")).to_have_count(0)
    expect(clerks_page.locator("#runs-live tbody")).to_contain_text("deels mislukt")
    expect(clerks_page.get_by_role("status")).to_contain_text("deels mislukt")
    assert clerks_page.evaluate("document.body.dataset.loaded") == "once"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_of_thousands_too_the_bar_says_how_far_it_is(
    reader: Client, batchjob: Batchjob, language: str
) -> None:
    at_work(batchjob, listed=20_000, new=4_000, skipped=1_000)
    bar = re.search(
        r'<progress class="ec-bar" max="(.*?)" value="(.*?)"', text(reader, change(batchjob), language)
    )
    assert bar
    assert bar.groups() == ("20000", "5000")


def test_a_batch_job_that_does_nothing_is_not_asked_after(reader: Client, batchjob: Batchjob) -> None:
    assert "batchjobs.js" not in text(reader, change(batchjob))


def test_a_run_is_stopped_from_the_page_of_its_batch_job(manager: Client, batchjob: Batchjob) -> None:
    run = at_work(batchjob)
    address = f"/batchjobs/batchjobrun/{run.pk}/stop/"
    assert f'action="{address}"' in text(manager, change(batchjob))
    response = manager.post(address, {"back": "batchjob"})
    run.refresh_from_db()
    assert run.stop_requested
    assert response["Location"] == change(batchjob)
    assert "Gevraagd om te stoppen" in text(manager, change(batchjob))


def test_the_last_runs_lead_to_their_pages_and_to_all_of_them(reader: Client, batchjob: Batchjob) -> None:
    run = at_work(batchjob, listed=14, new=12, failed=2)
    BatchjobRun.objects.filter(pk=run.pk).update(state="partly failed", ended_at=timezone.now())
    runs = text(reader, change(batchjob)).partition('id="runs-live"')[2]
    assert f'href="{page_of(run)}"' in runs
    assert "deels mislukt" in runs
    all_of_them = runs.partition('class="ec-pages"')[2].partition('href="')[2].partition('"')[0]
    assert page_of(run) in text(reader, all_of_them.replace("&amp;", "&"))


def test_the_scheduler_has_a_dutch_name_and_people_keep_theirs(reader: Client, batchjob: Batchjob) -> None:
    run = at_work(batchjob)
    for starter, shown in (("", "planner"), ("failed", "<bdi>failed</bdi>")):
        BatchjobRun.objects.update(started_by=starter)
        for address in (change(batchjob), page_of(run)):
            assert shown in text(reader, address)
        assert shown.removeprefix("<bdi>") in text(reader, "/batchjobs/batchjobrun/")
