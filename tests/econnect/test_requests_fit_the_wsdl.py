"""Each request, and each answer of the sandbox, against the schema in the platform's own WSDL.

Where that does not stand beside the project, the sandbox's strictness has to do: it refuses what
its contract does not know.
"""

from datetime import UTC, datetime

import pytest
from lxml import etree

from econnect_admin.econnect.soap import EConnect
from econnect_admin.sandbox.exchange import Exchange
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import PROJECT
from tests.econnect.conftest import Connect
from tests.econnect.documents import invoice

WSDL = PROJECT.parent / "shared" / "reference" / "everbinding-v3.wsdl.xml"
EVERY_OPERATION = {
    "Login",
    "GetInboxDocuments",
    "GetInboxDocument",
    "GetInboxDocumentStatus",
    "SetInboxDocumentStatus",
    "GetDocumentPdf",
    "GetAccountParties",
    "GetParty",
    "GetAccountDetails",
}


def ask_everything(client: EConnect, external_id: str) -> None:
    moment = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    client.inbox_page()
    client.inbox_page(group_id="GRNL10017", party_id="XCNL10017", master_id=None, limit=1)
    next_page = client.inbox_page(party_id="XCNL10017", limit=1).next_page
    client.inbox_page(created_from=moment, modified_from=moment, page=next_page)
    client.inbox_document(external_id)
    client.inbox_document_status(external_id)
    client.set_inbox_document_status(external_id, "40")
    client.document_pdf(external_id)
    list(client.account_parties())
    client.party("XCNL10017")
    client.account_details()


@pytest.fixture
def schema() -> etree.XMLSchema:
    if not WSDL.exists():
        pytest.skip("the WSDL is not beside the project")
    schema = etree.parse(WSDL).find(".//{http://www.w3.org/2001/XMLSchema}schema")
    assert schema is not None
    return etree.XMLSchema(etree.fromstring(etree.tostring(schema)))


@pytest.fixture
def exchanged(sandbox: Sandbox, connect: Connect) -> tuple[list[etree._Element], list[etree._Element]]:
    """What was asked and what was answered in v3, by all its operations."""
    requests: list[etree._Element] = []
    answers: list[etree._Element] = []

    def note(exchange: Exchange) -> None:
        answer = exchange.proper()
        requests.append(exchange.call.fields)
        if answer.status == 200:
            answers.append(etree.fromstring(answer.body)[0][0])
        exchange.send(answer.status, answer.body)

    external_id = sandbox.account.add(invoice("1"))
    sandbox.account.add(invoice("2"))
    sandbox.misbehave(note, times=None)
    ask_everything(connect(access_url=sandbox.access_url_v3, namespace=sandbox.namespace_v3), external_id)
    return requests, answers


def test_each_request_of_the_client_is_valid(
    schema: etree.XMLSchema, exchanged: tuple[list[etree._Element], list[etree._Element]]
) -> None:
    requests, _ = exchanged
    assert {etree.QName(request).localname for request in requests} == EVERY_OPERATION
    for request in requests:
        schema.assertValid(request)


def test_each_answer_of_the_sandbox_is_valid(
    schema: etree.XMLSchema, exchanged: tuple[list[etree._Element], list[etree._Element]]
) -> None:
    _, answers = exchanged
    assert len({answer.tag for answer in answers}) == len(EVERY_OPERATION)
    for answer in answers:
        schema.assertValid(answer)


def test_each_request_is_taken_by_the_strict_sandbox(
    sandbox: Sandbox, client_of_each_version: EConnect
) -> None:
    external_id = sandbox.account.add(invoice("1"))
    sandbox.account.add(invoice("2"))
    ask_everything(client_of_each_version, external_id)
    assert set(sandbox.calls) == EVERY_OPERATION
