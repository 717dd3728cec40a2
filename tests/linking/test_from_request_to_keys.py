"""An authorisation request from the form to the keys in the preferences."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from batchjobs.models import Batchjob
from batchjobs.setup import ensure_batchjobs
from econnect_admin.models import (
    Administration,
    AdministrationPreferences,
    AuthorisationRequest,
    HistoryEntry,
)
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.exchange import Misbehaviour
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import CONSUMER_KEY, CONSUMER_SECRET
from tests.linking.conftest import OWNER, accept, address


def test_a_request_is_sent_once_and_waits_for_the_owner(
    sandbox: Sandbox, linker: Client, sent: AuthorisationRequest
) -> None:
    assert (sent.state, sent.reference, sent.requested_by) == ("sent", "XCNL10017", "linker")
    assert sandbox.calls_of("RequestAppIntegration") == 1
    page = linker.post(address("check", sent), follow=True).content.decode()
    assert "De eigenaar heeft nog niet geaccepteerd." in page
    assert "The authorisation request has not been accepted." in page
    assert not AdministrationPreferences.objects.filter(administration=sent.administration).exists()


def test_on_acceptance_the_keys_are_in_the_preferences(
    sandbox: Sandbox, linker: Client, sent: AuthorisationRequest, client_company: Administration
) -> None:
    accept(sandbox, sent)
    page = linker.post(address("check", sent), follow=True).content.decode()
    assert "De eigenaar heeft geaccepteerd: de sleutels staan in Financieel voorkeuren administratie." in page
    sent.refresh_from_db()
    assert sent.state == "accepted"
    preferences = client_company.preferences
    assert (preferences.consumer_key, preferences.consumer_secret) == (CONSUMER_KEY, CONSUMER_SECRET)
    assert (preferences.created_by, preferences.company_id) == (sandbox.account.email_address, "XCNL10017")
    calls = sandbox.calls_of("RequestAppIntegrationCredentials")
    linker.post(address("check", sent))
    assert sandbox.calls_of("RequestAppIntegrationCredentials") == calls


@pytest.mark.parametrize("reference", ["NL:KVK:12345678", "nl:kvk:12345678 "])
def test_the_company_of_a_number_is_asked_for_with_the_new_keys(
    sandbox: Sandbox, linker: Client, form: dict[str, str], client_company: Administration, reference: str
) -> None:
    linker.post(address("add"), form | {"reference": reference})
    request = AuthorisationRequest.objects.get()
    assert request.reference == "NL:KVK:12345678"
    accept(sandbox, request)
    linker.post(address("check", request))
    assert client_company.preferences.company_id == "XCNL10017"


def test_the_administration_that_is_looked_at_is_proposed_if_it_waits_for_keys(
    linker: Client, client_company: Administration, accountant: Administration
) -> None:
    for looked_at, proposed in ((client_company, client_company.pk), (accountant, None)):
        linker.post("/administration/", {"administration": looked_at.pk})
        form = linker.get(address("add")).context["adminform"].form
        assert form["administration"].value() == proposed


def test_no_secret_is_on_a_page_or_in_the_history(
    sandbox: Sandbox, linker: Client, sent: AuthorisationRequest, caplog: pytest.LogCaptureFixture
) -> None:
    accept(sandbox, sent)
    secrets = (sent.integration_token, CONSUMER_KEY, CONSUMER_SECRET)
    linker.post(address("check", sent))
    texts = [linker.get(address("change", sent)).content.decode(), caplog.text]
    texts.append(linker.get(address("changelist")).content.decode())
    texts += [str(values) for values in HistoryEntry.objects.values_list("changes", flat=True)]
    assert any(OWNER in text for text in texts)
    assert not [secret for secret in secrets for text in texts if secret in text]


def test_batch_jobs_that_were_refused_are_tried_again(
    sandbox: Sandbox, linker: Client, sent: AuthorisationRequest, client_company: Administration
) -> None:
    batchjob, _ = ensure_batchjobs(client_company)
    later = timezone.now() + timedelta(hours=1)
    Batchjob.objects.filter(pk=batchjob.pk).update(refusals=3, next_at=later)
    accept(sandbox, sent)
    linker.post(address("check", sent))
    batchjob.refresh_from_db()
    assert batchjob.next_at is not None
    assert batchjob.next_at < later


@pytest.mark.parametrize(
    ("way", "states"),
    [
        (ways.fault("ERRGPA4000001"), ("accepted", "")),  # it will not say it; a person chooses
        (ways.service_unavailable, ("sent", None)),  # asked again: without a company too much is imported
    ],
)
def test_a_company_that_is_not_found(
    sandbox: Sandbox,
    linker: Client,
    form: dict[str, str],
    client_company: Administration,
    way: Misbehaviour,
    states: tuple[str, str | None],
) -> None:
    linker.post(address("add"), form | {"reference": "NL:KVK:12345678"})
    request = AuthorisationRequest.objects.get()
    accept(sandbox, request)
    sandbox.misbehave(way, "GetParty")
    page = linker.post(address("check", request), follow=True).content.decode()
    request.refresh_from_db()
    preferences = AdministrationPreferences.objects.filter(administration=client_company).first()
    assert (request.state, preferences and preferences.company_id) == states
    assert ("Kies het bedrijf" if preferences else "welk bedrijf het is") in page


def test_keys_that_cannot_be_stored_are_not(
    sandbox: Sandbox, linker: Client, sent: AuthorisationRequest, client_company: Administration
) -> None:
    accept(sandbox, sent)
    operation = "RequestAppIntegrationCredentials"
    sandbox.misbehave(ways.edited(b"<ConsumerKey>.*?</", b"<ConsumerKey>" + b"k" * 501 + b"</"), operation)
    page = linker.post(address("check", sent), follow=True).content.decode()
    assert "tekens die niet kunnen worden opgeslagen" in page
    assert not AdministrationPreferences.objects.filter(administration=client_company).exists()
    sandbox.misbehave(ways.edited(b"<EmailAddress>.*?</", b"<EmailAddress>no address</"), operation)
    linker.post(address("check", sent))
    assert client_company.preferences.created_by == ""


def test_a_platform_that_quotes_the_token_does_not_put_it_on_the_page(
    sandbox: Sandbox, linker: Client, sent: AuthorisationRequest
) -> None:
    token = sent.integration_token
    quoted = ways.fault("ERRRAI4000001", f"Unknown token {token}.")
    sandbox.misbehave(quoted, "RequestAppIntegrationCredentials")
    assert "Unknown token …." in linker.post(address("check", sent), follow=True).content.decode()
    sent.refresh_from_db()
    assert token not in str(sent.answer)


def test_the_token_is_encrypted_at_rest(sent: AuthorisationRequest) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT integration_token FROM econnect_admin_authorisationrequest")
        [stored] = cursor.fetchone()
    assert stored
    assert sent.integration_token not in stored
