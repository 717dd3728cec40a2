"""What is embedded in a document, and the names it goes by."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.ubl.facts import Attachment, safe_filename
from invoices.ubl.reader import read_ubl
from tests.ubl.samples import own
from tests.ubl.writing import attached, credit_note, invoice

PDF = b"%PDF-1.4 een factuur"
BASE64 = base64.b64encode(PDF).decode()


def the_one_in(document: bytes) -> Attachment:
    (attachment,) = read_ubl(document).attachments
    return attachment


@pytest.mark.parametrize(
    "written", [BASE64, f"\n  {BASE64}\r\n", "\n\t".join(BASE64), f"{BASE64[:8]}<!-- page 1 -->{BASE64[8:]}"]
)
def test_an_embedded_file_is_decoded_whatever_white_space_is_in_it(written: str) -> None:
    attachment = the_one_in(attached(written))
    assert attachment.content == PDF
    assert attachment.size_in_bytes == len(PDF)
    assert attachment.sha256 == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize(
    "written", ["no base64!", "QUJ", "QUJD=", "QUJD====", "QUJDé", "QU=JD", "====", "QUJD\u00a0QUJD"]
)
def test_what_is_no_base64_has_no_content_and_refuses_nothing(written: str) -> None:
    attachment = the_one_in(attached(written))
    assert (attachment.content, attachment.size_in_bytes, attachment.sha256) == (None, None, None)
    assert attachment.filename == "a.pdf"


@given(st.binary(max_size=200))
def test_every_file_comes_out_as_it_went_in(content: bytes) -> None:
    attachment = the_one_in(attached(base64.b64encode(content).decode()))
    assert attachment.content == (content or None)


def test_an_attachment_elsewhere_has_an_address_and_no_content() -> None:
    attachment = the_one_in(own("bouwzicht-opleidingen-26-311.xml"))
    assert attachment.external_uri == "https://portaal.bouwzicht.example/dossier/26-311/presentielijst"
    assert attachment.content is None


def test_the_pdf_in_a_sample_is_a_pdf() -> None:
    pdf, packing_list = read_ubl(own("bakker-staal-2026-0041.xml")).attachments
    assert pdf.content is not None
    assert pdf.content.startswith(b"%PDF-")
    assert b"(EUR 1.512,50)" in pdf.content
    assert (packing_list.mime, packing_list.filename) == ("text/csv", "pakbon-PB-88310.csv")


def reference(document_type: str) -> str:
    return (
        "<cac:AdditionalDocumentReference><cbc:ID>7</cbc:ID>"
        f"<cbc:DocumentTypeCode>{document_type}</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>"
    )


@pytest.mark.parametrize(
    ("document", "attachments"),
    [
        (invoice(reference("130")), 0),
        (invoice(reference("50")), 1),
        (invoice(reference("916")), 1),
        (credit_note(reference("130")), 0),
        (credit_note(reference("50")), 0),
    ],
)
def test_a_reference_to_what_is_invoiced_is_no_attachment(document: bytes, attachments: int) -> None:
    assert len(read_ubl(document).attachments) == attachments


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("factuur 2026-0041.pdf", "factuur 2026-0041.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("C:\\x\\factuur.pdf", "factuur.pdf"),
        ("C:factuur.pdf", "C_factuur.pdf"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\x00b.pdf", "a_b.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a__Set-Cookie_ x.pdf"),
        ("factuur\u202efdp.exe", "factuur_fdp.exe"),
        ("fac\u200btuur\ufeff.pdf", "fac_tuur_.pdf"),
        ('<img src="x">.pdf', "_img src=_x__.pdf"),
        ("CON", "_CON"),
        ("nul.pdf", "_nul.pdf"),
        ("lpt1 .txt", "_lpt1 .txt"),
        ("console.pdf", "console.pdf"),
        ("~$factuur.pdf. . ", "~$factuur.pdf"),
        ("Öztürk & Voß.csv", "Öztürk & Voß.csv"),
        ("map/", "map"),
        ("..", "bijlage"),
        ("", "bijlage"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("x" * 300, "x" * 200),
        ("x." + "y" * 300, "x." + "y" * 198),
        ("é" * 300 + ".pdf", "é" * 98 + ".pdf"),
    ],
)
def test_a_file_name_is_made_safe(written: str, safe: str) -> None:
    assert safe_filename(written) == safe


@given(st.text())
def test_no_name_is_a_path_a_command_or_too_long(written: str) -> None:
    name = safe_filename(written)
    assert 0 < len(name.encode()) <= 200
    assert not set(name) & set('/\\<>:"|?*\0\r\n\u202e')
    assert not name.startswith(".")


def test_an_attachment_without_a_file_name_goes_by_its_id() -> None:
    assert the_one_in(attached(BASE64, 'mimeCode="application/pdf"')).safe_filename == "7"
