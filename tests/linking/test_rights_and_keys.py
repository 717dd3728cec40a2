"""Who may send and see authorisation requests; keys that are there stay until somebody says so."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from econnect_admin.models import (
    Administration,
    AdministrationPreferences,
    AuthorisationRequest,
    User,
)
from econnect_admin.rights.catalogue import grant_for
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import CONSUMER_KEY
from tests.linking.conftest import LINKING, accept, address, person_with
from tests.rights.conftest import group_with

OWN_KEYS = {"consumer_key": "eigen-sleutel-123456", "consumer_secret": "eigen-geheim-123456"}
CHANGE_PREFERENCES = "econnect_admin.change_administrationpreferences"


@pytest.fixture
def with_keys(client_company: Administration) -> AdministrationPreferences:
    preferences: AdministrationPreferences = AdministrationPreferences.objects.create(
        administration=client_company, company_id="XCNL20000", delivery_email="een@klant.example", **OWN_KEYS
    )
    return preferences


def logged_in(*permissions: str, username: str = "somebody") -> Client:
    client = Client()
    client.force_login(person_with(*permissions, username=username))
    return client


def logged_in_for(administration: Administration, *permissions: str) -> Client:
    """Somebody who may do this for this administration only."""
    user = User.objects.create_user("of-the-client")
    grants = [grant_for(permission) for permission in permissions]
    group_with("of the client", [granted for granted in grants if granted], administration).members.add(user)
    client = Client()
    client.force_login(user)
    return client


def test_keys_that_are_there_are_asked_about(
    sandbox: Sandbox, linker: Client, form: dict[str, str], with_keys: AdministrationPreferences
) -> None:
    page = linker.post(address("add"), form).content.decode()
    assert "Deze administratie heeft al sleutels van eConnect" in page
    page = linker.post(address("add"), form | {"replace_keys": "on"}).content.decode()
    assert "u mag Financieel voorkeuren administratie daarvan niet wijzigen" in page
    assert sandbox.calls == []


def test_they_are_replaced_by_who_says_so_and_may(
    sandbox: Sandbox, form: dict[str, str], with_keys: AdministrationPreferences
) -> None:
    client = logged_in(*LINKING, CHANGE_PREFERENCES)
    client.post(address("add"), form | {"replace_keys": "on"})
    request = AuthorisationRequest.objects.get()
    accept(sandbox, request)
    client.post(address("check", request))
    with_keys.refresh_from_db()
    assert (with_keys.consumer_key, with_keys.company_id) == (CONSUMER_KEY, "XCNL10017")
    assert with_keys.delivery_email == "een@klant.example"


def test_to_replace_keys_is_said_of_those_that_are_there_then(
    sandbox: Sandbox, form: dict[str, str], with_keys: AdministrationPreferences
) -> None:
    client = logged_in(*LINKING, CHANGE_PREFERENCES)
    client.post(address("add"), form | {"replace_keys": "on"})
    with_keys.consumer_secret = "later-typed-in-by-a-person"
    with_keys.save()
    request = AuthorisationRequest.objects.get()
    accept(sandbox, request)
    client.post(address("check", request))
    with_keys.refresh_from_db()
    assert with_keys.consumer_secret == "later-typed-in-by-a-person"
    client.post(address("close", request))
    client.post(address("take", request))
    with_keys.refresh_from_db()
    request.refresh_from_db()
    assert (request.state, with_keys.consumer_secret) == ("waiting", "later-typed-in-by-a-person")
    client.post(address("take", request))
    with_keys.refresh_from_db()
    assert with_keys.consumer_key == CONSUMER_KEY


def test_keys_that_came_meanwhile_stay_until_somebody_says_so(
    sandbox: Sandbox, linker: Client, sent: AuthorisationRequest, with_keys: AdministrationPreferences
) -> None:
    accept(sandbox, sent)
    page = linker.post(address("check", sent), follow=True).content.decode()
    with_keys.refresh_from_db()
    sent.refresh_from_db()
    assert (sent.state, with_keys.consumer_key) == ("waiting", OWN_KEYS["consumer_key"])
    assert "Die blijven staan tot u ze laat vervangen." in page
    assert "Huidige sleutels vervangen" not in page
    assert linker.post(address("take", sent)).status_code == 403
    client = logged_in(*LINKING, CHANGE_PREFERENCES)
    assert "Huidige sleutels vervangen" in client.get(address("change", sent)).content.decode()
    client.post(address("take", sent))
    with_keys.refresh_from_db()
    sent.refresh_from_db()
    assert (sent.state, with_keys.consumer_key) == ("accepted", CONSUMER_KEY)


def test_keys_that_cannot_be_decrypted_count_as_keys(
    settings: Settings, linker: Client, form: dict[str, str], with_keys: AdministrationPreferences
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["another-key-of-thirty-two-characters"]
    page = linker.post(address("add"), form).content.decode()
    assert "Deze administratie heeft al sleutels van eConnect" in page


def test_who_may_only_look_does_nothing(sandbox: Sandbox, sent: AuthorisationRequest) -> None:
    client = logged_in("econnect_admin.view_authorisationrequest")
    page = client.get(address("change", sent)).content.decode()
    assert "XCNL10017" in page
    assert "Nu controleren" not in page
    assert client.get(address("add")).status_code == 403
    for button in ("check", "send", "close", "take"):
        assert client.post(address(button, sent)).status_code == 403
        assert client.get(address(button, sent)).status_code == 405
    assert sandbox.calls_of("RequestAppIntegrationCredentials") == 0


def test_who_may_do_it_for_the_client_only_sees_and_uses_no_other_account(
    sandbox: Sandbox, form: dict[str, str], sent: AuthorisationRequest, accountant: Administration
) -> None:
    client = logged_in_for(sent.administration, *LINKING, "econnect_admin.view_historyentry")
    AuthorisationRequest.objects.update(state="uncertain")
    history = reverse("admin:econnect_admin_historyentry_changelist")
    pages = [client.get(page) for page in (address("changelist"), address("change", sent), history)]
    assert all("XCNL10017" in page.content.decode() for page in pages)
    export = client.get(f"{address('changelist')}export/csv/").getvalue().decode()
    assert "XCNL10017" in export
    assert client.post(address("send", sent)).status_code == 403
    AuthorisationRequest.objects.all().delete()
    pages.append(client.post(address("add"), form))
    assert pages[-1].context["adminform"].form.errors.keys() == {"requested_through"}
    assert not [page for page in pages if accountant.name in page.content.decode()]
    assert accountant.name not in export
    assert sandbox.calls_of("RequestAppIntegration") == 1


def test_who_may_do_it_for_the_accountant_only_gets_nothing_into_another(
    sandbox: Sandbox, form: dict[str, str], sent: AuthorisationRequest, accountant: Administration
) -> None:
    client = logged_in_for(accountant, *LINKING)
    assert sent.reference not in client.get(address("changelist")).content.decode()
    assert client.post(address("check", sent)).status_code == 403
    AuthorisationRequest.objects.all().delete()
    page = client.post(address("add"), form)
    assert page.context["adminform"].form.errors.keys() == {"administration"}
    page = client.post(address("add"), form | {"administration": str(accountant.pk), "replace_keys": "on"})
    assert page.context["adminform"].form.errors.keys() == {"requested_through", "administration"}
    assert sandbox.calls_of("RequestAppIntegration") == 1
