"""The way back from a page leads to the list as it was left."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from batchjobs.models import BatchjobRun
from econnect_admin.models import Administration, User
from invoices.models import EInvoice, FailedDocument
from tests.browser.conftest import Import
from tests.documents import invoice


def test_search_and_filters_are_there_again(clerks_page: Page, imported: Import) -> None:
    imported(invoice("2026-0041"), invoice("2026-0042"), invoice("X-1"))
    clerks_page.goto("/invoices/einvoice/?q=2026&kind=invoice")
    clerks_page.get_by_role("link", name="2026-0041").click()
    for way_back in ("Terug naar de lijst", "E-inkoopfacturen"):
        clerks_page.locator("#header-inner").get_by_role("link", name=way_back).click()
        expect(clerks_page).to_have_url(re.compile(r"/invoices/einvoice/\?(?=.*q=2026)(?=.*kind=invoice)"))
        clerks_page.get_by_role("link", name="2026-0041").click()


def test_another_version_keeps_the_way_back(reader: Client, imported: Import) -> None:
    imported(invoice("2026-0041"))
    [einvoice] = EInvoice.objects.all()
    address = f"/invoices/einvoice/{einvoice.pk}/change/?version=1&_changelist_filters=q%3D2026"
    assert 'href="/invoices/einvoice/?q=2026"' in reader.get(address).content.decode()


def test_failed_documents_and_runs_have_a_way_back(reader: Client, imported: Import) -> None:
    imported(invoice(payable="x"))
    [failed], run = FailedDocument.objects.all(), BatchjobRun.objects.latest("pk")
    for of, key, query in (
        ("invoices/faileddocument", failed.pk, "q=Factuur"),
        ("batchjobs/batchjobrun", run.pk, "state__exact=failed"),
    ):
        page = reader.get(f"/{of}/{key}/change/", {"_changelist_filters": query}).content.decode()
        assert page.count(f'href="/{of}/?{query}"') == 2


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("/invoices/einvoice/", "Facturen"),
        ("/batchjobs/batchjobrun/", "Batchjobs"),
        ("/econnect_admin/administration/", "Inrichting"),
        ("/econnect_admin/user/", "Beheer"),
        ("/econnect_admin/usergroup/", "Beheer"),
    ],
)
def test_a_page_is_under_the_group_that_the_menu_has_it_in(
    administration: Administration, admin_client: Client, address: str, group: str
) -> None:
    heading = admin_client.get(address).content.decode().partition("<h1")[2].partition("</h1>")[0]
    assert f">{group}<" in heading


def test_what_somebody_wrote_keeps_its_small_letters(reader: Client, imported: Import) -> None:
    imported(invoice("b-12", supplier="de Vries"))
    [einvoice] = EInvoice.objects.all()
    page = reader.get(f"/invoices/einvoice/{einvoice.pk}/change/").content.decode()
    assert '<bdi title="b-12 · de Vries">b-12 · de Vries</bdi>' in page


def test_addresses_that_nothing_leads_to_are_not_there(client: Client, person: Callable[..., User]) -> None:
    client.force_login(person())
    assert client.get("/r/1/1/").status_code == 404
    assert client.get("/invoices/")["Location"] == "/"
