"""An authorisation request from the form to the keys in the preferences."""

import pytest
from django.test import Client

from econnect_admin.models import (
    Administration,
    AdministrationPreferences,
    AuthorisationRequest,
    HistoryEntry,
)
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import CONSUMER_KEY, CONSUMER_SECRET
from tests.linking.conftest import OWNER, address


def accept(sandbox: Sandbox, request: AuthorisationRequest) -> None:
    request.refresh_from_db()
    sandbox.account.accept_integration(request.integration_token)


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
    assert "De eigenaar heeft geaccepteerd: de sleutels staan in de financieel voorkeuren." in page
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
