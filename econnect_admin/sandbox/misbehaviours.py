"""Ways to fail. Each takes an exchange and does with it what no platform should, but some day will.

Those that take arguments are functions that make one: `http_error(503)`, `fault("ERRPRO1000002")`.
"""

import gzip
import re
from collections.abc import Iterator
from itertools import count

from econnect_admin.sandbox import faults, writing
from econnect_admin.sandbox.exchange import Exchange, Misbehaviour
from econnect_admin.sandbox.faults import Fault

_HTML = {"Content-Type": "text/html; charset=utf-8"}
_PAYLOAD = re.compile(rb"(<(?:p:)?Payload[^>]*>)(.*)(</(?:p:)?Payload>)", re.DOTALL)
_PAGING = re.compile(rb"<PagingResponse>.*?</PagingResponse>", re.DOTALL)
_FIRST_EXTERNAL_ID = re.compile(rb"<ExternalId>.*?</ExternalId>")
_FIRST_CREATED_ON = re.compile(rb"<CreatedOn>.*?</CreatedOn>")
_NEXT = "again"
_CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
_FOR_EVER = 24 * 60 * 60


# On the way


def html_page(exchange: Exchange) -> None:
    """A page of a proxy or a firewall, as if it were the answer."""
    exchange.send(200, b"<!DOCTYPE html><html><body>Please sign in</body></html>", headers=_HTML)


def http_error(status: int) -> Misbehaviour:
    """A gateway's error page."""

    def misbehave(exchange: Exchange) -> None:
        exchange.send(status, b"<html><body>Error</body></html>", headers=_HTML)

    return misbehave


bad_gateway = http_error(502)
service_unavailable = http_error(503)
gateway_timeout = http_error(504)


def redirect(location: str) -> Misbehaviour:
    def misbehave(exchange: Exchange) -> None:
        exchange.send(307, b"", headers={"Location": location})

    return misbehave


def cut_unheard(exchange: Exchange) -> None:
    """The connection is cut before the call is carried out."""
    exchange.cut()


def cut_before_answer(exchange: Exchange) -> None:
    """The call is carried out, but nothing comes back."""
    exchange.proper()
    exchange.cut()


def cut_in_the_middle(exchange: Exchange) -> None:
    body = exchange.proper().body
    exchange.send(200, body[: len(body) // 2], length=len(body))
    exchange.cut()


def cut_after_headers(exchange: Exchange) -> None:
    exchange.send(200, b"", length=len(exchange.proper().body))
    exchange.cut()


def length_too_long(exchange: Exchange) -> None:
    body = exchange.proper().body
    exchange.send(200, body, length=len(body) + 100)
    exchange.cut()


def length_too_short(exchange: Exchange) -> None:
    """The rest of the answer follows what the client takes for all of it."""
    body = exchange.proper().body
    exchange.send(200, body, length=len(body) // 2)


def chunked(exchange: Exchange) -> None:
    """The answer in chunks, without a length. This is fine."""
    exchange.send_raw(_CHUNKED + b"".join(_chunks(exchange.proper().body)) + b"0\r\n\r\n")


def cut_between_chunks(exchange: Exchange) -> None:
    exchange.send_raw(_CHUNKED + b"".join(_chunks(exchange.proper().body)))
    exchange.cut()


def until_closed(exchange: Exchange) -> None:
    """The answer ends where the connection ends, as in the early days. This is fine."""
    exchange.send_raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n" + exchange.proper().body)
    exchange.cut()


def not_http(exchange: Exchange) -> None:
    exchange.send_raw(b"\x00\x01 nonsense\r\n\r\n")
    exchange.cut()


def empty_body(exchange: Exchange) -> None:
    exchange.send(200, b"")


def gzipped(exchange: Exchange) -> None:
    """This is fine."""
    answer = exchange.proper()
    exchange.send(answer.status, gzip.compress(answer.body), headers={"Content-Encoding": "gzip"})


def broken_gzip(exchange: Exchange) -> None:
    packed = bytearray(gzip.compress(exchange.proper().body))
    packed[len(packed) // 2] ^= 0xFF
    exchange.send(200, bytes(packed), headers={"Content-Encoding": "gzip"})


def truncated_gzip(exchange: Exchange) -> None:
    packed = gzip.compress(exchange.proper().body)
    exchange.send(200, packed[: len(packed) // 2], headers={"Content-Encoding": "gzip"})


def gzip_bomb(megabytes: int = 1024) -> Misbehaviour:
    """A small answer that is a thousand times as large when it is unpacked."""

    def misbehave(exchange: Exchange) -> None:
        piece = gzip.compress(bytes(1024 * 1024))
        exchange.send(200, piece * megabytes, headers={"Content-Encoding": "gzip"})

    return misbehave


def slow_drip(seconds: float = 1.0) -> Misbehaviour:
    """The whole answer, with a pause after each byte."""

    def misbehave(exchange: Exchange) -> None:
        body = exchange.proper().body
        exchange.send(200, b"", length=len(body))
        for byte in body:
            exchange.send_raw(bytes([byte]))
            exchange.pause(seconds)

    return misbehave


def slow_headers(seconds: float = 1.0) -> Misbehaviour:
    """An answer that has not even come to its body, byte after byte."""

    def misbehave(exchange: Exchange) -> None:
        exchange.send_raw(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for byte in b"z" * 60_000:
            exchange.send_raw(bytes([byte]))
            exchange.pause(seconds)

    return misbehave


def slow(seconds: float) -> Misbehaviour:
    """The right answer, late."""

    def misbehave(exchange: Exchange) -> None:
        exchange.pause(seconds)
        answer = exchange.proper()
        exchange.send(answer.status, answer.body)

    return misbehave


def hang(exchange: Exchange) -> None:
    exchange.pause(_FOR_EVER)


# In the answer


def truncated_xml(exchange: Exchange) -> None:
    body = exchange.proper().body
    exchange.send(200, body[: len(body) // 2])


def doctype(exchange: Exchange) -> None:
    """An answer with a DTD and an entity that is to be read from a file."""
    dtd = b'?><!DOCTYPE Envelope [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    exchange.send(200, exchange.proper().body.replace(b"?>", dtd, 1))


def fault(code: str, message: str = "Refused for a test.", status: int = 500) -> Misbehaviour:
    """Any fault; with status 200 too, which some servers think is right."""

    def misbehave(exchange: Exchange) -> None:
        exchange.send(status, writing.fault(Fault(code, message)))

    return misbehave


def expired_token(exchange: Exchange) -> None:
    """Every token is called expired, also a new one; logging in goes well."""
    if exchange.call.operation == "Login":
        answer = exchange.proper()
        exchange.send(answer.status, answer.body)
    else:
        exchange.send(500, writing.fault(faults.expired_token()))


def edited(pattern: bytes, replacement: bytes, how_often: int = 0) -> Misbehaviour:
    """The right answer with a regular expression replaced in it, everywhere or only so often."""

    def misbehave(exchange: Exchange) -> None:
        answer = exchange.proper()
        body = re.sub(pattern, replacement, answer.body, count=how_often, flags=re.DOTALL)
        exchange.send(answer.status, body)

    return misbehave


# In a list


def next_page_to_itself(exchange: Exchange) -> None:
    _send_first_page(exchange, _NEXT)


def next_pages_in_a_circle(exchange: Exchange) -> None:
    """First, second, third, first, …"""
    page = exchange.call.text("Paging", "StartPage")
    _send_first_page(exchange, {"first": "second", "second": "third"}.get(page, "first"))


def next_pages_without_end() -> Misbehaviour:
    """Page after page with a new name, and nothing new on it."""
    numbers = count()
    return lambda exchange: _send_first_page(exchange, f"page-{next(numbers)}")


def same_page_twice(exchange: Exchange) -> None:
    """All documents of the first page are on the second one too; then it ends."""
    first = exchange.call.text("Paging", "StartPage") != _NEXT
    _send_first_page(exchange, _NEXT if first else "")


def entry_without_external_id(exchange: Exchange) -> None:
    exchange.send(200, _FIRST_EXTERNAL_ID.sub(b"", exchange.proper().body, count=1))


def entry_with_broken_created_on(exchange: Exchange) -> None:
    broken = b"<CreatedOn>the day before yesterday</CreatedOn>"
    exchange.send(200, _FIRST_CREATED_ON.sub(broken, exchange.proper().body, count=1))


# In a document


def another_document(exchange: Exchange) -> None:
    """Another document than was asked for."""
    asked = exchange.call.text("ExternalId")
    other = next(name for name in list(exchange.account.documents) if name != asked)
    exchange.send(200, exchange.proper(ExternalId=other).body)


def no_payload(exchange: Exchange) -> None:
    exchange.send(200, _PAYLOAD.sub(b"", exchange.proper().body))


def payload_with_two_roots(exchange: Exchange) -> None:
    exchange.send(200, _PAYLOAD.sub(rb"\1\2\2\3", exchange.proper().body))


def namespaces_on_the_envelope(exchange: Exchange) -> None:
    """The prefixes that the document's root declares are declared on the envelope instead. This is fine."""
    body = exchange.proper().body
    payload = _PAYLOAD.search(body)
    if payload is not None:
        root_end = body.index(b">", payload.start(2))
        declarations = re.compile(rb"""\s+xmlns:\w+\s*=\s*(?:"[^"]*"|'[^']*')""")
        root = body[payload.start(2) : root_end]
        moved = b"".join(declarations.findall(root))
        body = body[: payload.start(2)] + declarations.sub(b"", root) + body[root_end:]
        body = body.replace(b"<soap:Envelope", b"<soap:Envelope" + moved, 1)
    exchange.send(200, body)


def _chunks(body: bytes, size: int = 100) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        piece = body[start : start + size]
        yield b"%x\r\n%b\r\n" % (len(piece), piece)


def _send_first_page(exchange: Exchange, next_page: str) -> None:
    paging = writing.paging(next_page)
    exchange.send(200, _PAGING.sub(lambda _match: paging, exchange.proper(StartPage="").body))
