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
class Wanted:
    """A document to be fetched.

    `listed`: as the platform listed it, None where it did not. `connection_user_group_id`: whose it is,
    None for the administration's.
    """

    external_id: str
    listed: Document | None
    connection_user_group_id: int | None


@dataclass(frozen=True)
class Received:
    """A document that was read: its facts, and its original bytes."""

    wanted: Wanted
    document: InboxDocument
    content: bytes = field(repr=False)
    sha256: str
    invoice: Invoice
    findings: list[Finding]

    @property
    def external_id(self) -> str:
        return self.wanted.external_id


@dataclass(frozen=True)
class Failed:
    """A document that could not be imported: why, and what came of it."""

    wanted: Wanted
    reason: str
    wording: Wording
    content: bytes | None = field(default=None, repr=False)

    @property
    def external_id(self) -> str:
        return self.wanted.external_id


def read_document(wanted: Wanted, document: InboxDocument) -> Received | Failed:
    """Read and check a document. Bad input never raises: it is a Failed."""
    if document.details.external_id != wanted.external_id:
        wording = Wording(
            gettext_noop("eConnect sent another document than was asked for: %(other)s."),
            {"other": document.details.external_id},
        )
        return Failed(wanted, "other-document", wording, document.payload)
    if document.payload is None:
        return Failed(wanted, "no-payload", Wording(gettext_noop("eConnect sent no document.")))
    try:
        invoice = read_ubl(document.payload)
        findings = check(invoice)
    except UblError as error:
        return Failed(wanted, error.reason, error.wording, document.payload)
    except Exception:
        logger.exception("Reading document %s failed in a way nobody thought of", wanted.external_id)
        return Failed(wanted, "internal", Wording(UNFORESEEN), document.payload)
    sha256 = hashlib.sha256(document.payload).hexdigest()
    return Received(wanted, document, document.payload, sha256, invoice, findings)


def not_fetched(wanted: Wanted, error: EConnectError) -> Failed:
    """The failure of a document that the platform did not give."""
    answer = error.answer if isinstance(error, Unavailable) else None
    return Failed(wanted, error.code or "unavailable", error.wording, answer)


UNFORESEEN = gettext_noop("The document could not be read because of an error in this program.")
