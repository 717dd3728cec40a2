"""An authorisation request makes an e-mail go out: that happens once, or a person has said so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models.functions import Now
from django.test import Client

from econnect_admin.linking.models import LONGEST
from econnect_admin.linking.requesting import send
from econnect_admin.linking.watching import look_after_requests
from econnect_admin.models import Administration, AdministrationPreferences, AuthorisationRequest
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.exchange import Misbehaviour
from econnect_admin.sandbox.server import Sandbox
from tests.linking.conftest import LINKING, accept, address, person_with

SENDING = "RequestAppIntegration"


def state_of(request: AuthorisationRequest) -> str:
    request.refresh_from_db()
    return request.state


def requests_sent(sandbox: Sandbox) -> int:
    return sandbox.calls_of(SENDING)


def test_a_second_click_sends_nothing(
    sandbox: Sandbox, linker: Client, sent: AuthorisationRequest, form: dict[str, str]
) -> None:
    page = linker.post(address("add"), form, follow=True).content.decode()
    assert "loopt al een verzoek; er is niets verstuurd" in page
    assert (AuthorisationRequest.objects.count(), requests_sent(sandbox)) == (1, 1)


def test_of_two_people_at_once_one_sends(sandbox: Sandbox, linker: Client, form: dict[str, str]) -> None:
    colleague = Client()
    colleague.force_login(person_with(*LINKING, username="colleague"))
    sandbox.misbehave(ways.slow(0.5), SENDING, times=None)

    def fill_in(client: Client) -> int:
        try:
            return client.post(address("add"), form).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as people:
        assert list(people.map(fill_in, [linker, colleague])) == [302, 302]
    assert (AuthorisationRequest.objects.get().state, requests_sent(sandbox)) == ("sent", 1)


@pytest.mark.parametrize("way", [ways.cut_before_answer, ways.bad_gateway, ways.fault("ERRIER8000006")])
def test_after_a_call_that_was_cut_off_a_person_decides(
    sandbox: Sandbox, linker: Client, form: dict[str, str], way: Misbehaviour
) -> None:
    sandbox.misbehave(way, SENDING)
    page = linker.post(address("add"), form, follow=True).content.decode()
    request = AuthorisationRequest.objects.get()
    assert (request.state, requests_sent(sandbox)) == ("uncertain", 1)
    assert "Misschien heeft eConnect de e-mail verstuurd, misschien niet." in page
    look_after_requests(lambda _: None)
    linker.post(address("check", request))
    linker.post(address("add"), form)
    assert (state_of(request), requests_sent(sandbox)) == ("uncertain", 1)
    linker.post(address("send", request))
    linker.post(address("send", request))
    assert (state_of(request), requests_sent(sandbox)) == ("sent", 2)


def test_a_sender_that_was_killed_leaves_it_to_a_person(
    sandbox: Sandbox, linker: Client, sent: AuthorisationRequest
) -> None:
    """As it is in the database when the process is gone before the answer is stored."""
    rows = AuthorisationRequest.objects.filter(pk=sent.pk)
    rows.update(state="sending", integration_token="", next_check_at=None)
    look_after_requests(lambda _: None)
    linker.post(address("send", sent))
    assert (state_of(sent), requests_sent(sandbox)) == ("sending", 1)
    rows.update(requested_at=Now() - LONGEST - timedelta(seconds=1))
    page = linker.get(address("change", sent)).content.decode()
    assert state_of(sent) == "uncertain"
    assert "Het versturen is onderbroken" in page
    linker.post(address("close", sent))
    assert (state_of(sent), requests_sent(sandbox)) == ("closed", 1)


def test_an_answer_that_comes_after_a_person_gave_up_is_kept(
    sandbox: Sandbox, linker: Client, sent: AuthorisationRequest
) -> None:
    AuthorisationRequest.objects.update(state="closed", integration_token="")
    send(sent.pk)
    assert state_of(sent) == "closed"
    accept(sandbox, sent)
    linker.post(address("check", sent))
    assert state_of(sent) == "accepted"


@pytest.mark.parametrize(
    ("way", "operation", "words"),
    [
        (ways.fault("ERRGPA4000001", "There is no such party."), SENDING, "There is no such party."),
        (ways.fault("ERRPRO1000002"), "GetAccountDetails", "heeft het account geblokkeerd"),
        (ways.cut_before_answer, "GetAccountDetails", "niet bereikbaar"),
        (ways.edited(b">true<", b">false<"), "GetAccountDetails", "staat dit account niet toe"),
    ],
)
def test_what_was_surely_not_sent_says_why(
    sandbox: Sandbox, linker: Client, form: dict[str, str], way: Misbehaviour, operation: str, words: str
) -> None:
    sandbox.misbehave(way, operation)
    page = linker.post(address("add"), form, follow=True).content.decode()
    request = AuthorisationRequest.objects.get()
    assert request.state == "not sent"
    assert "de eigenaar heeft geen e-mail gekregen" in page
    assert words in page
    assert f"reference={request.reference}" in page  # the way to a form that is filled in like it
    linker.post(address("send", request))
    assert state_of(request) == "not sent"
    linker.post(address("add"), form)
    assert AuthorisationRequest.objects.first().state == "sent"  # type: ignore[union-attr]


def test_version_3_has_no_authorisation_requests(
    sandbox: Sandbox, linker: Client, form: dict[str, str], accountant: Administration
) -> None:
    accountant.database.access_url = sandbox.access_url_v3
    accountant.database.namespace = sandbox.namespace_v3
    accountant.database.save()
    page = linker.post(address("add"), form).content.decode()
    assert "die kent geen machtigingsverzoeken" in page
    assert sandbox.calls == []


def test_what_is_no_reference_is_not_sent(sandbox: Sandbox, linker: Client, form: dict[str, str]) -> None:
    for reference in (
        *("12345678", "NL:KVK:1234567", "NL:KVK:123456789", "NL:KVK:1234 5678", "NL:KVK:１２３４５６７８"),
        *("NL:VAT:123456789B01", "XCNL", "XC10017", "BE:CBE:0123456789", "NL:KVK:12345678\nX"),
        *("XCNL1</ReferenceId><x/>", "XCNL" + "1" * 60, "XCNL1\0"),
    ):
        page = linker.post(address("add"), form | {"reference": reference})
        assert page.status_code == 200, reference
        assert page.context["adminform"].form.errors.keys() == {"reference"}, reference
    assert "Schrijf het als NL:KVK:12345678" in linker.post(address("add"), form | {"reference": "1"}).text
    assert sandbox.calls == []
    assert not AuthorisationRequest.objects.exists()


def proposed(linker: Client, query: str = "") -> object:
    page = linker.get(address("add") + query)
    assert page.status_code == 200
    return page.context["adminform"].form.initial["requested_through"]


def test_no_account_is_guessed(
    linker: Client, form: dict[str, str], accountant: Administration, client_company: Administration
) -> None:
    assert proposed(linker) == accountant.pk
    AdministrationPreferences.objects.create(
        administration=client_company, consumer_key="k" * 20, consumer_secret="s" * 20
    )
    assert proposed(linker) is None
    AdministrationPreferences.objects.filter(administration=client_company).delete()
    linker.post(address("add"), form)
    AdministrationPreferences.objects.create(
        administration=client_company, consumer_key="k" * 20, consumer_secret="s" * 20
    )
    assert proposed(linker) == accountant.pk
    for hostile in ("x", "9" * 40, str(client_company.pk)):
        assert proposed(linker, f"?administration={hostile}") == accountant.pk
        proposed(linker, f"?requested_through={hostile}")
