"""From what the platform sent to what is stored: read and checked, or failed with a reason."""

import hashlib
import logging
from dataclasses import dataclass, field

from econnect_admin.econnect.errors import EConnectError, Unavailable
from econnect_admin.econnect.results import Document, InboxDocument
from econnect_admin.wording import Wording, gettext_noop
from invoices.checks.finding import Finding
from invoices.checks.runner import check
from invoices.ubl.errors import UblError
from invoices.ubl.facts import Invoice
from invoices.ubl.reader import read_ubl

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Received:
    """A document that was read: its facts, and its original bytes."""

    document: InboxDocument
    content: bytes = field(repr=False)
    sha256: str
    invoice: Invoice
    findings: list[Finding]

    @property
    def external_id(self) -> str:
        return self.document.details.external_id


@dataclass(frozen=True)
class Failed:
    """A document that could not be imported: why, and what came of it."""

    external_id: str
    reason: str
    wording: Wording
    content: bytes | None = field(default=None, repr=False)
    listed: Document | None = None


def read_document(external_id: str, document: InboxDocument, listed: Document | None) -> Received | Failed:
    """Read and check a document. Bad input never raises: it is a Failed."""
    if document.details.external_id != external_id:
        wording = Wording(
            gettext_noop("eConnect sent another document than was asked for: %(other)s."),
            {"other": document.details.external_id},
        )
        return Failed(external_id, "other-document", wording, document.payload, listed)
    if document.payload is None:
        return Failed(
            external_id, "no-payload", Wording(gettext_noop("eConnect sent no document.")), None, listed
        )
    try:
        invoice = read_ubl(document.payload)
        findings = check(invoice)
    except UblError as error:
        return Failed(external_id, error.reason, error.wording, document.payload, listed)
    except Exception:
        logger.exception("Reading document %s failed in a way nobody thought of", external_id)
        return Failed(external_id, "internal", Wording(UNFORESEEN), document.payload, listed)
    sha256 = hashlib.sha256(document.payload).hexdigest()
    return Received(document, document.payload, sha256, invoice, findings)


def not_fetched(external_id: str, error: EConnectError, listed: Document | None) -> Failed:
    """The failure of a document that the platform did not give."""
    answer = error.answer if isinstance(error, Unavailable) else None
    return Failed(external_id, error.code or "unavailable", error.wording, answer, listed)


UNFORESEEN = gettext_noop("The document could not be read because of an error in this program.")
