"""Whatever comes in is read, or refused with UblError; and what was written is what is read."""

from xml.sax.saxutils import escape

from hypothesis import given
from hypothesis import strategies as st

from invoices.checks.runner import check
from invoices.ubl.as_json import as_json
from invoices.ubl.errors import UblError
from invoices.ubl.reader import read_ubl
from tests.ubl.samples import OWN
from tests.ubl.writing import invoice

SAMPLES = [path.read_bytes() for path in sorted(OWN.glob("*.xml"))]
PIECES = st.sampled_from(
    [
        b"<",
        b">",
        b"</",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"]]>",
        b"<?",
        b"&#x0;",
        b"&lt;",
        b"&x;",
        b"\x00",
        b"\xff",
    ]
    + [b'xmlns="', b"<cbc:ID>", b"<cac:InvoiceLine>", b"</cac:InvoiceLine>", b"<cbc:Note>", b"<!DOCTYPE x>"]
    + [b"\xff\xfe", b"\xc3\x28", b"1_0", b"\xef\xbb\xbf", b"\xed\xa0\x80", b'"', b" "]
)
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
    min_size=1,
).map(str.strip)
AMOUNT = st.decimals(-(10**9), 10**9, places=2).map(str)


def read_and_check(data: bytes) -> None:
    try:
        document = read_ubl(data)
    except UblError:
        return
    as_json(document)
    check(document)


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    read_and_check(data)


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_no_bytes_within_an_invoice_raise_anything_else(inner: bytes) -> None:
    start, end = invoice("|").split(b"|")
    read_and_check(start + inner + end)


@given(st.sampled_from(SAMPLES), st.data())
def test_no_damage_to_a_real_document_raises_anything_else(document: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(document)))
    stop = data.draw(st.integers(start, min(len(document), start + 40)))
    read_and_check(document[:start] + data.draw(PIECES) + document[stop:])


LINES = st.lists(
    st.fixed_dictionaries(
        {"id": TEXT, "name": TEXT, "quantity": AMOUNT, "net_amount": AMOUNT, "price": AMOUNT}
    ),
    max_size=5,
)


@given(number=TEXT, day=st.dates().map(str), notes=st.lists(TEXT, max_size=3), payable=AMOUNT, lines=LINES)
def test_what_is_written_is_what_is_read(
    number: str, day: str, notes: list[str], payable: str, lines: list[dict[str, str]]
) -> None:
    def line(facts: dict[str, str]) -> str:
        return f"""<cac:InvoiceLine><cbc:ID>{escape(facts["id"])}</cbc:ID>
            <cbc:InvoicedQuantity unitCode="C62">{facts["quantity"]}</cbc:InvoicedQuantity>
            <cbc:LineExtensionAmount currencyID="EUR">{facts["net_amount"]}</cbc:LineExtensionAmount>
            <cac:Item><cbc:Name>{escape(facts["name"])}</cbc:Name></cac:Item>
            <cac:Price><cbc:PriceAmount>{facts["price"]}</cbc:PriceAmount></cac:Price></cac:InvoiceLine>"""

    document = invoice(
        f"<cbc:ID>{escape(number)}</cbc:ID><cbc:IssueDate>{day}</cbc:IssueDate>"
        + "".join(f"<cbc:Note>{escape(note)}</cbc:Note>" for note in notes)
        + f"<cac:LegalMonetaryTotal><cbc:PayableAmount>{payable}</cbc:PayableAmount></cac:LegalMonetaryTotal>"
        + "".join(map(line, lines))
    )
    facts = as_json(read_ubl(document))
    assert facts["number"] == (number or None)
    assert facts["issue_date"] == day
    assert facts["notes"] == [note for note in notes if note]
    assert facts["payable"] == payable
    read = [
        {name: found[name] for name in written} for written, found in zip(lines, facts["lines"], strict=True)
    ]
    assert read == [{name: fact or None for name, fact in written.items()} for written in lines]
