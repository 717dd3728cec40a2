"""Answers that are odd, but right: as .NET, gateways and other servers write them."""

from datetime import UTC, datetime

import pytest

from econnect_admin.econnect.errors import (
    AccountBlocked,
    CredentialsRefused,
    EConnectError,
    Refused,
    TokenExpired,
)
from econnect_admin.econnect.results import Document
from econnect_admin.econnect.soap import EConnect
from econnect_admin.sandbox.misbehaviours import edited, fault
from econnect_admin.sandbox.server import Sandbox
from tests.econnect.documents import invoice


def listed(sandbox: Sandbox, client: EConnect, pattern: bytes, replacement: bytes) -> Document:
    """The one document of the inbox, from a list in which something is replaced."""
    sandbox.account.add(invoice())
    sandbox.misbehave(edited(pattern, replacement), "GetInboxDocuments")
    [document] = client.inbox_page().documents
    return document


MOMENTS = {
    "2026-11-24T09:30:00": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    "2026-11-24T09:30:00Z": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    "2026-11-24T10:30:00+01:00": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    "2026-11-24T09:30:00.1": datetime(2026, 11, 24, 9, 30, 0, 100000, tzinfo=UTC),
    "2026-11-24T09:30:00.1234567Z": datetime(2026, 11, 24, 9, 30, 0, 123456, tzinfo=UTC),
    "2026-11-24T10:30:00.1234567+01:00": datetime(2026, 11, 24, 9, 30, 0, 123456, tzinfo=UTC),
    "\n 2026-11-24T09:30:00Z \n": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
}


@pytest.mark.parametrize(("written", "meant"), MOMENTS.items())
def test_a_moment_is_read_as_it_is_meant(
    sandbox: Sandbox, client: EConnect, written: str, meant: datetime
) -> None:
    replacement = f"<CreatedOn>{written}</CreatedOn>".encode()
    assert listed(sandbox, client, b"<CreatedOn>.*?</CreatedOn>", replacement).created_on == meant


@pytest.mark.parametrize("zone", ["", "Z", "+01:00", "-05:00"])
def test_the_first_moment_of_year_1_is_no_moment(sandbox: Sandbox, client: EConnect, zone: str) -> None:
    external_id = sandbox.account.add(invoice())
    never = f"<ChangedOn>0001-01-01T00:00:00{zone}</ChangedOn>".encode()
    sandbox.misbehave(edited(b"<ChangedOn>.*?</ChangedOn>", never), times=None)
    assert client.inbox_document_status(external_id).changed_on is None


def test_a_document_that_was_never_created_is_listed_as_unreadable(
    sandbox: Sandbox, client: EConnect
) -> None:
    external_id = sandbox.account.add(invoice())
    never = b"<CreatedOn>0001-01-01T00:00:00</CreatedOn>"
    sandbox.misbehave(edited(b"<CreatedOn>.*?</CreatedOn>", never), "GetInboxDocuments")
    assert client.inbox_page().unreadable == (external_id,)


def test_nil_fields_are_empty(sandbox: Sandbox, client: EConnect) -> None:
    document = listed(sandbox, client, b"<Sender>.*?</Sender>", b'<Sender xsi:nil="true"/>')
    assert (document.sender.name, document.sender.econnect_party_id) == ("", "")


def test_nil_entries_of_a_list_are_none(sandbox: Sandbox, client: EConnect) -> None:
    nil = b'<Document xsi:nil="true" /><Document>'
    assert listed(sandbox, client, b"<Document>", nil).external_id


def test_comments_and_unknown_fields_are_passed_over(sandbox: Sandbox, client: EConnect) -> None:
    more = b"<Subject><!-- new -->Factuur <!-- in v3.2 -->7</Subject><Colour>red</Colour>"
    assert listed(sandbox, client, b"<Subject>.*?</Subject>", more).subject == "Factuur 7"


def test_a_soap_header_in_the_answer_is_passed_over(sandbox: Sandbox, client: EConnect) -> None:
    header = b"<soap:Header><Trace>1</Trace></soap:Header><soap:Body>"
    assert listed(sandbox, client, b"<soap:Body>", header).external_id


def test_other_prefixes_mean_the_same(sandbox: Sandbox, client: EConnect) -> None:
    external_id = sandbox.account.add(invoice())
    sandbox.misbehave(edited(rb"\bsoap(?=[:=])", b"SOAP-ENV"), "GetInboxDocument")
    assert client.inbox_document(external_id).payload == invoice()


def fault_with(client: EConnect, sandbox: Sandbox, pattern: bytes, replacement: bytes) -> EConnectError:
    sandbox.account.block("ERRPRO1000002")
    sandbox.misbehave(edited(pattern, replacement), times=None)
    with pytest.raises(EConnectError) as error:
        client.login()
    return error.value


FAULTS = {
    "white space": (
        b"\n  Blocked:\n  pay   first.\n [ERRPRO1000002]\n",
        AccountBlocked,
        "Blocked: pay first.",
    ),
    "brackets in it": (b"Blocked [pay] (first) [ERRPRO1000002]", AccountBlocked, "Blocked [pay] (first)"),
    "only a code": (b"[ERRPRO1000002]", AccountBlocked, ""),
    "CDATA": (b"<![CDATA[Blocked & more [ERRPRO1000002]]]>", AccountBlocked, "Blocked & more"),
    "no code": (b"Something went wrong", Refused, "Something went wrong"),
    "empty": (b"", Refused, "eConnect gave no reason"),
    "an unknown code": (b"No. [ERRZZZ1000001]", Refused, "No."),
    "very long": (b"x" * 100_000, Refused, "x" * 500),
}


@pytest.mark.parametrize(("words", "kind", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_read_in_each_form(
    sandbox: Sandbox, client: EConnect, words: bytes, kind: type[EConnectError], message: str
) -> None:
    faultstring = b"<faultstring>" + words + b"</faultstring>"
    error = fault_with(client, sandbox, b"<faultstring>.*</faultstring>", faultstring)
    assert type(error) is kind
    assert error.message == message


def test_a_fault_without_words_is_a_refusal(sandbox: Sandbox, client: EConnect) -> None:
    error = fault_with(client, sandbox, b"<soap:Fault>.*</soap:Fault>", b"<soap:Fault/>")
    assert type(error) is Refused


def test_a_qualified_faultstring_is_read(sandbox: Sandbox, client: EConnect) -> None:
    assert type(fault_with(client, sandbox, b"faultstring>", b"soap:faultstring>")) is AccountBlocked


def test_a_fault_with_status_200_is_a_fault(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.misbehave(fault("ERRIAU6000007", status=200), "Login", times=None)
    with pytest.raises(CredentialsRefused):
        client.login()


def test_an_expired_token_with_status_200_is_renewed(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.misbehave(fault("DEFAULT_ERROR_CODE999", status=200), "GetInboxDocuments")
    client.inbox_page()
    assert sandbox.calls_of("Login") == 2


def test_a_login_that_gives_no_token_is_an_error(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.misbehave(edited(b"<SecurityToken>.*</SecurityToken>", b"<SecurityToken/>"), times=None)
    with pytest.raises(EConnectError, match="no SecurityToken"):
        client.inbox_page()


def test_a_login_that_calls_itself_expired_ends(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.misbehave(fault("DEFAULT_ERROR_CODE999"), "Login", times=None)
    with pytest.raises(TokenExpired):
        client.inbox_page()
    assert sandbox.calls_of("Login") <= 2
