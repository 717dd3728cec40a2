"""Keys, secrets and the Access URL go in and never come out."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from econnect_admin.models import Administration, AdministrationPreferences, DatabasePreferences, User
from tests.conftest import CONSUMER_KEY, CONSUMER_SECRET, begin, wait_for_a_lock

Stored = tuple[AdministrationPreferences, DatabasePreferences]


@pytest.fixture
def stored(administration: Administration) -> Stored:
    return administration.preferences, administration.database


def page_of(row: Any, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_{page}", args=[row.pk])


def form_of(preferences: AdministrationPreferences, **changed: str) -> dict[str, str]:
    return {
        "consumer_key": "",
        "consumer_secret": "",
        "created_by": preferences.created_by,
        "delivery_email": preferences.delivery_email,
        "company_id": preferences.company_id,
    } | changed


def assert_nothing_secret(html: str, stored: Stored) -> None:
    preferences, database = stored
    subscription_key = parse_qs(urlsplit(database.access_url).query)["subscriptionKey"][0]
    for secret in (preferences.consumer_key, preferences.consumer_secret, subscription_key):
        assert secret[:-4] not in html


def test_no_page_shows_a_secret_to_who_may_change_it(admin_client: Client, stored: Stored) -> None:
    for row in stored:
        for address in (page_of(row), page_of(row, "history"), page_of(row, "delete")):
            assert_nothing_secret(admin_client.get(address).content.decode(), stored)


def test_a_secret_is_cleared_by_saying_so(admin_client: Client, stored: Stored) -> None:
    preferences, _ = stored
    admin_client.post(page_of(preferences), form_of(preferences, clear_consumer_secret="on"))
    preferences.refresh_from_db()
    assert (preferences.consumer_key, preferences.consumer_secret) == (CONSUMER_KEY, "")
    page = admin_client.get(page_of(preferences)).content.decode()
    assert "clear_consumer_key" in page
    assert "clear_consumer_secret" not in page
    assert page.count("Leeg gelaten: ongewijzigd.") == 1


def test_what_was_cleared_keeps_nobody_from_saving_the_rest(admin_client: Client, stored: Stored) -> None:
    preferences, _ = stored
    admin_client.post(page_of(preferences), form_of(preferences, clear_consumer_secret="on"))
    admin_client.post(page_of(preferences), form_of(preferences, delivery_email="later@refbouw.example"))
    preferences.refresh_from_db()
    assert (preferences.delivery_email, preferences.consumer_secret) == ("later@refbouw.example", "")


def test_a_secret_is_replaced_or_cleared_and_not_both(admin_client: Client, stored: Stored) -> None:
    preferences, _ = stored
    form = form_of(preferences, clear_consumer_secret="on", consumer_secret="another-secret-1234")
    page = admin_client.post(page_of(preferences), form).content.decode()
    assert "Geef een nieuw geheim, of wis het" in page
    preferences.refresh_from_db()
    assert preferences.consumer_secret == CONSUMER_SECRET


def test_no_page_shows_a_secret_to_who_may_only_look(
    client: Client, stored: Stored, person: Callable[..., User]
) -> None:
    client.force_login(
        person("econnect_admin.view_administrationpreferences", "econnect_admin.view_databasepreferences")
    )
    for row in stored:
        response = client.get(page_of(row))
        assert response.status_code == 200
        assert_nothing_secret(response.content.decode(), stored)


def test_the_end_of_a_stored_secret_tells_which_one_it_is(admin_client: Client, stored: Stored) -> None:
    html = admin_client.get(page_of(stored[0])).content.decode()
    assert f"ingesteld, eindigt op …{CONSUMER_KEY[-4:]}" in html
    assert f"ingesteld, eindigt op …{CONSUMER_SECRET[-4:]}" in html
    assert "ingesteld: http://127.0.0.1" in admin_client.get(page_of(stored[1])).content.decode()


def test_of_a_short_secret_nothing_is_shown(admin_client: Client, stored: Stored) -> None:
    AdministrationPreferences.objects.update(consumer_secret="kort-geheim")
    html = admin_client.get(page_of(stored[0])).content.decode()
    assert "heim" not in html.replace("Klant geheim", "")


def test_empty_inputs_keep_what_is_stored(admin_client: Client, stored: Stored) -> None:
    preferences, database = stored
    admin_client.post(page_of(preferences), form_of(preferences, company_id="XCNL20000"))
    admin_client.post(page_of(database), {"name": "Hoofd", "access_url": "", "namespace": database.namespace})
    preferences.refresh_from_db()
    assert (preferences.consumer_key, preferences.consumer_secret) == (CONSUMER_KEY, CONSUMER_SECRET)
    assert preferences.company_id == "XCNL20000"
    url = database.access_url
    database.refresh_from_db()
    assert (database.name, database.access_url) == ("Hoofd", url)


def test_a_filled_input_replaces_what_is_stored(admin_client: Client, stored: Stored) -> None:
    preferences = stored[0]
    admin_client.post(page_of(preferences), form_of(preferences, consumer_secret="nieuw-geheim-0123456789"))
    preferences.refresh_from_db()
    assert preferences.consumer_secret == "nieuw-geheim-0123456789"
    assert preferences.consumer_key == CONSUMER_KEY


def test_a_refused_form_does_not_repeat_the_secret(admin_client: Client, stored: Stored) -> None:
    preferences = stored[0]
    response = admin_client.post(
        page_of(preferences),
        form_of(preferences, consumer_secret="nieuw-geheim-0123456789", created_by="geen adres"),
    )
    assert response.status_code == 200
    assert "nieuw-geheim" not in response.content.decode()


def test_new_preferences_need_their_secrets(admin_client: Client, stored: Stored) -> None:
    preferences, database = stored
    preferences.delete()
    other = Administration.objects.create(code="B", name="B", database=database)
    form = form_of(preferences) | {"administration": str(other.pk)}
    address = reverse("admin:econnect_admin_administrationpreferences_add")
    assert admin_client.post(address, form).status_code == 200
    assert not AdministrationPreferences.objects.exists()
    admin_client.post(address, form | {"consumer_key": "k" * 20, "consumer_secret": "s" * 20})
    assert AdministrationPreferences.objects.get().consumer_key == "k" * 20


def test_a_page_that_was_opened_earlier_undoes_nothing(admin_client: Client, stored: Stored) -> None:
    """But new keys bring the company that was sent with them."""
    preferences, _ = stored
    page = admin_client.get(page_of(preferences)).content.decode()
    assert 'name="initial-company_id" value="XCNL10017"' in page
    opened = form_of(preferences)
    opened |= {f"initial-{name}": value for name, value in opened.items() if not name.startswith("consumer")}
    landed = {"consumer_key": "a-key-that-landed-1", "company_id": "XCNL20000"}
    AdministrationPreferences.objects.update(**landed)
    admin_client.post(page_of(preferences), opened | {"delivery_email": "b@refbouw.example"})
    preferences.refresh_from_db()
    assert {name: getattr(preferences, name) for name in landed} == landed
    assert preferences.delivery_email == "b@refbouw.example"
    admin_client.post(page_of(preferences), opened | {"consumer_key": "a-key-that-was-typed"})
    preferences.refresh_from_db()
    assert (preferences.consumer_key, preferences.company_id) == ("a-key-that-was-typed", "XCNL10017")


def test_keys_that_land_while_somebody_saves_are_not_overwritten(
    admin_client: Client, stored: Stored
) -> None:
    preferences, _ = stored
    with transaction.atomic():
        AdministrationPreferences.objects.update(consumer_key="a-key-that-landed-1")
        saved = begin(lambda: admin_client.post(page_of(preferences), form_of(preferences)))
        wait_for_a_lock()
    assert saved.result().status_code == 302
    preferences.refresh_from_db()
    assert preferences.consumer_key == "a-key-that-landed-1"
