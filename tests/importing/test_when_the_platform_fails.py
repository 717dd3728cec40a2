"""A platform that fails in every way it can: no run hangs, no document is lost, the reason can be read."""

import time
from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from batchjobs.models import BatchjobRun
from econnect_admin.models import Administration
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.exchange import Misbehaviour
from econnect_admin.sandbox.server import Sandbox
from econnect_admin.wording import Wording
from invoices.models import EInvoice, FailedDocument
from tests.documents import invoice

RunImport = Callable[[Administration], BatchjobRun]

ON_THE_WAY: dict[str, tuple[Misbehaviour, str]] = {
    "a page of a proxy": (ways.html_page, "cannot be used"),
    "502": (ways.bad_gateway, "HTTP 502"),
    "503": (ways.service_unavailable, "HTTP 503"),
    "504": (ways.gateway_timeout, "HTTP 504"),
    "a redirect": (ways.redirect("http://127.0.0.1:9/elsewhere"), "HTTP 307"),
    "cut before it is heard": (ways.cut_unheard, "the connection failed or was cut"),
    "cut before the answer": (ways.cut_before_answer, "the connection failed or was cut"),
    "cut in the middle": (ways.cut_in_the_middle, "cut"),
    "cut after the headers": (ways.cut_after_headers, "cut"),
    "content length too long": (ways.length_too_long, "cut"),
    "content length too short": (ways.length_too_short, "cannot be used"),
    "no HTTP": (ways.not_http, "cut"),
    "an empty answer": (ways.empty_body, "cannot be used"),
    "broken gzip": (ways.broken_gzip, "cannot be "),
    "truncated gzip": (ways.truncated_gzip, "cannot be "),
    "a drip": (ways.slow_drip(0.1), "took more than"),
    "a hang": (ways.hang, "no answer in time"),
    "truncated XML": (ways.truncated_xml, "cannot be used"),
    "a DOCTYPE": (ways.doctype, "cannot be used"),
    "a fault for later": (ways.fault("ERRIER8000006"), "could not do it now"),
    "an expired token": (ways.expired_token, "expired"),
    "a fault nobody knows": (ways.fault("ERRZZZ9999999"), "ERRZZZ9999999"),
    "a fault with status 200": (ways.fault("ERRIER8000006", status=200), "could not do it now"),
}
IN_A_LIST: dict[str, tuple[Misbehaviour, str]] = {
    "a next page that is itself": (ways.next_page_to_itself, "goes round in a circle"),
    "next pages in a circle": (ways.next_pages_in_a_circle, "goes round in a circle"),
    "next pages without end": (ways.next_pages_without_end(), "goes round in a circle"),
    "an entry without an id": (ways.entry_without_external_id, "cannot be asked for"),
}
IN_A_DOCUMENT: dict[str, tuple[Misbehaviour, str]] = {
    "another document": (ways.another_document, "another document than was asked for"),
    "no payload": (ways.no_payload, "sent no document"),
    "two documents in one": (ways.payload_with_two_roots, "more than one document"),
}
FINE: dict[str, Misbehaviour] = {
    "gzip": ways.gzipped,
    "the same documents on two pages": ways.same_page_twice,
    "slow, but in time": ways.slow(0.2),
    "namespaces on the envelope": ways.namespaces_on_the_envelope,
}


@pytest.fixture(autouse=True)
def impatience(settings: Settings) -> None:
    settings.ECONNECT = settings.ECONNECT | {"read_timeout": 0.5, "call_timeout": 1.5, "first_pause": 0.001}


@pytest.fixture
def inbox(sandbox: Sandbox) -> list[str]:
    return [sandbox.account.add(invoice(f"2026-{number:04}")) for number in range(12)]


def said(run: BatchjobRun) -> str:
    lines = [str(Wording(line.message, line.values)) for line in run.log_lines.all()]
    if run.error:
        lines.append(str(Wording(run.error["message"], run.error["values"])))
    return "\n".join(lines)


def assert_all_in_once(administration: Administration, inbox: list[str]) -> None:
    here = EInvoice.objects.filter(administration=administration)
    assert sorted(here.values_list("external_id", flat=True)) == sorted(inbox)
    assert not FailedDocument.objects.exists()


@pytest.mark.parametrize("way", ON_THE_WAY)
def test_every_call_fails(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, inbox: list[str], way: str
) -> None:
    misbehaviour, reason = ON_THE_WAY[way]
    sandbox.misbehave(misbehaviour, times=None)
    began = time.monotonic()
    run = run_import(administration)
    assert time.monotonic() - began < 15
    assert run.state == "failed"
    assert reason in said(run)
    sandbox.behave()
    assert run_import(administration).state == "succeeded"
    assert_all_in_once(administration, inbox)


@pytest.mark.parametrize("way", ON_THE_WAY)
def test_every_fetching_fails_after_a_good_list(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, inbox: list[str], way: str
) -> None:
    misbehaviour, reason = ON_THE_WAY[way]
    sandbox.misbehave(misbehaviour, operation="GetInboxDocument", times=None)
    began = time.monotonic()
    run = run_import(administration)
    assert time.monotonic() - began < 40
    assert run.state in ("failed", "partly failed")
    assert reason in said(run)
    sandbox.behave()
    assert run_import(administration).state == "succeeded"
    assert_all_in_once(administration, inbox)


@pytest.mark.parametrize("way", ON_THE_WAY | IN_A_DOCUMENT)
def test_one_document_fails_and_the_others_come_in(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, inbox: list[str], way: str
) -> None:
    misbehaviour, reason = (ON_THE_WAY | IN_A_DOCUMENT)[way]
    sandbox.misbehave(misbehaviour, external_id=inbox[5], times=None)
    run = run_import(administration)
    assert (run.state, run.new, run.failed) == ("partly failed", 11, 1)
    assert FailedDocument.objects.get().external_id == inbox[5]
    assert reason in said(run)
    sandbox.behave()
    run_import(administration)
    assert_all_in_once(administration, inbox)


def test_what_failed_before_does_not_stand_in_the_way_of_what_is_new(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    for number in range(25):
        bad = sandbox.account.add(invoice(f"bad {number}"))
        sandbox.misbehave(
            ways.fault("ERRIER8000006"), operation="GetInboxDocument", external_id=bad, times=None
        )
    good = sandbox.account.add(invoice("good"))
    states = [run_import(administration).state for _ in range(3)]
    assert states[0] == "failed", "ten in a row: the platform is taken to be gone"
    assert EInvoice.objects.get().external_id == good
    assert FailedDocument.objects.count() == 25


@pytest.mark.parametrize("way", IN_A_LIST)
def test_a_list_fails(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, inbox: list[str], way: str
) -> None:
    misbehaviour, reason = IN_A_LIST[way]
    sandbox.misbehave(misbehaviour, operation="GetInboxDocuments", times=None)
    run = run_import(administration)
    assert run.state in ("failed", "partly failed")
    assert reason in said(run)
    assert run.new >= 11, "what the list gave before it broke off is in"
    sandbox.behave()
    run_import(administration)
    assert_all_in_once(administration, inbox)


def test_an_entry_with_a_broken_moment_is_asked_for_all_the_same(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, inbox: list[str]
) -> None:
    sandbox.misbehave(ways.entry_with_broken_created_on, operation="GetInboxDocuments", times=None)
    run_import(administration)
    assert_all_in_once(administration, inbox)


@pytest.mark.parametrize("way", FINE)
def test_what_is_odd_but_right_is_taken(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, inbox: list[str], way: str
) -> None:
    sandbox.misbehave(FINE[way], times=None)
    run = run_import(administration)
    assert (run.state, run.new) == ("succeeded", 12)
    assert_all_in_once(administration, inbox)


@pytest.mark.parametrize("way", [way for way in ON_THE_WAY if way != "a fault nobody knows"])
def test_what_fails_once_is_not_even_noticed(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, inbox: list[str], way: str
) -> None:
    misbehaviour, _ = ON_THE_WAY[way]
    sandbox.misbehave(misbehaviour, operation="GetInboxDocument")
    run = run_import(administration)
    assert (run.state, run.new) == ("succeeded", 12)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda account: account.revoke_key(), "ERRIAU6000007"),
        (lambda account: account.block("ERRPRO1000002"), "ERRPRO1000002"),
        (lambda account: account.block("ERRPRO1000003"), "ERRPRO1000003"),
        (lambda account: account.block("ERRPRO1000004"), "ERRPRO1000004"),
    ],
)
def test_what_needs_a_person_ends_the_run_at_the_first_call(
    sandbox: Sandbox,
    administration: Administration,
    run_import: RunImport,
    inbox: list[str],
    harm: Callable[[object], None],
    reason: str,
) -> None:
    harm(sandbox.account)
    run = run_import(administration)
    assert (run.state, len(sandbox.calls)) == ("failed", 1)
    assert reason in said(run)


def test_a_wrong_name_space_is_told_apart(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, inbox: list[str]
) -> None:
    administration.database.namespace = "http://api.everbinding.nl/v4/"
    administration.database.save()
    run = run_import(administration)
    assert run.state == "failed"
    assert "The Name Space does not fit the Access URL" in said(run)


def test_an_eConnect_that_is_not_there_is_said(  # noqa: N802
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    sandbox.stop()
    run = run_import(administration)
    assert run.state == "failed"
    assert "eConnect could not be reached" in said(run)


def test_tokens_that_expire_on_the_way_are_renewed(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, inbox: list[str]
) -> None:
    sandbox.misbehave(ways.fault("DEFAULT_ERROR_CODE999"), operation="GetInboxDocument", times=1)
    assert run_import(administration).state == "succeeded"
    sandbox.account.expire_tokens()
    assert run_import(administration).state == "succeeded"
    assert_all_in_once(administration, inbox)
