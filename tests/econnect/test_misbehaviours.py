"""Each way in which a platform can misbehave has an outcome."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from econnect_admin.econnect.errors import EConnectError, Unavailable
from econnect_admin.econnect.soap import PAGES_WITHOUT_NEWS, EConnect, PagingLoop
from econnect_admin.sandbox import misbehaviours
from econnect_admin.sandbox.account import Account, Party
from econnect_admin.sandbox.exchange import Misbehaviour
from econnect_admin.sandbox.server import Sandbox
from tests.econnect.conftest import QUICK, Connect
from tests.econnect.documents import invoice

# What a person reads when it goes on.
REASONS = {
    "HTML": (misbehaviours.html_page, "it is a web page"),
    "502": (misbehaviours.bad_gateway, "HTTP 502"),
    "503": (misbehaviours.service_unavailable, "HTTP 503"),
    "504": (misbehaviours.gateway_timeout, "HTTP 504"),
    "HTML with 500": (misbehaviours.http_error(500), "HTTP 500"),
    "redirect": (misbehaviours.redirect("http://elsewhere.example/"), "HTTP 307"),
    "cut unheard": (misbehaviours.cut_unheard, "failed or was cut"),
    "cut before the answer": (misbehaviours.cut_before_answer, "failed or was cut"),
    "cut after the headers": (misbehaviours.cut_after_headers, "cut off"),
    "cut in the middle": (misbehaviours.cut_in_the_middle, "cut off"),
    "cut between chunks": (misbehaviours.cut_between_chunks, "cut off"),
    "length too long": (misbehaviours.length_too_long, "cut off"),
    "length too short": (misbehaviours.length_too_short, "well-formed|no XML"),
    "not HTTP": (misbehaviours.not_http, "failed or was cut"),
    "empty": (misbehaviours.empty_body, "no SOAP"),
    "broken gzip": (misbehaviours.broken_gzip, "decompressed"),
    "truncated gzip": (misbehaviours.truncated_gzip, "well-formed|no XML|no SOAP"),
    "slow drip": (misbehaviours.slow_drip(0.3), "took more than"),
    "slow headers": (misbehaviours.slow_headers(0.3), "took more than"),
    "hang": (misbehaviours.hang, "no answer in time"),
    "truncated XML": (misbehaviours.truncated_xml, "well-formed|no XML"),
    "DOCTYPE": (misbehaviours.doctype, "DOCTYPE|doctype"),
    "other operation": (misbehaviours.edited(b"Response", b"Reply"), "not asked for|no moment|no External"),
}


@pytest.mark.parametrize(("misbehaviour", "reason"), REASONS.values(), ids=REASONS.keys())
@pytest.mark.parametrize("operation", ["GetInboxDocuments", "GetInboxDocument"])
def test_an_answer_that_is_none_is_an_error_with_a_reason(
    sandbox: Sandbox, connect: Connect, operation: str, misbehaviour: Misbehaviour, reason: str
) -> None:
    client = connect(limits=replace(QUICK, attempts=1, call_timeout=1))
    external_id = sandbox.account.add(invoice())
    sandbox.misbehave(misbehaviour, operation, times=None)
    with pytest.raises(Unavailable, match=reason) as failure:
        client.inbox_page() if operation == "GetInboxDocuments" else client.inbox_document(external_id)
    assert failure.value.retryable


@pytest.mark.parametrize(("misbehaviour", "_reason"), REASONS.values(), ids=REASONS.keys())
def test_the_next_call_is_not_harmed_by_the_last_one(
    sandbox: Sandbox, connect: Connect, misbehaviour: Misbehaviour, _reason: str
) -> None:
    client = connect(limits=replace(QUICK, attempts=1, call_timeout=1))
    external_id = sandbox.account.add(invoice())
    sandbox.misbehave(misbehaviour, "GetInboxDocument")
    with pytest.raises(Unavailable):
        client.inbox_document(external_id)
    assert client.inbox_document(external_id).payload == invoice()


FINE = {
    "gzip": misbehaviours.gzipped,
    "chunks": misbehaviours.chunked,
    "until the connection is closed": misbehaviours.until_closed,
}


@pytest.mark.parametrize("way", FINE.values(), ids=FINE.keys())
def test_what_is_unusual_is_fine(sandbox: Sandbox, client: EConnect, way: Misbehaviour) -> None:
    external_id = sandbox.account.add(invoice())
    sandbox.misbehave(way, times=None)
    assert client.inbox_document(external_id).payload == invoice()


def test_a_gzip_bomb_ends_at_the_size_limit(sandbox: Sandbox, connect: Connect) -> None:
    client = connect(limits=replace(QUICK, attempts=1, max_bytes=10_000_000))
    sandbox.misbehave(misbehaviours.gzip_bomb(), "GetInboxDocuments", times=None)
    started = time.monotonic()
    with pytest.raises(Unavailable, match="larger than 10000000 bytes"):
        client.inbox_page()
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("drip", [misbehaviours.slow_drip(0.05), misbehaviours.slow_headers(0.05)])
def test_an_endless_drip_ends_at_the_time_limit(
    sandbox: Sandbox, connect: Connect, drip: Misbehaviour
) -> None:
    client = connect(limits=replace(QUICK, attempts=1, call_timeout=1))
    client.login()
    sandbox.misbehave(drip, "GetInboxDocuments", times=None)
    started = time.monotonic()
    with pytest.raises(Unavailable, match="took more than 1 seconds"):
        client.inbox_page()
    assert time.monotonic() - started < 2


def test_a_redirect_is_not_followed(sandbox: Sandbox, client: EConnect) -> None:
    account = Account(consumer_key="k", consumer_secret="s", party_id="X", party_name="X")
    with Sandbox(account) as elsewhere:
        sandbox.misbehave(misbehaviours.redirect(elsewhere.access_url), "Login", times=None)
        with pytest.raises(Unavailable, match="HTTP 307"):
            client.login()
        assert elsewhere.calls == []


LOOPS: dict[str, Callable[[], Misbehaviour]] = {
    "to itself": lambda: misbehaviours.next_page_to_itself,
    "in a circle": lambda: misbehaviours.next_pages_in_a_circle,
    "without end": misbehaviours.next_pages_without_end,
}


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS.keys())
def test_a_list_that_does_not_end_is_noticed_and_gives_its_documents(
    sandbox: Sandbox, client: EConnect, loop: Callable[[], Misbehaviour]
) -> None:
    external_id = sandbox.account.add(invoice())
    sandbox.misbehave(loop(), "GetInboxDocuments", times=None)
    pages = client.inbox_pages()
    assert [document.external_id for document in next(pages).documents] == [external_id]
    with pytest.raises(PagingLoop):
        list(pages)
    assert sandbox.calls_of("GetInboxDocuments") <= PAGES_WITHOUT_NEWS + 2


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS.keys())
def test_a_list_of_companies_that_does_not_end_is_noticed(
    sandbox: Sandbox, client: EConnect, loop: Callable[[], Misbehaviour]
) -> None:
    sandbox.account.parties.append(Party("XCNL2", "Twee B.V."))
    sandbox.misbehave(loop(), "GetAccountParties", times=None)
    with pytest.raises(PagingLoop):
        list(client.account_parties())


def test_a_document_may_be_on_two_pages(sandbox: Sandbox, client: EConnect) -> None:
    external_id = sandbox.account.add(invoice())
    sandbox.misbehave(misbehaviours.same_page_twice, "GetInboxDocuments", times=None)
    pages = list(client.inbox_pages())
    assert [[document.external_id for document in page.documents] for page in pages] == [[external_id]] * 2


def test_an_entry_without_an_id_does_not_hide_the_others(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.account.add(invoice("1"))
    second = sandbox.account.add(invoice("2"))
    sandbox.misbehave(misbehaviours.entry_without_external_id, "GetInboxDocuments")
    page = client.inbox_page()
    assert [document.external_id for document in page.documents] == [second]
    assert page.unreadable == ("",)


def test_an_entry_with_a_broken_moment_can_still_be_asked_for(sandbox: Sandbox, client: EConnect) -> None:
    first = sandbox.account.add(invoice("1"))
    sandbox.misbehave(misbehaviours.entry_with_broken_created_on, "GetInboxDocuments")
    assert client.inbox_page().unreadable == (first,)
    assert client.inbox_document(first).payload


def test_another_document_than_asked_for_is_told_apart(sandbox: Sandbox, client: EConnect) -> None:
    asked, other = sandbox.account.add(invoice("1")), sandbox.account.add(invoice("2"))
    sandbox.misbehave(misbehaviours.another_document, "GetInboxDocument")
    assert client.inbox_document(asked).details.external_id == other


def test_a_document_without_payload_has_none(sandbox: Sandbox, client: EConnect) -> None:
    external_id = sandbox.account.add(invoice())
    sandbox.misbehave(misbehaviours.no_payload, "GetInboxDocument")
    assert client.inbox_document(external_id).payload is None


BROKEN_PAYLOADS = {
    "two roots": (misbehaviours.payload_with_two_roots, "more than one document"),
    "text": (
        misbehaviours.edited(b"<Payload>.*</Payload>", b"<Payload>&lt;Invoice/&gt;</Payload>"),
        "no XML",
    ),
    "broken": (misbehaviours.edited(b"</cbc:ID>", b"</cbc:Id>"), "not well-formed"),
    "DOCTYPE": (misbehaviours.doctype, "DOCTYPE"),
    "truncated": (misbehaviours.truncated_xml, "not well-formed"),
}


@pytest.mark.parametrize(("misbehaviour", "reason"), BROKEN_PAYLOADS.values(), ids=BROKEN_PAYLOADS.keys())
def test_an_answer_whose_document_cannot_be_cut_out_is_kept_whole(
    sandbox: Sandbox, client: EConnect, misbehaviour: Misbehaviour, reason: str
) -> None:
    external_id = sandbox.account.add(invoice("2026-0041"))
    sandbox.misbehave(misbehaviour, "GetInboxDocument", times=None)
    with pytest.raises(Unavailable, match=reason) as failure:
        client.inbox_document(external_id)
    assert failure.value.answer is not None
    assert failure.value.answer.startswith(b"<?xml")


def test_what_is_not_xml_at_all_breaks_only_its_own_answer(sandbox: Sandbox, client: EConnect) -> None:
    broken, good = sandbox.account.add(b"%PDF-1.4 <oops"), sandbox.account.add(invoice())
    with pytest.raises(EConnectError):
        client.inbox_document(broken)
    assert client.inbox_document(good).payload == invoice()
