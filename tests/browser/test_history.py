"""The history, as those read it who may."""

from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from econnect_admin.models import (
    Administration,
    GroupPrivilege,
    HistoryEntry,
    SecondFactor,
    User,
)
from tests.browser.groups import change, colleague, manager_of
from tests.rights.conftest import group_with


def test_what_is_done_to_groups_is_in_the_history(
    client: Client, administration: Administration, person: Callable[..., User]
) -> None:
    group = group_with("clerks", [], administration)
    anna = colleague(administration)
    form = {"name": "Crediteuren", "administrations": administration.pk, "members": anna.pk}
    form["privileges"] = "E_INVOICES:view"
    manager_of(client, administration).post(change(group), form)
    entries = HistoryEntry.objects.filter(actor__username="manager")
    assert {entry.content_type.model for entry in entries} == {"usergroup", "groupprivilege"}
    page = client.get("/econnect_admin/historyentry/").content.decode()
    for words in ("Crediteuren", "Leden", "anna", "E-Facturen", "bekijken", "manager"):
        assert words in page
    assert client.post(f"/econnect_admin/historyentry/{entries[0].pk}/delete/").status_code in {403, 404}
    assert client.post(f"/econnect_admin/historyentry/{entries[0].pk}/change/").status_code in {403, 405}


def test_the_history_of_a_deleted_group_is_for_its_administrations(
    client: Client, administration: Administration, elsewhere: Administration
) -> None:
    group = group_with("clerks", [("E_INVOICES", "view")], administration)
    group.members.add(colleague(administration))
    HistoryEntry.objects.all().delete()
    manager_of(client, administration)
    address = reverse("admin:econnect_admin_usergroup_delete", args=[group.pk])
    page = client.get(address).content.decode()
    assert "E-Facturen" not in page
    assert client.post(address, {"post": "yes"}).status_code == 302
    mine = HistoryEntry.objects.filter(actor__username="manager")
    assert {entry.content_type.model for entry in mine} == {"usergroup", "groupprivilege"}
    assert {tuple(entry.of_administrations) for entry in mine} == {(administration.pk,)}
    assert {name for entry in mine for name in entry.changes} >= {"groups", "administrations", "privilege"}


def test_what_happens_to_people_is_in_the_history_of_their_administrations(
    administration: Administration, elsewhere: Administration
) -> None:
    anna = colleague(administration)
    there = group_with("there", [], elsewhere)
    HistoryEntry.objects.all().delete()
    anna.groups.add(there)
    SecondFactor.objects.create(user=anna)
    anna.groups.set([])
    seen = [(entry.content_type.model, *entry.of_administrations) for entry in HistoryEntry.objects.all()]
    assert sorted(seen) == sorted(
        [
            ("user", elsewhere.pk),
            ("secondfactor", administration.pk, elsewhere.pk),
            ("user", administration.pk),
            ("user", elsewhere.pk),
        ]
    )


def test_the_history_is_filtered_by_what_was_done_and_to_what(
    client: Client, administration: Administration
) -> None:
    group_with("clerks", [("E_INVOICES", "view")], administration)
    manager_of(client, administration)
    address = "/econnect_admin/historyentry/"
    kind = str(ContentType.objects.get_for_model(GroupPrivilege).pk)
    page = client.get(address, {"action": "0", "kind": kind}).content.decode()
    assert "toegevoegd" in page
    assert "toegevoegd" not in client.get(address, {"action": "2", "kind": kind}).content.decode()
    for hostile in ("of_administrations__contains=", "resource_type=abc", "kind=abc", "action=x"):
        assert client.get(f"{address}?{hostile}").status_code in {200, 302, 400}


def test_secrets_are_not_in_the_history(admin_client: Client, administration: Administration) -> None:
    preferences = administration.preferences
    address = reverse("admin:econnect_admin_administrationpreferences_change", args=[preferences.pk])
    admin_client.post(
        address,
        {
            "consumer_key": "another-key-1234567890",
            "consumer_secret": "another-secret-0987654321",
            "created_by": "inkoop@refbouw.example",
            "delivery_email": "x@refbouw.example",
            "company_id": "XCNL10017",
        },
    )
    entry = HistoryEntry.objects.filter(content_type__model="administrationpreferences").latest("pk")
    assert set(entry.changes) >= {"consumer_key", "consumer_secret", "delivery_email"}
    assert entry.changes["consumer_secret"] == ["•••", "•••"]
    everything = str(list(HistoryEntry.objects.values()))
    for secret in (
        "another-key",
        "another-secret",
        "klant-geheim",
        "klant-key",
        administration.database.access_url,
    ):
        assert secret not in everything
