"""The PDF of an e-invoice: where it comes from, that it is kept, and what is said when there is none."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from econnect_admin.models import Administration, User
from econnect_admin.sandbox import misbehaviours
from econnect_admin.sandbox.pdf import make_pdf
from econnect_admin.sandbox.server import Sandbox
from invoices.documents import pdf
from invoices.models import DocumentPdf, EInvoice
from tests.browser.conftest import Import, sample
from tests.browser.test_hostile_files import HTML, with_attachments
from tests.documents import invoice

Answer = dict[str, str]


def pdf_of(einvoice: EInvoice, version: int = 1) -> str:
    return f"/invoices/einvoice/{einvoice.pk}/versions/{version}/pdf/"


def ask(client: Client, einvoice: EInvoice, version: int = 1, language: str = "nl") -> Answer:
    """As the script of the page asks once."""
    client.cookies["django_language"] = language
    response = client.post(pdf_of(einvoice, version))
    assert response.status_code == 200
    answer: Answer = response.json()
    return answer


@pytest.fixture
def einvoice(imported: Import) -> EInvoice:
    """Without a PDF of its own. The platform takes two questions to make one."""
    imported(invoice())
    return EInvoice.objects.get()


def test_a_pdf_that_came_along_is_shown_and_not_asked_for(
    reader: Client, imported: Import, sandbox: Sandbox
) -> None:
    imported(sample("bakker-staal-2026-0041"))
    response = reader.get(pdf_of(EInvoice.objects.get()))
    assert response.content.startswith(b"%PDF")
    assert response["Content-Disposition"] == 'attachment; filename="factuur-2026-0041.pdf"'
    assert ask(reader, EInvoice.objects.get())["state"] == "ready"
    assert sandbox.calls_of("GetDocumentPdf") == DocumentPdf.objects.count() == 0


def test_the_first_attachment_that_is_one_is_taken(reader: Client, imported: Import) -> None:
    true = make_pdf("Factuur")
    files = (
        ("a.pdf", "application/pdf", HTML),
        ("b.csv", "text/csv", true),
        ("c.PDF", "Application/PDF", true),
    )
    imported(with_attachments(*files))
    response = reader.get(pdf_of(EInvoice.objects.get()))
    assert (response.content, response["Content-Disposition"]) == (true, 'attachment; filename="c.PDF"')


def test_one_that_the_platform_makes_is_asked_for_until_it_is_there_and_kept(
    reader: Client, einvoice: EInvoice, sandbox: Sandbox
) -> None:
    assert reader.get(pdf_of(einvoice)).status_code == 404
    answers = [ask(reader, einvoice) for _ in range(4)]
    assert [answer["state"] for answer in answers] == ["being made", "being made", "ready", "ready"]
    assert "De PDF wordt gemaakt" in answers[0]["words"]
    assert sandbox.calls_of("GetDocumentPdf") == 3
    response = reader.get(pdf_of(einvoice))
    assert b"(Factuur 2026-0041)" in response.content
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    page = reader.get(f"/invoices/einvoice/{einvoice.pk}/change/").content.decode()
    assert 'data-first="pdf"' in page
    assert "PDF opgehaald bij eConnect" in page


def test_a_page_waits_for_no_pdf(reader: Client, einvoice: EInvoice, sandbox: Sandbox) -> None:
    page = reader.get(f"/invoices/einvoice/{einvoice.pk}/change/").content.decode()
    assert 'data-first="readable"' in page
    assert sandbox.calls_of("GetDocumentPdf") == 0


def test_two_people_at_once_have_it_kept_once(reader: Client, einvoice: EInvoice) -> None:
    [ask(reader, einvoice) for _ in range(2)]
    together = Barrier(2)

    def look(_person: int) -> str:
        client = Client()
        client.force_login(User.objects.get())
        together.wait()
        try:
            return ask(client, einvoice)["state"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        assert list(people.map(look, range(2))) == ["ready", "ready"]
    [kept] = DocumentPdf.objects.all()
    assert bytes(kept.content) == reader.get(pdf_of(einvoice)).content


def test_what_is_no_pdf_is_not_kept(reader: Client, imported: Import) -> None:
    imported(with_attachments(("a.pdf", "application/pdf", HTML)))
    answer = ask(reader, EInvoice.objects.get(), language="en")
    assert answer["state"] == "refused"
    assert answer["words"] == "What eConnect gave is no PDF; the readable view shows the invoice."
    assert not DocumentPdf.objects.exists()


def test_one_that_is_too_large_is_not_kept(
    reader: Client, einvoice: EInvoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "MAX_BYTES", 100)
    [ask(reader, einvoice) for _ in range(2)]
    assert "is larger than" in ask(reader, einvoice, language="en")["words"]
    assert not DocumentPdf.objects.exists()


TROUBLES: dict[str, tuple[Callable[[Sandbox], Any], str]] = {
    "the key was revoked": (
        lambda sandbox: sandbox.account.revoke_key(),
        "eConnect does not know the consumer key",
    ),
    "the account is blocked": (
        lambda sandbox: sandbox.account.block("ERRPRO1000002"),
        "settle this with eConnect",
    ),
    "the document is gone": (lambda sandbox: sandbox.account.documents.clear(), "eConnect refuses"),
    "the platform is down": (
        lambda sandbox: sandbox.misbehave(misbehaviours.service_unavailable, times=99),
        "eConnect cannot give the PDF now. Try again",
    ),
}


@pytest.mark.parametrize(("trouble", "words"), TROUBLES.values(), ids=TROUBLES.keys())
def test_why_there_is_none_is_said(
    reader: Client, einvoice: EInvoice, sandbox: Sandbox, trouble: Callable[[Sandbox], Any], words: str
) -> None:
    trouble(sandbox)
    answer = ask(reader, einvoice, language="en")
    assert answer["state"] == "refused"
    assert words in answer["words"]


def test_an_administration_without_keys_says_so(
    reader: Client, einvoice: EInvoice, administration: Administration
) -> None:
    administration.preferences.delete()
    assert "no usable keys for eConnect" in ask(reader, einvoice, language="en")["words"]


def test_the_pdf_of_another_version_is_not_taken_for_this_one(
    reader: Client,
    einvoice: EInvoice,
    sandbox: Sandbox,
    administration: Administration,
    run_import: Callable[..., Any],
) -> None:
    """The platform knows the latest only: whether or not that was imported already."""
    sandbox.account.revise(einvoice.external_id, invoice(payable="9.99"))
    states = [ask(reader, einvoice, language="en") for _ in range(3)]
    assert "has sent another version of this invoice" in states[2]["words"]
    run_import(administration)
    assert ask(reader, EInvoice.objects.get(), version=1, language="en")["state"] == "refused"
    assert ask(reader, EInvoice.objects.get(), version=2)["state"] == "ready"
    assert DocumentPdf.objects.get().version.version == 2


def test_who_may_not_see_the_invoice_gets_and_makes_no_pdf(
    client: Client, einvoice: EInvoice, person: Callable[..., User], sandbox: Sandbox
) -> None:
    client.force_login(person("invoices.view_faileddocument", username="other"))
    assert [client.get(pdf_of(einvoice)).status_code, client.post(pdf_of(einvoice)).status_code] == [403, 403]
    assert client.get("/invoices/einvoice/pdf-viewer/").status_code == 403
    assert sandbox.calls_of("GetDocumentPdf") == 0


def test_a_version_or_invoice_that_is_not_there_is_not_found(reader: Client, einvoice: EInvoice) -> None:
    assert reader.post(pdf_of(einvoice, version=2)).status_code == 404
    assert reader.post(f"/invoices/einvoice/{einvoice.pk + 1}/versions/1/pdf/").status_code == 404
