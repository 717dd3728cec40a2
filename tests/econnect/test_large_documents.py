"""Large documents, up to the limit and over it."""

from dataclasses import replace

import pytest

from econnect_admin.econnect.errors import Unavailable
from econnect_admin.econnect.soap import EConnect
from econnect_admin.econnect.transport import Limits
from econnect_admin.sandbox.server import Sandbox
from tests.econnect.conftest import QUICK, Connect
from tests.econnect.documents import invoice


def test_a_document_of_100_mb_with_text_of_10_mb_comes_whole(sandbox: Sandbox, connect: Connect) -> None:
    client = connect(limits=Limits(attempts=1, allow_private=True))
    text = b"<cbc:Note>" + b"QUJD" * 2_621_440 + b"</cbc:Note>"
    document = invoice(inside=text * 10)
    assert len(document) > 100 * 1024 * 1024
    assert client.inbox_document(sandbox.account.add(document)).payload == document


def test_a_document_over_the_limit_is_refused_without_reading_on(sandbox: Sandbox, connect: Connect) -> None:
    client = connect(limits=replace(QUICK, attempts=1, max_bytes=1_000_000))
    large = sandbox.account.add(invoice(inside=b"<Note>" + b"x" * 1_000_000 + b"</Note>"))
    with pytest.raises(Unavailable, match="larger than 1000000 bytes"):
        client.inbox_document(large)


def test_a_document_with_many_elements_comes_whole(sandbox: Sandbox, client: EConnect) -> None:
    document = invoice(inside=b"<cac:InvoiceLine><cbc:ID>1</cbc:ID></cac:InvoiceLine>" * 50_000)
    assert client.inbox_document(sandbox.account.add(document)).payload == document


def test_a_document_that_is_very_deep_has_an_outcome(sandbox: Sandbox, client: EConnect) -> None:
    document = b'<a xmlns="u:1">' * 5_000 + b"</a>" * 5_000
    assert client.inbox_document(sandbox.account.add(document)).payload == document
