"""Files that came from outside, given to a browser so that it saves them and never runs them."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from invoices.documents.pdf import pdf_of
from invoices.models import EInvoice, EInvoiceVersion, FailedDocument, Original
from invoices.ubl.facts import safe_filename
from invoices.ubl.reader import read_ubl

# Those that EN 16931 allows for attachments; whatever else a sender claims is only bytes.
_MIME_TYPES = frozenset(
    {
        "application/pdf",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "image/jpeg",
        "image/png",
        "text/csv",
    }
)
_UNKNOWN = "application/octet-stream"


def original(einvoice: EInvoice | None, version: int) -> HttpResponse:
    """The exact bytes of a version. Raises Http404."""
    stored = _original(einvoice, version)
    name = stored.version.number or stored.version.einvoice.external_id
    return _file(stored.content, f"{safe_filename(name)[:100]}.xml", "application/xml")


def attachment(einvoice: EInvoice | None, version: int, position: int) -> HttpResponse:
    """An attachment, read out of the original; `position` counts from 1. Raises Http404."""
    attachments = read_ubl(bytes(_original(einvoice, version).content)).attachments
    if not 1 <= position <= len(attachments):
        raise Http404
    chosen = attachments[position - 1]
    if chosen.content is None:
        raise Http404
    mime = chosen.mime if chosen.mime in _MIME_TYPES else _UNKNOWN
    return _file(chosen.content, chosen.safe_filename, mime)


def pdf(version: EInvoiceVersion) -> HttpResponse:
    """The PDF of a version. Raises Http404 if it is not there (yet)."""
    found = pdf_of(version)
    if found is None:
        raise Http404
    name = safe_filename(found.file_name or version.number)
    return _file(
        found.content, name if name.lower().endswith(".pdf") else f"{name[:100]}.pdf", "application/pdf"
    )


def content_of(version: EInvoiceVersion) -> bytes:
    """The exact bytes. Raises Http404."""
    return bytes(_original(version.einvoice, version.version).content)


def failed_content(document: FailedDocument | None) -> HttpResponse:
    """What came of a document that could not be imported. Raises Http404."""
    if document is None or document.content is None:
        raise Http404
    return _file(document.content, f"{safe_filename(document.external_id)[:100]}.xml", _UNKNOWN)


def _original(einvoice: EInvoice | None, version: int) -> Original:
    try:
        return Original.objects.select_related("version__einvoice").get(
            version__einvoice=einvoice, version__version=version
        )
    except Original.DoesNotExist:
        raise Http404 from None


def _file(content: bytes | memoryview, name: str, mime: str) -> HttpResponse:
    response = HttpResponse(bytes(content), content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Length"] = str(len(content))
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
