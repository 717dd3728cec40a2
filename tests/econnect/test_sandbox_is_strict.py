"""The sandbox refuses what the platform refuses, so that nobody learns bad habits from it."""

import http.client
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from econnect_admin.sandbox.server import Sandbox

NAMESPACE = "http://api.everbinding.nl/v3_1/"
LOGIN = (
    "<Login xmlns='{ns}'><ConsumerKey>{key}</ConsumerKey><ConsumerSecret>{secret}</ConsumerSecret></Login>"
)


class Caller:
    """Sends messages by hand; what is not said is right."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._url = urlsplit(sandbox.access_url)
        self._account = sandbox.account

    def send(
        self,
        body: str = LOGIN,
        operation: str = "Login",
        *,
        header: str = "",
        path: str | None = None,
        headers: dict[str, str] | None = None,
        chunked: bool = False,
    ) -> tuple[int, str]:
        body = body.format(ns=NAMESPACE, key=self._account.consumer_key, secret=self._account.consumer_secret)
        message = (
            "<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'>"
            f"<soap:Header>{header}</soap:Header><soap:Body>{body}</soap:Body></soap:Envelope>"
        ).encode()
        sent_headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{NAMESPACE}{operation}"',
            **(headers or {}),
        }
        connection = http.client.HTTPConnection(self._url.hostname or "", self._url.port, timeout=5)
        target = path or f"{self._url.path}?{self._url.query}"
        content = iter([message]) if chunked else message
        connection.request("POST", target, content, sent_headers, encode_chunked=chunked)
        response = connection.getresponse()
        answer = response.read().decode()
        connection.close()
        return response.status, answer

    def ask(self, fields: str, operation: str = "GetInboxDocuments") -> tuple[int, str]:
        """With a good token."""
        token = self.send()[1].partition("<SecurityToken>")[2].partition("<")[0]
        header = (
            f"<Authentication xmlns='{NAMESPACE}'><SecurityToken>{token}</SecurityToken></Authentication>"
        )
        return self.send(f"<{operation} xmlns='{{ns}}'>{fields}</{operation}>", operation, header=header)


@pytest.fixture
def caller(sandbox: Sandbox) -> Caller:
    return Caller(sandbox)


def test_a_right_message_is_answered(caller: Caller) -> None:
    status, answer = caller.send()
    assert status == 200
    assert "<SecurityToken>" in answer


@pytest.mark.parametrize("path", ["/soap/v3.1", "/soap/v3.1?subscriptionKey=wrong", "/soap/v3.1?key=x"])
def test_a_subscription_key_is_required(caller: Caller, path: str) -> None:
    assert caller.send(path=path)[0] == 401


def test_another_path_leads_nowhere(caller: Caller) -> None:
    assert caller.send(path="/soap/v2")[0] == 404


def test_chunks_are_refused(caller: Caller) -> None:
    assert caller.send(chunked=True, headers={"Transfer-Encoding": "chunked"})[0] == 411


def test_another_content_type_is_refused(caller: Caller) -> None:
    assert caller.send(headers={"Content-Type": "application/json"})[0] == 415


@pytest.mark.parametrize(
    "action", ["", "Login", f"{NAMESPACE}GetParty", "http://api.everbinding.nl/v3/Login", NAMESPACE]
)
def test_the_soap_action_must_match(caller: Caller, action: str) -> None:
    status, answer = caller.send(headers={"SOAPAction": action})
    assert status == 500
    assert "[ERRCDO4000041]" in answer


def test_the_namespace_must_be_that_of_the_address(sandbox: Sandbox, caller: Caller) -> None:
    path = sandbox.access_url_v3.removeprefix(sandbox.origin)
    assert "[ERRCDO4000041]" in caller.send(path=path)[1]


WRONG_FIELDS = {
    "unknown element": "<Colour>red</Colour>",
    "wrong order": "<Search/><Paging><Limit>1</Limit></Paging>",
    "wrong order inside": "<Search><Subject>1</Subject><ExternalId>1</ExternalId></Search>",
    "no limit": "<Paging/>",
    "limit that is no number": "<Paging><Limit>ten</Limit></Paging>",
    "limit of nothing": "<Paging><Limit>0</Limit></Paging>",
    "From before To": "<Search><CreatedOn><From>2026-11-24T00:00:00Z</From></CreatedOn></Search>",
    "no moment": "<Search><CreatedOn><To>today</To><From>today</From></CreatedOn></Search>",
    "Reciever in v3.1": "<Search><Reciever/></Search>",
    "other namespace": "<Paging xmlns='u:1'><Limit>1</Limit></Paging>",
}


@pytest.mark.parametrize("fields", WRONG_FIELDS.values(), ids=WRONG_FIELDS.keys())
def test_fields_must_be_as_in_the_contract(caller: Caller, fields: str) -> None:
    status, answer = caller.ask(fields)
    assert status == 500
    assert "[ERRIER8000006]" in answer


@pytest.mark.parametrize("body", ["", "<Login", "text", f"{LOGIN}{LOGIN}"])
def test_a_message_must_hold_one_operation(caller: Caller, body: str) -> None:
    assert "[ERRIER8000006]" in caller.send(body)[1]


def test_an_operation_that_does_not_exist_is_refused(caller: Caller) -> None:
    assert caller.ask("", "DeleteEverything")[0] == 500


def test_a_token_is_required(caller: Caller) -> None:
    assert "token is required" in caller.send("<GetAccountDetails xmlns='{ns}'/>", "GetAccountDetails")[1]


def test_a_token_that_was_never_given_counts_as_expired(caller: Caller) -> None:
    header = f"<Authentication xmlns='{NAMESPACE}'><SecurityToken>guess</SecurityToken></Authentication>"
    answer = caller.send("<GetAccountDetails xmlns='{ns}'/>", "GetAccountDetails", header=header)[1]
    assert "[DEFAULT_ERROR_CODE999]" in answer


def test_a_page_that_was_never_given_is_refused(caller: Caller) -> None:
    status, answer = caller.ask("<Paging><Limit>1</Limit><StartPage>guess</StartPage></Paging>")
    assert (status, "StartPage" in answer) == (500, True)


def test_ten_documents_are_on_a_page_unless_asked_otherwise(sandbox: Sandbox, caller: Caller) -> None:
    for _ in range(11):
        sandbox.account.add(b"<Invoice/>")
    assert caller.ask("")[1].count("<Document>") == 10
    assert caller.ask("<Paging><Limit>11</Limit></Paging>")[1].count("<Document>") == 11


FILTERS = {
    "<ExternalId>B</ExternalId>": "B",
    "<DocumentId>DOC-C</DocumentId>": "C",
    "<Subject>rolsteiger</Subject>": "B",
    "<CreatedOn><To>2026-01-01T00:00:00Z</To><From xsi:nil='true' xmlns:xsi='{xsi}'/></CreatedOn>": "A",
    "<CreatedOn><To xsi:nil='true' xmlns:xsi='{xsi}'/><From>2026-01-02T00:00:00Z</From></CreatedOn>": "BC",
    "<CreatedOn><To>2026-01-02T00:00:00Z</To><From>2026-01-02T00:00:00Z</From></CreatedOn>": "B",
    "<ModifiedOn><To>2026-01-03T00:00:00</To><From>2026-01-02T00:00:00</From></ModifiedOn>": "BC",
    "<Sender><Name>staal</Name></Sender>": "AC",
    "<Receiver><EConnectPartyId>XCNL10017</EConnectPartyId></Receiver>": "ABC",
    "<Receiver><EConnectPartyId>xcnl10017</EConnectPartyId></Receiver>": "",
    "<Status><Code>40</Code></Status>": "C",
    "<Status><Name>Ontvangen</Name></Status>": "AB",
    "<Template><MasterName>Factuur</MasterName></Template>": "ABC",
    "<Template><MasterId>other</MasterId></Template>": "",
    "<Sender><Name>staal</Name></Sender><Status><Code>40</Code></Status>": "C",
}


@pytest.mark.parametrize(("search", "found"), FILTERS.items())
def test_a_search_finds_what_it_asks_for(sandbox: Sandbox, caller: Caller, search: str, found: str) -> None:
    for day, (external_id, subject, sender, status) in enumerate(
        [
            ("A", "Huur", "Staal B.V.", "10"),
            ("B", "Rolsteiger", "Huur B.V.", "10"),
            ("C", "", "De Staalman", "40"),
        ],
        start=1,
    ):
        sandbox.account.add(
            b"<Invoice/>",
            external_id=external_id,
            created_on=datetime(2026, 1, day, tzinfo=UTC),
            subject=subject,
            sender_name=sender,
            status=status,
        )
    search = search.format(xsi="http://www.w3.org/2001/XMLSchema-instance")
    answer = caller.ask(f"<Search>{search}</Search>")[1]
    assert "".join(re.findall("<ExternalId>(.*?)</ExternalId>", answer)) == found
