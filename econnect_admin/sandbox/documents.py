"""Documents as the platform keeps them: what was delivered, and what it knows about that."""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from lxml import etree

STATUS_NAMES: Mapping[str, str] = {
    "05": "Opgeslagen",
    "10": "Ontvangen",
    "20": "Geopend",
    "30": "Gedownload",
    "35": "Ter goedkeuring",
    "40": "Goedgekeurd",
    "50": "Afgekeurd",
    "60": "Betaalbaar gesteld",
    "70": "Betaald",
}
DOWNLOADED = "30"
_ALLOWED = tuple(code for code in STATUS_NAMES if code != "05")  # which only the platform sets

_CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
_SUPPLIER = f"{_CAC}AccountingSupplierParty/{_CAC}Party/"
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*?\?>\s*")
_DECLARED_ENCODING = re.compile(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Template:
    """The kind of a document; `master_id` stays when a new version of the template gets a new `id`."""

    id: str
    name: str
    master_id: str
    master_name: str


INVOICE = Template(
    id="GLDT9223370666504283001RA000000006DTP2000042",
    name="Factuur",
    master_id="GLDT9223370666504283001RA000000006DTP2000001",
    master_name="Factuur",
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The bytes that a sender delivered, and what the platform reads in them ("" where they do not say)."""

    content: bytes = field(repr=False)
    payload: bytes = field(repr=False)  # as an answer holds it: UTF-8, without BOM and XML declaration
    sha256: str  # of the content
    subject: str = ""
    sender_id: str = ""
    sender_name: str = ""
    in_no_namespace: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A document in an inbox. A change makes a new one, so that an answer never sees half of it."""

    external_id: str
    sequence: int
    delivery: Delivery
    subject: str
    sender_name: str
    created_on: datetime
    modified_on: datetime
    status_code: str
    status_changed_on: datetime
    status_changed_by: str = "eConnect"
    template: Template = INVOICE
    statuses: tuple[str, ...] = _ALLOWED
    group_id: str = ""  # whose inbox it is in; "": the company's

    @property
    def document_id(self) -> str:
        return f"DOC-{self.external_id}"

    @property
    def content(self) -> bytes:
        """The bytes that were delivered."""
        return self.delivery.content

    @property
    def payload(self) -> bytes:
        """The bytes that an answer holds."""
        return self.delivery.payload

    @property
    def sha256(self) -> str:
        """Of the bytes that were delivered."""
        return self.delivery.sha256

    @property
    def sender_id(self) -> str:
        return self.delivery.sender_id

    @property
    def in_no_namespace(self) -> bool:
        return self.delivery.in_no_namespace


def read_delivery(content: bytes) -> Delivery:
    """What is not XML is taken all the same, and is put into an answer as it is."""
    payload, digest = _payload(content), sha256(content).hexdigest()
    try:
        root = etree.fromstring(payload, _parser())
    except (etree.XMLSyntaxError, ValueError):
        return Delivery(content, payload, digest)
    number = (root.findtext(f"{_CBC}ID") or "").strip()
    name = root.findtext(f"{_SUPPLIER}{_CAC}PartyName/{_CBC}Name") or root.findtext(
        f"{_SUPPLIER}{_CAC}PartyLegalEntity/{_CBC}RegistrationName"
    )
    endpoint = root.findtext(f"{_SUPPLIER}{_CBC}EndpointID")
    return Delivery(
        content,
        payload,
        digest,
        subject=f"Factuur {number}" if number else "",
        sender_id=(endpoint or "").strip(),
        sender_name=(name or "").strip(),
        in_no_namespace=etree.QName(root).namespace is None,
    )


def embedded_pdf(payload: bytes) -> tuple[str, str] | None:
    """The file name and the base64 of the first PDF in a document."""
    try:
        root = etree.fromstring(payload, _parser())
    except (etree.XMLSyntaxError, ValueError):
        return None
    for attachment in root.iter(f"{_CBC}EmbeddedDocumentBinaryObject"):
        if attachment.get("mimeCode") == "application/pdf":
            return attachment.get("filename") or "document.pdf", (attachment.text or "").strip()
    return None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


def _payload(content: bytes) -> bytes:
    """The document in UTF-8, without BOM and XML declaration; if it is not that, as it is."""
    encoding, start = next(((name, len(bom)) for bom, name in _BOMS if content.startswith(bom)), ("", 0))
    declared = _DECLARED_ENCODING.match(content[:200])
    try:
        encoding = codecs.lookup(encoding or (declared[1].decode() if declared else "utf-8")).name
        head = content[start : start + 1024].decode(encoding, "ignore")
        declaration = _DECLARATION.match(head)
        start += len(declaration[0].encode(encoding)) if declaration else 0
        body = content[start:]
        return body if encoding in ("utf-8", "ascii") else body.decode(encoding).encode()
    except (LookupError, UnicodeError):
        return content
