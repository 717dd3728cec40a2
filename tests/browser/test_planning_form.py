"""The form of a batch job against stale pages, other people and far too much."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from batchjobs.models import Batchjob
from batchjobs.schedule_forms import MOST_SCHEDULES


def address(batchjob: Batchjob) -> str:
    return reverse("admin:batchjobs_batchjob_change", args=[batchjob.pk])


def form(*rows: dict[str, Any], initial: int = 0, total: int | None = None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "schedules-TOTAL_FORMS": len(rows) if total is None else total,
        "schedules-INITIAL_FORMS": initial,
    }
    for number, row in enumerate(rows):
        data |= {f"schedules-{number}-{name}": value for name, value in row.items()}
    return data


def test_a_page_opened_before_it_was_disabled_does_not_enable_it(manager: Client, batchjob: Batchjob) -> None:
    Batchjob.objects.update(enabled=False, next_at=None)
    manager.post(address(batchjob), form() | {"enabled": "on", "description": "Mine"})
    batchjob.refresh_from_db()
    assert (batchjob.description, batchjob.enabled, batchjob.next_at) == ("Mine", False, None)


def test_who_changes_what_somebody_else_replaced_reads_why(manager: Client, batchjob: Batchjob) -> None:
    row = batchjob.schedules.create(kind="fixed", times=["07:00"])
    stale = {"id": row.pk, "batchjob": batchjob.pk, "kind": "fixed", "times": "08:00"}
    batchjob.schedules.all().delete()
    page = manager.post(address(batchjob), form(stale, initial=1)).content.decode()
    assert "Iemand anders heeft het planningsschema intussen gewijzigd" in page
    assert not batchjob.schedules.exists()


@pytest.mark.parametrize("page", ["change", "preview"])
def test_more_schedules_than_anybody_needs_are_refused_at_once(
    manager: Client, batchjob: Batchjob, page: str
) -> None:
    rows = [{"kind": "cron", "cron": "0 12 * * *"}] * (MOST_SCHEDULES + 1)
    where = address(batchjob) if page == "change" else reverse("admin:batchjobs_batchjob_preview")
    for data in (form(*rows), form(total=100_000)):
        answer = manager.post(where, data).content.decode()
        assert len(answer) < 2_000_000
    assert batchjob.schedules.count() <= 2


@pytest.mark.parametrize("cron", ["0 0 */16 * 1#5", "0 0 */5 2 MON#5"])
def test_a_cron_expression_that_never_matches_is_refused(
    manager: Client, batchjob: Batchjob, cron: str
) -> None:
    batchjob.schedules.all().delete()
    page = manager.post(address(batchjob), form({"kind": "cron", "cron": cron})).content.decode()
    assert "komt nooit voor" in page
    assert not batchjob.schedules.exists()


def test_a_description_cannot_turn_the_direction_of_a_list(manager: Client, batchjob: Batchjob) -> None:
    Batchjob.objects.update(description="\u202egnit")
    assert "\u202e" not in manager.get("/batchjobs/batchjob/").content.decode()
