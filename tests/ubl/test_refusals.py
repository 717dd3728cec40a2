"""What is no e-invoice is refused, with a reason that a person understands."""

import pytest

from econnect_admin.safe_xml import XmlError, parse_xml
from invoices.ubl.errors import Reason, UblError
from invoices.ubl.reader import MAX_BYTES, read_ubl
from tests.ubl.writing import invoice

PLAIN = invoice("<cbc:ID>Caf\u00e9 7</cbc:ID>").decode()
CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
DEEP = "<deep>" * 100_000 + "</deep>" * 100_000
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def reason_for(document: str | bytes) -> Reason:
    with pytest.raises(UblError) as refusal:
        read_ubl(document if isinstance(document, bytes) else document.encode())
    return refusal.value.reason


def declared(encoding: str, bytes_in: str | None = None) -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{PLAIN}'
    return text.encode(bytes_in or encoding)


@pytest.mark.parametrize(
    "root",
    [
        f'<c:CrossIndustryInvoice xmlns:c="{CII}"/>',
        '<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>',
        '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-1"/>',
        '<CreditNote xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
        "<Invoice/>",
        "<html><body>Service unavailable</body></html>",
    ],
)
def test_another_root_is_refused(root: str) -> None:
    assert reason_for(root) == Reason.WRONG_ROOT


@pytest.mark.parametrize("root", ["<Invoice/>", "<CreditNote><ID>1</ID></CreditNote>"])
def test_a_root_without_its_namespace_is_told_that_it_lacks_it(root: str) -> None:
    with pytest.raises(UblError, match="the xmlns of UBL is missing"):
        read_ubl(root.encode())


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE Invoice>",
        '<!DOCTYPE Invoice SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE Invoice [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
        f'<!DOCTYPE Invoice [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<?xml version="1.0"?>\n<!-- first --><?second?>\n<!DOCTYPE Invoice>',
    ],
    ids=["bare", "external", "external entity", "billion laughs", "after comments"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_doctype_is_refused_in_every_encoding(doctype: str, encoding: str) -> None:
    assert reason_for((doctype + PLAIN).encode(encoding)) == Reason.DOCTYPE


def test_what_looks_like_a_doctype_in_a_comment_is_none() -> None:
    assert read_ubl(f"<!-- <!DOCTYPE Invoice> -->{PLAIN}".encode()).number == "Caf\u00e9 7"


@pytest.mark.parametrize(
    "document",
    [
        "",
        " \n",
        "\0",
        "Geachte heer, mevrouw",
        "%PDF-1.7",
        PLAIN[:-3],
        PLAIN + PLAIN,
        PLAIN + "more",
        " <?xml version='1.0'?>" + PLAIN,
        PLAIN.replace("7", "&eacute;"),
        PLAIN.replace("7", "\x01"),
        PLAIN.replace("7", "&#0;"),
        PLAIN.replace("</cbc:ID>", "</cbc:IDs>"),
        PLAIN.replace("<cbc:ID>", "<xyz:ID>"),
        PLAIN.replace("<cbc:ID>", '<cbc:ID a="1" a="2">'),
        PLAIN.replace("7", DEEP),
    ],
)
def test_what_is_not_well_formed_is_refused(document: str) -> None:
    assert reason_for(document) == Reason.NOT_WELL_FORMED


def test_a_truncated_document_names_the_line_where_it_ends() -> None:
    with pytest.raises(UblError) as refusal:
        read_ubl(PLAIN.replace("><", ">\n<").encode()[:-12])
    assert refusal.value.line == 2


@pytest.mark.parametrize("document", [invoice(DEEP), invoice(f"<cbc:ID>{DEEP}</cbc:ID>")])
def test_a_hundred_thousand_levels_are_refused_and_harm_nothing(document: bytes) -> None:
    assert reason_for(document) == Reason.NOT_WELL_FORMED


@pytest.mark.parametrize(
    "document",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        declared("UTF-8"),
        declared("utf-8", "utf-8-sig"),
        PLAIN.encode("utf-16"),
        declared("UTF-16"),
        declared("utf-16", "utf-16-le"),
        declared("ISO-8859-1"),
        declared("ISO-8859-15"),
        declared("windows-1252"),
    ],
)
def test_the_usual_encodings_are_read(document: bytes) -> None:
    assert read_ubl(document).number == "Caf\u00e9 7"


@pytest.mark.parametrize(
    "document",
    [
        declared("UTF-8", "iso-8859-1"),
        declared("US-ASCII", "iso-8859-1"),
        PLAIN.encode("iso-8859-1"),
        declared("UTF-7"),
        declared("IBM037", "cp037"),
        declared("UTF-32"),
        declared("UTF-32", "utf-32-be"),
        declared("Big5", "utf-8"),
        declared("no-such-encoding", "utf-8"),
    ],
)
def test_a_wrong_encoding_is_refused(document: bytes) -> None:
    assert reason_for(document) == Reason.ENCODING


@pytest.mark.parametrize("document", [declared("UTF-8", "utf-16"), declared("UTF-16", "utf-8")])
def test_a_declaration_that_contradicts_the_bytes_is_refused(document: bytes) -> None:
    assert reason_for(document) in (Reason.ENCODING, Reason.NOT_WELL_FORMED)


def test_a_document_over_the_limit_is_refused_before_it_is_parsed() -> None:
    assert reason_for(b"<" * (MAX_BYTES + 1)) == Reason.TOO_LARGE


def test_the_limit_itself_is_allowed() -> None:
    assert parse_xml(b"<a/>", 4).tag == "a"
    with pytest.raises(XmlError):
        parse_xml(b"<a/>", 3)


def test_ten_megabytes_in_one_value_are_read() -> None:
    note = "lang " * 2_100_000
    assert read_ubl(invoice(f"<cbc:Note>{note}</cbc:Note>")).notes == (note.strip(),)


@pytest.mark.parametrize("value", ["<cbc:ID>12<b>3</b>4</cbc:ID>", "<cbc:Note><b>bold</b></cbc:Note>"])
def test_an_element_where_a_value_should_be_is_refused(value: str) -> None:
    assert reason_for(invoice(value)) == Reason.MARKUP_IN_VALUE


def test_a_long_value_is_shortened_in_the_reason() -> None:
    with pytest.raises(UblError) as refusal:
        read_ubl(invoice(f"<cbc:IssueDate>{'9' * 1000}</cbc:IssueDate>"))
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    "codec", ["x-unknown", "rot13", "hex", "base64", "zlib", "idna", "shift_jis", "utf-7"]
)
def test_utf_16_that_claims_to_be_anything_else_is_refused(codec: str) -> None:
    assert reason_for(declared(codec, "utf-16")) in (Reason.ENCODING, Reason.NOT_WELL_FORMED)


def test_a_document_of_too_many_parts_is_refused() -> None:
    assert reason_for(invoice("<cac:InvoiceLine><cbc:ID>1</cbc:ID></cac:InvoiceLine>" * 100_002)) == (
        Reason.TOO_MANY_PARTS
    )
