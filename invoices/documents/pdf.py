"""The PDF of an e-invoice: the one it brought, else one that the platform makes, fetched once and kept."""

import hashlib
import threading
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from econnect_admin.administrations.connection import CannotDecrypt, NotConfigured, connect
from econnect_admin.econnect.errors import EConnectError, PdfNotReady
from econnect_admin.econnect.results import File
from econnect_admin.econnect.transport import Limits
from econnect_admin.wording import Value, Wording, gettext_noop
from invoices.models import Attachment, DocumentPdf, EInvoice, EInvoiceVersion, Original
from invoices.ubl.reader import read_ubl

MAX_BYTES = 20 * 1024 * 1024
_LONGEST_CALL = 8.0  # seconds, of each of the two or three calls that an attempt takes
_MAX_ANSWER = 2 * MAX_BYTES  # base64 in an envelope
_MIME, _BEGINNING = "application/pdf", b"%PDF-"

# A platform that hangs keeps no more threads of a web process than these from showing pages.
_AT_ONCE = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Pdf:
    file_name: str
    content: bytes = field(repr=False)


class StillBeingMade(Exception):
    """There is none yet; ask again in some seconds."""


class NoPdf(Exception):
    """There is none to be had; `wording` says why, and what to do."""

    def __init__(self, template: str, **values: Value) -> None:
        self.wording = Wording(template, values)
        super().__init__(str(self.wording))


_NO_KEYS = gettext_noop(
    "The administration has no usable keys for eConnect; fill them in on the financial preferences."
)
_NOT_NOW = gettext_noop(
    "eConnect cannot give the PDF now. Try again in a moment; the readable view shows the same invoice."
)
_OTHER_VERSION = gettext_noop(
    "The supplier has sent another version of this invoice, and eConnect has the PDF of that one only. "
    "Look again after the next import."
)
_NO_PDF = gettext_noop("What eConnect gave is no PDF; the readable view shows the invoice.")
_TOO_LARGE = gettext_noop(
    "The PDF that eConnect has is larger than %(max_megabytes)s MB, which is not kept here; "
    "the readable view shows the invoice."
)


def pdf_of(version: EInvoiceVersion) -> Pdf | None:
    """The PDF that the version brought, else the one that was kept; None if there is neither yet."""
    brought = any(says_pdf(attachment) for attachment in version.attachments.all())
    return (_embedded(version) if brought else None) or _kept(version)


def says_pdf(attachment: Attachment) -> bool:
    """Whether it brings a file of which the sender says that it is a PDF."""
    return attachment.mime.lower() == _MIME and attachment.size_in_bytes is not None


def fetch_pdf(einvoice: EInvoice, version: EInvoiceVersion, by: str) -> None:
    """Have the PDF of a version kept, by one attempt that takes half a minute at most.

    Raises StillBeingMade or NoPdf. Whoever is not the first finds what the other has kept.
    """
    if pdf_of(version) is not None:
        return
    if version.pk != einvoice.current_id:
        raise NoPdf(_OTHER_VERSION)
    if not _AT_ONCE.acquire(blocking=False):
        raise StillBeingMade
    try:
        file = _ask_platform(einvoice, version)
    finally:
        _AT_ONCE.release()
    _keep(version, file, by)


def _ask_platform(einvoice: EInvoice, version: EInvoiceVersion) -> File:
    try:
        with connect(einvoice.administration, connections=1, limits=_limits()) as platform:
            file = platform.document_pdf(einvoice.external_id)
            # The PDF is of what the platform has now, which need not be what was imported.
            payload = platform.inbox_document(einvoice.external_id).payload
    except (NotConfigured, CannotDecrypt):
        raise NoPdf(_NO_KEYS) from None
    except PdfNotReady:
        raise StillBeingMade from None
    except EConnectError as error:
        if error.retryable:
            raise NoPdf(_NOT_NOW) from None
        raise NoPdf(error.wording.template, **error.wording.values) from None
    if payload is None or hashlib.sha256(payload).hexdigest() != version.sha256:
        raise NoPdf(_OTHER_VERSION)
    return file


def _limits() -> Limits:
    """Of somebody who waits in front of a page."""
    usual = Limits(**settings.ECONNECT)
    return replace(
        usual,
        attempts=1,
        read_timeout=min(usual.read_timeout, _LONGEST_CALL),
        call_timeout=min(usual.call_timeout, _LONGEST_CALL),
        max_bytes=_MAX_ANSWER,
    )


def _keep(version: EInvoiceVersion, file: File, by: str) -> None:
    if not file.contents.startswith(_BEGINNING):
        raise NoPdf(_NO_PDF)
    if len(file.contents) > MAX_BYTES:
        raise NoPdf(_TOO_LARGE, max_megabytes=MAX_BYTES // 1024**2)
    kept = DocumentPdf(
        version=version,
        content=file.contents,
        sha256=hashlib.sha256(file.contents).hexdigest(),
        file_name=file.name.replace("\0", ""),
        fetched_by=by,
        fetched_at=timezone.now(),
    )
    with transaction.atomic():
        DocumentPdf.objects.bulk_create([kept], ignore_conflicts=True)


def _embedded(version: EInvoiceVersion) -> Pdf | None:
    original = Original.objects.filter(version=version).first()
    for attachment in read_ubl(bytes(original.content)).attachments if original else ():
        content = attachment.content
        is_pdf = (attachment.mime or "").lower() == _MIME
        if is_pdf and content is not None and content.startswith(_BEGINNING):
            return Pdf(attachment.filename or attachment.id or "", content)
    return None


def _kept(version: EInvoiceVersion) -> Pdf | None:
    kept = DocumentPdf.objects.filter(version=version).first()
    return Pdf(kept.file_name, bytes(kept.content)) if kept else None
