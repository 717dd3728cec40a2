"""The legal original: the document's bytes as they were delivered, not as somebody would write them."""

import re
from pathlib import Path

import pytest
from lxml import etree

from econnect_admin.econnect.errors import Unavailable
from econnect_admin.econnect.soap import EConnect
from econnect_admin.sandbox import misbehaviours
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import SAMPLES, SHARED_SAMPLES
from tests.econnect.documents import UBL, invoice

INVOICE = b"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"

KEPT = {
    "CDATA": b"<Invoice xmlns='"
    + INVOICE
    + b"'><Note><![CDATA[<b>&amp;</b> ]] > </Payload>]]></Note></Invoice>",
    "comments": b"<!-- before --><Invoice xmlns='"
    + INVOICE
    + b"'><!-- </Payload> --></Invoice><!-- after -->",
    "character references": b'<Invoice xmlns="'
    + INVOICE
    + b'" a="&#10;&quot;&apos;">Caf&#233; &#xE9; \xc3\xa9</Invoice>',
    "odd white space": b'\n\t <Invoice\n  xmlns = "'
    + INVOICE
    + b'"\t>\r\n  <A\n/><B ></B\n> \r</Invoice  >\n\n',
    "processing instructions": b'<?pi a="1"?><Invoice xmlns="' + INVOICE + b'"><?x </Payload>?></Invoice>',
    "single quotes": b"<Invoice xmlns='" + INVOICE + b"' a='>' b='\"'/>",
    "prefix ns0": b'<ns0:Invoice xmlns:ns0="' + INVOICE + b'"><ns0:ID>1</ns0:ID></ns0:Invoice>',
    "prefix that changes": b'<a:I xmlns:a="u:1"><a:I xmlns:a="u:2"/><b:C xmlns:b="u:3"/><a:D/></a:I>',
    "undeclared default": b'<I xmlns="u:1"><J xmlns=""><K/></J></I>',
    "no namespace": b"<Invoice><ID>1</ID></Invoice>",
    "prefix of the envelope": b'<soap:Invoice xmlns:soap="u:1" xml:lang="nl"/>',
    "Payload in the document": b'<Payload xmlns="u:1"><Payload>1</Payload></Payload>',
    "beyond the BMP": '<I xmlns="u:1">€ 𝄞 \U0001f6a7</I>'.encode(),
    "empty root": b'<I xmlns="u:1"/>',
}


@pytest.mark.parametrize("document", KEPT.values(), ids=KEPT.keys())
def test_the_document_comes_byte_for_byte(
    sandbox: Sandbox, client_of_each_version: EConnect, document: bytes
) -> None:
    external_id = sandbox.account.add(document)
    assert client_of_each_version.inbox_document(external_id).payload == document


@pytest.mark.parametrize(
    "start",
    [b'<?xml version="1.0" encoding="UTF-8"?>\n', b"\xef\xbb\xbf<?xml version='1.0'?>", b"\xef\xbb\xbf"],
)
def test_the_declaration_is_not_part_of_it(sandbox: Sandbox, client: EConnect, start: bytes) -> None:
    external_id = sandbox.account.add(start + invoice())
    assert client.inbox_document(external_id).payload == invoice()


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252"])
def test_a_document_in_another_encoding_comes_in_utf_8(
    sandbox: Sandbox, client: EConnect, encoding: str
) -> None:
    document = '<I xmlns="u:1">Café</I>'
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    external_id = sandbox.account.add((declaration + document).encode(encoding))
    assert client.inbox_document(external_id).payload == document.encode()


@pytest.mark.parametrize(
    "file", [*SAMPLES.glob("*.xml"), *SHARED_SAMPLES.glob("*.xml")], ids=lambda path: path.stem
)
def test_each_sample_comes_byte_for_byte(sandbox: Sandbox, client: EConnect, file: Path) -> None:
    original = file.read_bytes()
    without_declaration = re.sub(rb"\A(\xef\xbb\xbf)?(<\?xml[^>]*\?>\s*)?", b"", original)
    assert client.inbox_document(sandbox.account.add(original)).payload == without_declaration


def test_namespaces_of_the_envelope_are_added_to_the_document(sandbox: Sandbox, client: EConnect) -> None:
    document = invoice(inside=b"<cbc:Note>&#233; <![CDATA[x]]></cbc:Note>")
    external_id = sandbox.account.add(document)
    sandbox.misbehave(misbehaviours.namespaces_on_the_envelope, "GetInboxDocument")
    payload = client.inbox_document(external_id).payload
    assert payload is not None
    after_root = document.index(b"<cbc:ID>")
    assert payload.endswith(document[after_root:])
    assert etree.tostring(etree.fromstring(payload), method="c14n") == etree.tostring(
        etree.fromstring(document), method="c14n"
    )


def test_only_the_namespaces_that_are_used_are_added(sandbox: Sandbox, client: EConnect) -> None:
    document = b'<cbc:ID xmlns:cbc="%bCommonBasicComponents-2" xmlns:unused="u:1">1</cbc:ID>' % UBL
    external_id = sandbox.account.add(document)
    sandbox.misbehave(misbehaviours.namespaces_on_the_envelope, "GetInboxDocument")
    expected = b'<cbc:ID xmlns:cbc="%bCommonBasicComponents-2">1</cbc:ID>' % UBL
    assert client.inbox_document(external_id).payload == expected


def test_a_byte_order_mark_before_the_answer_moves_nothing(sandbox: Sandbox, client: EConnect) -> None:
    external_id = sandbox.account.add(invoice())
    sandbox.misbehave(misbehaviours.edited(rb"\A", b"\xef\xbb\xbf"), "GetInboxDocument")
    assert client.inbox_document(external_id).payload == invoice()


def test_an_answer_in_another_encoding_is_refused(sandbox: Sandbox, client: EConnect) -> None:
    external_id = sandbox.account.add(invoice())
    latin = misbehaviours.edited(b'encoding="utf-8"', b'encoding="iso-8859-1"')
    sandbox.misbehave(latin, "GetInboxDocument", times=None)
    with pytest.raises(Unavailable, match="not written in UTF-8"):
        client.inbox_document(external_id)
