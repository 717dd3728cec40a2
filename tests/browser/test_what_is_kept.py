"""What others depend on, or what has a history, cannot be deleted; and it is not offered."""

import time
from typing import Any

from django.test import Client
from django.urls import reverse

from batchjobs.models import Batchjob, BatchjobRun
from econnect_admin.models import Administration, DatabasePreferences, User
from tests.browser.conftest import Import
from tests.documents import invoice


def page_of(row: Any, page: str) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_{page}", args=[row.pk])


def can_be_deleted(client: Client, row: Any) -> bool:
    """Whether its page has a button for it; the address itself must agree."""
    has_button = page_of(row, "delete") in client.get(page_of(row, "change")).content.decode()
    assert (client.get(page_of(row, "delete")).status_code == 200) is has_button
    return has_button


def test_what_is_in_use_is_not_deleted(
    admin_client: Client, imported: Import, administration: Administration, admin_user: User
) -> None:
    imported(invoice())
    batchjob = Batchjob.objects.get(type=Batchjob.Type.IMPORT_E_INVOICES)
    kept = (administration, administration.preferences, administration.database, batchjob, admin_user)
    assert [row for row in kept if can_be_deleted(admin_client, row)] == []
    for row in kept:
        admin_client.post(page_of(row, "delete"), {"post": "yes"})
        assert type(row)._default_manager.filter(pk=row.pk).exists()


def test_what_nothing_depends_on_is_deleted(admin_client: Client, administration: Administration) -> None:
    unused = DatabasePreferences.objects.create(name="Oud", access_url="https://oud.example/?key=1")
    never_ran = Batchjob.objects.create(administration=administration, type=Batchjob.Type.IMPORT_E_INVOICES)
    for row in (unused, never_ran):
        assert can_be_deleted(admin_client, row)
        admin_client.post(page_of(row, "delete"), {"post": "yes"})
        assert not type(row)._default_manager.filter(pk=row.pk).exists()


def test_lists_offer_to_delete_nothing(admin_client: Client, administration: Administration) -> None:
    for address in ("administration", "administrationpreferences", "databasepreferences", "user"):
        page = admin_client.get(f"/econnect_admin/{address}/").content.decode()
        assert "delete_selected" not in page


def test_to_be_refused_takes_no_time_with_many_runs(
    admin_client: Client, administration: Administration
) -> None:
    batchjob = Batchjob.objects.create(administration=administration, type=Batchjob.Type.IMPORT_E_INVOICES)
    BatchjobRun.objects.bulk_create(
        BatchjobRun(batchjob=batchjob, state=BatchjobRun.State.SUCCEEDED, started_by="x")
        for _ in range(20_000)
    )
    started = time.monotonic()
    assert admin_client.get(page_of(batchjob, "delete")).status_code == 403
    assert time.monotonic() - started < 1


def test_the_button_to_delete_is_dutch(admin_client: Client, transactional_db: None) -> None:
    unused = DatabasePreferences.objects.create(name="Oud", access_url="https://oud.example/?key=1")
    page = admin_client.get(page_of(unused, "change")).content.decode()
    assert "Financieel voorkeuren db verwijderen" in page
