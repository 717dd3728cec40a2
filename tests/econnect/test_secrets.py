"""No key, secret, token or subscription key in an error, a repr or a log."""

import logging
import traceback
from collections.abc import Callable
from urllib.parse import quote

import pytest

from econnect_admin.econnect.errors import EConnectError, Refused, Unavailable
from econnect_admin.econnect.soap import EConnect
from econnect_admin.sandbox import misbehaviours
from econnect_admin.sandbox.account import Account
from econnect_admin.sandbox.exchange import Exchange, Misbehaviour
from econnect_admin.sandbox.server import Sandbox
from tests.econnect.conftest import QUICK, Connect
from tests.econnect.documents import invoice


def repeat_everything(exchange: Exchange) -> None:
    """A fault that repeats all that it was sent."""
    sent = [*exchange.call.fields.itertext(), exchange.call.token, exchange.account.subscription_key]
    misbehaviours.fault("ERRZZZ1000001", f"Not with {' '.join(sent)}!")(exchange)


def broken_header(exchange: Exchange) -> None:
    """An answer that makes the HTTP library complain about the address."""
    exchange.send_raw(b"HTTP/1.1 200 OK\r\nno header at all\r\nContent-Length: 0\r\n\r\n")


MISBEHAVIOURS = {
    "fault that repeats": repeat_everything,
    "broken header": broken_header,
    "cut": misbehaviours.cut_before_answer,
    "cut in the middle": misbehaviours.cut_in_the_middle,
    "503": misbehaviours.service_unavailable,
    "redirect": misbehaviours.redirect("http://elsewhere.example/"),
    "HTML": misbehaviours.html_page,
    "broken gzip": misbehaviours.broken_gzip,
    "broken XML": misbehaviours.edited(b"</soap:Body>", b"</Body>"),
}


def secrets_of(sandbox: Sandbox, token: str) -> tuple[str, ...]:
    account = sandbox.account
    return account.consumer_key, account.consumer_secret, account.subscription_key, token


@pytest.mark.parametrize("misbehaviour", MISBEHAVIOURS.values(), ids=MISBEHAVIOURS.keys())
@pytest.mark.parametrize("operation", ["Login", "GetInboxDocument"])
def test_neither_an_error_nor_the_log_holds_a_secret(
    sandbox: Sandbox,
    connect: Connect,
    caplog: pytest.LogCaptureFixture,
    operation: str,
    misbehaviour: Misbehaviour,
) -> None:
    caplog.set_level(logging.DEBUG, "urllib3")
    tokens: list[str] = []

    def note_token(exchange: Exchange) -> None:
        tokens.append(exchange.call.token)
        misbehaviour(exchange)

    client = connect()
    sandbox.misbehave(note_token, operation, times=None)
    with pytest.raises(EConnectError) as error:
        client.inbox_document(sandbox.account.add(invoice()))
    said = "".join(traceback.format_exception(error.value))
    said += repr(error.value) + str(error.value.wording) + repr(client) + caplog.text
    assert "urllib3" in caplog.text
    for secret in secrets_of(sandbox, tokens[0]):
        assert not secret or secret not in said


def test_a_wrong_key_and_secret_are_not_repeated(
    sandbox: Sandbox, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "urllib3")
    client = connect(consumer_key="sleutel-5512", consumer_secret="geheim-7781")
    with pytest.raises(EConnectError) as error:
        client.inbox_page()
    said = "".join(traceback.format_exception(error.value)) + repr(client) + caplog.text
    assert "sleutel-5512" not in said
    assert "geheim-7781" not in said


UNREACHABLE = {
    "nobody there": lambda url: url.replace("127.0.0.1:", "127.0.0.2:"),
    "no such host": lambda url: url.replace("http://127.0.0.1", "https://nowhere.invalid"),
    "no such port": lambda url: url.replace("/soap", "9999/soap"),
    "no scheme": lambda url: url.replace("http://", ""),
}


@pytest.mark.parametrize("change", UNREACHABLE.values(), ids=UNREACHABLE.keys())
def test_an_access_url_that_leads_nowhere_is_not_repeated(
    sandbox: Sandbox, connect: Connect, caplog: pytest.LogCaptureFixture, change: Callable[[str], str]
) -> None:
    caplog.set_level(logging.DEBUG, "urllib3")
    with pytest.raises(EConnectError) as error:
        connect(access_url=change(sandbox.access_url)).login()
    said = "".join(traceback.format_exception(error.value)) + caplog.text
    assert sandbox.account.subscription_key not in said


def test_the_keys_of_a_company_are_not_in_a_repr(sandbox: Sandbox, client: EConnect) -> None:
    token = client.request_app_integration("XCNL10017", "eigenaar@refbouw.example", False)
    sandbox.account.accept_integration(token)
    said = repr(client.app_integration_credentials(token))
    assert sandbox.account.consumer_key not in said
    assert sandbox.account.consumer_secret not in said


def test_the_content_of_a_document_is_not_in_a_repr(sandbox: Sandbox, client: EConnect) -> None:
    assert "AccountingSupplierParty" not in repr(client.inbox_document(sandbox.account.add(invoice())))


ODD_KEY, ODD_SECRET = "refbouw", "refbouw-9e8d  7c&6b5a+/=="


@pytest.mark.parametrize(
    "quoted",
    [ODD_SECRET, quote(ODD_SECRET, safe=""), " ".join(ODD_SECRET.split()), f"{ODD_KEY} {ODD_SECRET}"],
)
def test_a_secret_is_taken_out_of_a_fault_in_whatever_form_it_is_quoted(quoted: str) -> None:
    account = Account(consumer_key=ODD_KEY, consumer_secret=ODD_SECRET, party_id="XCNL1", party_name="Ref")
    with Sandbox(account) as sandbox:
        sandbox.misbehave(misbehaviours.fault("ERRZZZ0000001", f"You sent {quoted}."), times=None)
        client = EConnect(sandbox.access_url, sandbox.namespace, ODD_KEY, ODD_SECRET, limits=QUICK)
        with client, pytest.raises(Refused) as refused:
            client.inbox_page()
    assert refused.value.message.startswith("You sent …")
    assert not any(part in str(refused.value) for part in ("9e8d", "7c&6b5a", "6b5a"))


def broken_answer_that_echoes_the_token(exchange: Exchange) -> None:
    header = f"<soap:Header>{exchange.call.token}</soap:Header><soap:Body>".encode()
    body = exchange.proper().body.replace(b"<soap:Body>", header).replace(b"</soap:Body>", b"</Body>")
    exchange.send(200, body)


def test_a_token_is_taken_out_of_the_answer_that_is_kept(sandbox: Sandbox, client: EConnect) -> None:
    external_id = sandbox.account.add(invoice("1"))
    sandbox.misbehave(broken_answer_that_echoes_the_token, "GetInboxDocument", times=None)
    with pytest.raises(Unavailable) as failure:
        client.inbox_document(external_id)
    kept = failure.value.answer or b""
    assert b"<soap:Header>\xe2\x80\xa6</soap:Header>" in kept
    assert b"<Invoice" in kept
