"""What went wrong, said to a person in their language."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils.html import strip_tags
from django.utils.timezone import localtime

from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.setup import ensure_batchjobs
from econnect_admin.models import Administration
from econnect_admin.sandbox.server import Sandbox
from invoices.models import FailedDocument
from tests.browser.conftest import Import
from tests.documents import invoice

DUTCH = "Bedrag of getal &quot;1.234,56&quot; bij LegalMonetaryTotal/PayableAmount is geen getal"
ENGLISH = "Amount or number &quot;1.234,56&quot; at LegalMonetaryTotal/PayableAmount is no number"


def text(client: Client, address: str, language: str = "nl") -> str:
    client.cookies["django_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def page_of(run: BatchjobRun) -> str:
    return f"/batchjobs/batchjobrun/{run.pk}/change/"


def test_a_failed_document_says_its_reason_in_both_languages(reader: Client, imported: Import) -> None:
    imported(invoice(payable="1.234,56"))
    assert DUTCH in text(reader, "/invoices/faileddocument/")
    assert ENGLISH in text(reader, "/invoices/faileddocument/", "en")
    page = text(reader, f"/invoices/faileddocument/{FailedDocument.objects.get().pk}/change/")
    assert "De import probeert het vanzelf opnieuw" in page


def test_where_there_are_several_administrations_lists_say_which(
    client: Client, elsewhere: Administration, person: Callable[..., Any], imported: Import
) -> None:
    imported(invoice(payable="x"))
    assert elsewhere.name < FailedDocument.objects.get().administration.name
    ensure_batchjobs(elsewhere)
    client.force_login(person("invoices.view_faileddocument", "batchjobs.view_batchjob", username="both"))
    failed = strip_tags(text(client, "/invoices/faileddocument/").partition("<tbody")[2])
    assert "Ref Bouw B.V." in failed
    batchjobs = strip_tags(text(client, "/batchjobs/batchjob/").partition("<tbody")[2])
    assert batchjobs.index("Import e-facturen") < batchjobs.index("Update e-factuur statussen")
    assert batchjobs.index(elsewhere.name) < batchjobs.index("Ref Bouw B.V.")
    assert "4 rijen" in batchjobs


def test_the_log_of_a_run_says_what_it_says_in_both_languages(reader: Client, imported: Import) -> None:
    imported(invoice(payable="1.234,56"))
    run = BatchjobRun.objects.latest("pk")
    assert DUTCH in text(reader, page_of(run))
    assert ENGLISH in text(reader, page_of(run), "en")


def test_the_log_of_a_run_leads_to_the_documents(reader: Client, imported: Import) -> None:
    imported(invoice("2026-0041", payable="x"))
    [failed] = FailedDocument.objects.all()
    assert f'href="/invoices/faileddocument/{failed.pk}/change/"' in text(
        reader, page_of(BatchjobRun.objects.latest("pk"))
    )


def test_the_log_leads_nowhere_that_one_may_not_go(
    client: Client, person: Callable[..., Any], imported: Import
) -> None:
    imported(invoice("2026-0041", payable="x"))
    client.force_login(person("batchjobs.view_batchjobrun", username="operator"))
    assert "/invoices/faileddocument/" not in text(client, page_of(BatchjobRun.objects.latest("pk")))


def test_the_times_of_a_run_have_seconds(reader: Client, imported: Import) -> None:
    imported(invoice())
    run = BatchjobRun.objects.latest("pk")
    page = strip_tags(text(reader, page_of(run)))
    assert f"{localtime(run.queued_at):%d-%m-%Y %H:%M:%S}" in page
    assert "in de wachtrij gezet op" in page


def test_english_months_are_words(manager: Client, batchjob: Batchjob) -> None:
    """Who reads English may expect either order of figures."""
    assert batchjob.next_at
    planned = f"{localtime(batchjob.next_at):%a %-d %b %Y %H:%M}"
    assert planned in strip_tags(text(manager, f"/batchjobs/batchjob/{batchjob.pk}/change/", "en"))


def test_an_empty_list_says_so_in_english(reader: Client) -> None:
    page = text(reader, "/invoices/einvoice/", "en")
    assert "There is nothing here yet" in page
    assert "An import brings them in" in page
    assert "Nothing found" in text(reader, "/invoices/einvoice/?q=zzz", "en")


def test_a_run_that_failed_says_what_to_do(
    reader: Client, sandbox: Sandbox, administration: Administration, run_import: Callable[..., Any]
) -> None:
    sandbox.account.revoke_key()
    run = run_import(administration)
    page = text(reader, page_of(run))
    assert "mislukt" in page
    assert "controleer Klant Key en Klant geheim bij Financieel voorkeuren administratie" in page


def test_why_the_platform_was_out_of_reach_is_said_in_dutch_too(
    reader: Client, sandbox: Sandbox, administration: Administration, run_import: Callable[..., Any]
) -> None:
    sandbox.stop()
    run = run_import(administration)
    assert "eConnect was niet bereikbaar: de verbinding mislukte of werd verbroken." in text(
        reader, page_of(run)
    )


def test_the_list_of_runs_has_states_and_counts(reader: Client, imported: Import) -> None:
    imported(invoice("A"), invoice("B", payable="x"))
    page = text(reader, "/batchjobs/batchjobrun/")
    assert "deels mislukt" in page
    assert (
        "geslaagd" in text(reader, "/batchjobs/batchjobrun/?state__exact=succeeded")
        or "succeeded" not in page
    )


def test_a_batch_job_shows_its_last_run(reader: Client, imported: Import) -> None:
    imported(invoice())
    page = text(reader, "/batchjobs/batchjob/")
    assert "Import e-facturen" in page
    assert "geslaagd" in page


def test_the_start_page_counts_what_came_in_and_what_failed(reader: Client, imported: Import) -> None:
    imported(invoice("A"), invoice("B"), invoice("C", payable="x"))
    page = text(reader, "/")
    assert '<p class="ec-payable">2</p><p>vandaag ingelezen</p>' in page
    assert '<p class="ec-payable ec-alarm">1</p><p>mislukt document</p>' in page


def test_the_start_page_shows_nothing_that_one_may_not_see(
    client: Client, person: Callable[..., Any], imported: Import
) -> None:
    imported(invoice())
    client.force_login(person())
    page = text(client, "/")
    assert "Bakker" not in page
    assert "vandaag ingelezen" not in page
    assert "E-inkoopfacturen" not in page
