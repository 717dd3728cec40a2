"""Files that somebody sent to do harm: saved under a harmless name, never opened as a page of ours."""

import base64
from xml.sax.saxutils import quoteattr

from django.test import Client
from playwright.sync_api import Page, expect

from batchjobs.models import BatchjobRun
from invoices.models import EInvoice, FailedDocument
from tests.browser.conftest import Import
from tests.browser.test_files import attachment_of, original_of
from tests.documents import invoice

SCRIPT = b"<script>parent.ran = opener.ran = window.ran = 1</script>"
HTML = b"<!doctype html><html>" + SCRIPT
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran = 1">' + SCRIPT + b"</svg>"
POLYGLOT = b"%PDF-1.4\n" + HTML + b"\n%%EOF"
PDF, UNKNOWN = "application/pdf", "application/octet-stream"


def with_attachments(*files: tuple[str, str, bytes]) -> bytes:
    """An invoice that brings these: name, type and content."""
    references = "".join(_reference(*file) for file in files).encode()
    supplier = b"<cac:AccountingSupplierParty>"
    return invoice().replace(supplier, references + supplier)


def _reference(name: str, mime: str, content: bytes) -> str:
    # Line ends in an attribute are spaces, unless they are written as references.
    filename = quoteattr(name, {"\r": "&#13;", "\n": "&#10;"})
    return (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        f"<cbc:EmbeddedDocumentBinaryObject mimeCode={quoteattr(mime)} filename={filename}>"
        f"{base64.b64encode(content).decode()}"
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )


HOSTILE_CONTENT = {
    "HTML named .pdf, said to be a PDF": ("factuur.pdf", PDF, HTML, PDF),
    "HTML that says what it is": ("factuur.html", "text/html", HTML, UNKNOWN),
    "XHTML": ("factuur.xhtml", "application/xhtml+xml", HTML, UNKNOWN),
    "SVG": ("logo.svg", "image/svg+xml", SVG, UNKNOWN),
    "SVG said to be a PNG": ("logo.png", "image/png", SVG, "image/png"),
    "XML with a style sheet": ("x.xml", "text/xml", b'<?xml-stylesheet href="x.xsl"?><x/>', UNKNOWN),
    "PDF that is HTML too": ("factuur.pdf", PDF, POLYGLOT, PDF),
    "script": ("factuur.js", "text/javascript", b"window.ran = 1", UNKNOWN),
    "HTML said to be CSV": ("regels.csv", "text/csv", HTML, "text/csv"),
    "two types": ("a.pdf", "application/pdf, text/html", HTML, UNKNOWN),
    "a type with a header in it": ("a.pdf", "application/pdf\r\nX-Ran: 1", HTML, UNKNOWN),
    "a type with parameters": ("a.pdf", "text/html; charset=utf-7", HTML, UNKNOWN),
}


def test_whatever_it_is_it_is_saved_and_never_run(reader: Client, imported: Import) -> None:
    imported(
        with_attachments(*((name, mime, content) for name, mime, content, _ in HOSTILE_CONTENT.values()))
    )
    for position, (what, (name, _, content, served_as)) in enumerate(HOSTILE_CONTENT.items(), 1):
        response = reader.get(attachment_of("2026-0041", position))
        assert response.content == content, what
        assert response["Content-Type"] == served_as, what
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["X-Frame-Options"] == "DENY"
        assert "X-Ran" not in response


HOSTILE_NAMES = {
    "path": ("../../etc/cron.d/x.pdf", 'filename="x.pdf"'),
    "path of Windows": ("C:\\Windows\\x.pdf", 'filename="x.pdf"'),
    "quotes": ('x"; filename="y.exe', 'filename="x_; filename=_y.exe"'),
    "a header": ("x.pdf\r\nSet-Cookie: sessionid=1", 'filename="x.pdf__Set-Cookie_ sessionid=1"'),
    "another direction": ("factuur\u202efdp.exe", 'filename="factuur_fdp.exe"'),
    "a device": ("CON.pdf", 'filename="_CON.pdf"'),
    "markup": ("<img src=x onerror=ran=1>.pdf", 'filename="_img src=x onerror=ran=1_.pdf"'),
    "very long": ("x" * 5000 + ".pdf", f'filename="{"x" * 196}.pdf"'),
    "hidden": (".htaccess", 'filename="htaccess"'),
    "percent": ("%2e%2e%2fx.pdf", 'filename="%2e%2e%2fx.pdf"'),
    "other letters": ("Öztürk €.pdf", "filename*=utf-8''%C3%96zt%C3%BCrk%20%E2%82%AC.pdf"),
    "nothing": ("", 'filename="1"'),
}


def test_whatever_its_name_it_is_saved_where_others_are(reader: Client, imported: Import) -> None:
    imported(with_attachments(*((name, PDF, b"%PDF-1.4") for name, _ in HOSTILE_NAMES.values())))
    for position, (what, (_, offered)) in enumerate(HOSTILE_NAMES.items(), 1):
        response = reader.get(attachment_of("2026-0041", position))
        assert response["Content-Disposition"] == f"attachment; {offered}", what
        assert "Set-Cookie" not in response


def test_a_browser_saves_what_it_could_run(clerks_page: Page, imported: Import) -> None:
    imported(with_attachments(("factuur.html", "text/html", HTML)), invoice("2", payable=SCRIPT.decode()))
    einvoice, failed = EInvoice.objects.get(), FailedDocument.objects.get()
    clerks_page.goto(f"/invoices/einvoice/{einvoice.pk}/change/")
    for address in (
        attachment_of("2026-0041", 1),
        original_of("2026-0041"),
        f"/invoices/faileddocument/{failed.pk}/content/",
    ):
        with clerks_page.expect_download() as download:
            clerks_page.evaluate("address => window.open(address)", address)
        assert download.value.suggested_filename
    assert clerks_page.evaluate("window.ran") is None


HOSTILE_TEXTS = [
    "<script>window.ran = 1</script>",
    "\"'><img src=x: onerror=window.ran=1>",
    '" x-init="window.ran = 1" x-data="{}"><b x-data x-init=\'window.ran = 1\'>',  # Alpine would run it
    "{{ 7 * 7 }}{% debug %}${7*7}",
    "--></title></textarea></style></script><svg onload=window.ran=1>",
]


def written(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def everywhere(text: str) -> bytes:
    document = with_attachments((text, text, b"x"))
    for word in ("2026-0041", "Bakker Staal B.V.", "Balk", "Ref Bouw B.V."):
        document = document.replace(word.encode(), written(text).encode())
    return document


def test_a_text_of_a_document_is_only_text_on_every_page(clerks_page: Page, imported: Import) -> None:
    texts = [written(text) for text in HOSTILE_TEXTS]
    imported(*map(everywhere, HOSTILE_TEXTS), *(invoice(text, text, payable=text) for text in texts))
    rows = [*EInvoice.objects.all(), *FailedDocument.objects.all(), *BatchjobRun.objects.order_by("-pk")[:6]]
    pages = {row._meta.label_lower.replace(".", "/") for row in rows}
    addresses = [
        "/",
        *(f"/{page}/" for page in pages),
        *(f"/{row._meta.label_lower.replace('.', '/')}/{row.pk}/change/" for row in rows),
    ]
    assert len(addresses) == 1 + 3 + 5 + 5 + 6
    for address in addresses:
        clerks_page.goto(address)
        assert clerks_page.evaluate("window.ran") is None, address


def test_it_is_shown_as_it_was_written(clerks_page: Page, imported: Import) -> None:
    [text, *_] = HOSTILE_TEXTS
    imported(everywhere(text))
    clerks_page.goto(f"/invoices/einvoice/{EInvoice.objects.get().pk}/change/")
    expect(clerks_page.locator(".ec-who .ec-name")).to_have_text(text)
