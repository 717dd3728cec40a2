"""Files that came from outside: who gets them, and how a browser is told to treat them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from batchjobs.models import BatchjobRun
from econnect_admin.models import User
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice, FailedDocument
from invoices.ubl.reader import read_ubl
from tests.browser.conftest import Import, sample
from tests.documents import invoice


def original_of(number: str, version: int = 1) -> str:
    einvoice = EInvoice.objects.get(current__number=number)
    return reverse("admin:invoices_einvoice_original", args=[einvoice.pk, version])


def attachment_of(number: str, position: int) -> str:
    einvoice = EInvoice.objects.get(current__number=number)
    return reverse("admin:invoices_einvoice_attachment", args=[einvoice.pk, 1, position])


def test_an_attachment_comes_out_of_the_original(reader: Client, imported: Import) -> None:
    content = sample("bakker-staal-2026-0041")
    imported(content)
    [first, *_] = read_ubl(content).attachments
    response = reader.get(attachment_of("2026-0041", 1))
    assert response.content == first.content
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="factuur-2026-0041.pdf"'


def test_a_file_is_saved_and_never_run(reader: Client, imported: Import) -> None:
    imported(sample("bakker-staal-2026-0041"))
    for address in (original_of("2026-0041"), attachment_of("2026-0041", 1)):
        response = reader.get(address)
        assert response["Content-Disposition"].startswith("attachment;")
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["X-Content-Type-Options"] == "nosniff"


def test_a_type_that_a_browser_could_run_is_only_bytes(reader: Client, imported: Import) -> None:
    content = sample("bakker-staal-2026-0041").replace(b'mimeCode="text/csv"', b'mimeCode="text/html"')
    imported(content)
    position = next(
        at for at, attached in enumerate(read_ubl(content).attachments, 1) if attached.mime == "text/html"
    )
    assert reader.get(attachment_of("2026-0041", position))["Content-Type"] == "application/octet-stream"


def test_a_path_in_a_name_is_no_path(reader: Client, imported: Import) -> None:
    imported(invoice("../../etc/passwd\\x"))
    disposition = reader.get(original_of("../../etc/passwd\\x"))["Content-Disposition"]
    assert disposition == 'attachment; filename="x.xml"'


def test_an_attachment_that_is_not_there_is_not_found(reader: Client, imported: Import) -> None:
    imported(invoice("2026-0041"))
    assert reader.get(attachment_of("2026-0041", 1)).status_code == 404
    assert reader.get(original_of("2026-0041", version=2)).status_code == 404


def test_what_came_of_a_failed_document_is_downloaded_as_it_came(reader: Client, imported: Import) -> None:
    content = invoice("2026-0041", payable="1.234,56")
    imported(content)
    [failed] = FailedDocument.objects.all()
    response = reader.get(reverse("admin:invoices_faileddocument_content", args=[failed.pk]))
    assert response.content == content
    assert response["Content-Type"] == "application/octet-stream"


@pytest.fixture
def addresses(imported: Import, sandbox: Sandbox) -> list[str]:
    """Every page and file about documents."""
    imported(sample("bakker-staal-2026-0041"), invoice("2026-0042", payable="1.234,56"))
    [failed] = FailedDocument.objects.all()
    [einvoice] = EInvoice.objects.all()
    run = BatchjobRun.objects.latest("pk")
    return [
        "/invoices/einvoice/",
        f"/invoices/einvoice/{einvoice.pk}/change/",
        original_of("2026-0041"),
        attachment_of("2026-0041", 1),
        "/invoices/faileddocument/",
        f"/invoices/faileddocument/{failed.pk}/change/",
        reverse("admin:invoices_faileddocument_content", args=[failed.pk]),
        "/batchjobs/batchjobrun/",
        f"/batchjobs/batchjobrun/{run.pk}/change/",
    ]


def test_who_is_not_logged_in_is_asked_to(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, f"/login/?next={address}")


def test_who_has_no_rights_is_refused(
    client: Client, addresses: list[str], person: Callable[..., User]
) -> None:
    client.force_login(person())
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 403
    )


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH"])
def test_other_methods_than_pages_have_are_refused(reader: Client, addresses: list[str], method: str) -> None:
    assert {reader.generic(method, address).status_code for address in addresses} == {405}


def test_a_file_is_asked_for_and_not_posted_to(reader: Client, imported: Import) -> None:
    imported(sample("bakker-staal-2026-0041"))
    assert reader.post(original_of("2026-0041")).status_code == 405
    assert reader.head(original_of("2026-0041")).status_code == 200


def test_nobody_adds_changes_or_removes_what_was_received(admin_client: Client, addresses: list[str]) -> None:
    pages = [address for address in addresses if address.endswith("/change/")]
    for page in pages:
        admin_client.post(page, {"external_id": "other", "status_code": "70", "state": "stopped"})
        assert admin_client.post(page.replace("/change/", "/delete/"), {"post": "yes"}).status_code == 404
    assert EInvoice.objects.exclude(external_id="other").get().status_code == "30"
    assert FailedDocument.objects.exclude(external_id="other").count() == 1
    assert set(BatchjobRun.objects.values_list("state", flat=True)) == {"partly failed"}
