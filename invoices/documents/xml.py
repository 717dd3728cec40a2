"""The original of an e-invoice as people read it: indented, without the bytes of its attachments."""

from dataclasses import dataclass

from lxml import etree

from econnect_admin.safe_xml import XmlError, parse_xml

MAX_BYTES = 16 * 1024 * 1024  # of an original that is read for this
MAX_LINES = 20_000
LONGEST_TEXT = 5_000  # characters of one element or attribute
LONGEST_FILE = 200  # characters of an attachment, which is base64
_FILE = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}EmbeddedDocumentBinaryObject"


@dataclass(frozen=True)
class PrettyXml:
    """`is_cut`: lines are missing at the end. `clipped`: texts of which only the beginning is there."""

    lines: list[str]
    is_cut: bool
    clipped: int


def pretty_xml(original: bytes) -> PrettyXml | None:
    """None for what is too large to be read for this, or cannot be."""
    try:
        root = parse_xml(original, MAX_BYTES)
    except XmlError:
        return None
    clipped = sum(_clip(element) for element in root.iter(etree.Element))
    etree.indent(root)
    lines = etree.tostring(root, encoding="unicode").splitlines()
    return PrettyXml(lines[:MAX_LINES], len(lines) > MAX_LINES, clipped)


def _clip(element: etree._Element) -> int:
    """Leave the beginnings of texts that are too long, and how long they are; how many those were."""
    clipped = 0
    for name, value in element.attrib.items():
        if len(value) > LONGEST_TEXT:
            element.set(name, _beginning(value))
            clipped += 1
    longest = LONGEST_FILE if element.tag == _FILE else LONGEST_TEXT
    if element.text and len(element.text) > longest:
        element.text = _beginning(element.text)
        clipped += 1
    return clipped


def _beginning(text: str) -> str:
    return f"{text[:80]}… [{len(text)}]"
