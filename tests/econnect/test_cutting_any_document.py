"""Cutting out is right for whatever documents and namespaces there can be."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from econnect_admin.econnect.payload import cut_payload

PREFIXES = ("", "a", "b", "soap")
PLACES = ("urn:1", "urn:2", "urn:3")
TEXTS = ("", " ", "x", "&#233;", "<![CDATA[</Payload>]]>", "<!-- <Payload> -->", "<?pi </Payload>?>", "é€")

declarations = st.dictionaries(st.sampled_from(PREFIXES), st.sampled_from(PLACES), max_size=3)


@st.composite
def elements(draw: st.DrawFn, known: frozenset[str], depth: int = 0) -> str:
    """An element that uses only prefixes that it or an element around it declares."""
    declared = draw(declarations)
    usable = sorted(known | declared.keys() | {""})
    prefix = draw(st.sampled_from(usable))
    name = f"{prefix}:{draw(st.sampled_from('ST'))}" if prefix else draw(st.sampled_from("ST"))
    attributes = "".join(f" {_declaration(key)}='{uri}'" for key, uri in declared.items())
    attributed = draw(st.sampled_from([*usable, "none"]))
    if attributed in ("a", "b", "soap"):
        attributes += f' {attributed}:i = "&lt;1>"'
    inside = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(0, 0 if depth > 3 else 3))):
        inside += draw(elements(known | declared.keys(), depth + 1)) + draw(st.sampled_from(TEXTS))
    return f"<{name}{attributes}>{inside}</{name}>" if inside else f"<{name}{attributes}/>"


def _declaration(prefix: str) -> str:
    return f"xmlns:{prefix}" if prefix else "xmlns"


@st.composite
def answers(draw: st.DrawFn) -> str:
    """An answer with a document in it, and namespaces declared on the way to it."""
    on_envelope = draw(declarations) | {"soap": "urn:soap"}
    on_payload = draw(declarations)
    known = frozenset(on_envelope.keys() | on_payload.keys())
    document = draw(elements(known))
    envelope = "".join(f" {_declaration(key)}='{uri}'" for key, uri in on_envelope.items())
    payload = "".join(f' {_declaration(key)}="{uri}"' for key, uri in on_payload.items())
    return f"<soap:Envelope{envelope}>é<Payload{payload}>{document}</Payload><S/></soap:Envelope>"


def canonical(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=True)


@settings(max_examples=300, deadline=None)
@given(answers())
def test_the_cut_document_means_what_it_meant_in_the_answer(answer: str) -> None:
    payload, envelope = cut_payload(answer.encode(), ("Envelope", "Payload"))
    assert payload is not None
    [in_its_place] = [element for element in etree.fromstring(answer)[0] if isinstance(element.tag, str)]
    assert canonical(etree.fromstring(payload)) == canonical(in_its_place)
    assert [element.tag for element in etree.fromstring(envelope).iter()][-1] == etree.fromstring(answer)[
        1
    ].tag
    assert len(etree.fromstring(envelope)[0]) == 0


@settings(max_examples=300, deadline=None)
@given(elements(frozenset()))
def test_a_document_that_declares_all_it_uses_comes_byte_for_byte(document: str) -> None:
    answer = f"<p:Envelope xmlns:p='urn:p' xmlns:a='urn:9'><p:Payload>{document}</p:Payload></p:Envelope>"
    assert cut_payload(answer.encode(), ("Envelope", "Payload")).payload == document.encode()
