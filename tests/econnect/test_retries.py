"""What is tried again, how often, and with which pauses."""

import time
from dataclasses import replace

import pytest

from econnect_admin.econnect.errors import PdfNotReady, Refused, TryLater, Unavailable
from econnect_admin.econnect.soap import EConnect
from econnect_admin.sandbox import misbehaviours
from econnect_admin.sandbox.exchange import Exchange, Misbehaviour
from econnect_admin.sandbox.server import Sandbox
from tests.econnect.conftest import QUICK, Connect
from tests.econnect.documents import invoice

PASSING = {
    "502": misbehaviours.bad_gateway,
    "503": misbehaviours.service_unavailable,
    "504": misbehaviours.gateway_timeout,
    "cut unheard": misbehaviours.cut_unheard,
    "cut before the answer": misbehaviours.cut_before_answer,
    "cut in the middle": misbehaviours.cut_in_the_middle,
    "time-out": misbehaviours.slow(1.3),
    "server error": misbehaviours.fault("ERRIER8000006"),
}


@pytest.mark.parametrize("misbehaviour", PASSING.values(), ids=PASSING.keys())
def test_what_fails_twice_succeeds_at_the_third_attempt(
    sandbox: Sandbox, client: EConnect, misbehaviour: Misbehaviour
) -> None:
    external_id = sandbox.account.add(invoice())
    sandbox.misbehave(misbehaviour, "GetInboxDocument", times=2)
    assert client.inbox_document(external_id).payload == invoice()
    assert sandbox.calls_of("GetInboxDocument") == 3


@pytest.mark.parametrize("misbehaviour", PASSING.values(), ids=PASSING.keys())
def test_what_keeps_failing_is_given_up_after_the_third_attempt(
    sandbox: Sandbox, client: EConnect, misbehaviour: Misbehaviour
) -> None:
    sandbox.misbehave(misbehaviour, "GetInboxDocuments", times=None)
    with pytest.raises((Unavailable, TryLater)) as failure:
        client.inbox_page()
    assert failure.value.retryable
    assert sandbox.calls_of("GetInboxDocuments") == 3


def test_the_pauses_between_attempts_grow(sandbox: Sandbox, connect: Connect) -> None:
    client = connect(limits=replace(QUICK, first_pause=0.1, attempts=4))
    arrivals: list[float] = []

    def note(exchange: Exchange) -> None:
        arrivals.append(time.monotonic())
        misbehaviours.service_unavailable(exchange)

    sandbox.misbehave(note, "GetInboxDocuments", times=None)
    with pytest.raises(Unavailable):
        client.inbox_page()
    first, second, third, fourth = arrivals
    assert second - first >= 0.1
    assert third - second >= 0.2
    assert fourth - third >= 0.4


def test_a_refusal_is_not_tried_again(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.misbehave(misbehaviours.fault("ERRXYZ4000001"), "GetInboxDocuments", times=None)
    with pytest.raises(Refused) as refused:
        client.inbox_page()
    assert (refused.value.code, refused.value.message) == ("ERRXYZ4000001", "Refused for a test.")
    assert sandbox.calls_of("GetInboxDocuments") == 1


@pytest.mark.parametrize("misbehaviour", PASSING.values(), ids=PASSING.keys())
def test_a_status_that_may_have_been_set_is_not_sent_again(
    sandbox: Sandbox, client: EConnect, misbehaviour: Misbehaviour
) -> None:
    external_id = sandbox.account.add(invoice())
    sandbox.misbehave(misbehaviour, "SetInboxDocumentStatus")
    with pytest.raises((Unavailable, TryLater)):
        client.set_inbox_document_status(external_id, "40")
    assert sandbox.calls_of("SetInboxDocumentStatus") == 1


def test_a_status_that_was_set_although_the_answer_was_lost_says_so(
    sandbox: Sandbox, client: EConnect
) -> None:
    external_id = sandbox.account.add(invoice())
    sandbox.misbehave(misbehaviours.cut_before_answer, "SetInboxDocumentStatus")
    with pytest.raises(Unavailable) as lost:
        client.set_inbox_document_status(external_id, "40")
    assert lost.value.sent
    assert client.inbox_document_status(external_id).code == "40"


def test_a_status_is_sent_again_with_a_new_token(sandbox: Sandbox, client: EConnect) -> None:
    external_id = sandbox.account.add(invoice())
    client.inbox_page()
    sandbox.account.expire_tokens()
    client.set_inbox_document_status(external_id, "40")
    assert sandbox.account.status_changes == [(external_id, "40")]


def test_what_never_reached_the_platform_is_known_not_to_be_sent(sandbox: Sandbox, connect: Connect) -> None:
    client = connect()
    client.inbox_page()
    sandbox.stop()
    with pytest.raises(Unavailable) as failure:
        client.set_inbox_document_status("XCNIN1", "40")
    assert not failure.value.sent


def test_an_authorisation_request_is_not_made_twice(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.misbehave(misbehaviours.cut_before_answer, "RequestAppIntegration")
    with pytest.raises(Unavailable):
        client.request_app_integration("XCNL10017", "eigenaar@refbouw.example", False)
    assert sandbox.calls_of("RequestAppIntegration") == 1


def test_a_pdf_that_never_gets_ready_is_given_up(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.misbehave(misbehaviours.fault("ERRDMN8000003"), "GetDocumentPdf", times=None)
    with pytest.raises(PdfNotReady):
        client.document_pdf(sandbox.account.add(invoice()))
    assert sandbox.calls_of("GetDocumentPdf") == 3
