"""The history, as those read it who may."""

from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.timezone import localtime

from econnect_admin.models import (
    Administration,
    GroupPrivilege,
    HistoryEntry,
    SecondFactor,
    User,
)
from econnect_admin.rights.granting import grant
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


def test_a_page_leads_to_the_history_of_its_row(
    client: Client, administration: Administration, elsewhere: Administration, person: Callable[..., User]
) -> None:
    first = group_with("Inkoop", [], administration)
    group_with("Verkoop", [], administration)
    button = reverse("admin:econnect_admin_usergroup_history", args=[first.pk])
    manager_of(client, administration)
    assert button in client.get(change(first)).content.decode()
    page = client.get(button, follow=True).content.decode()
    rows = page.partition("<tbody")[2]
    assert "Inkoop" in rows
    assert "Verkoop" not in rows
    assert "Gebruikersgroep Desktop: group Inkoop" in page  # the filter, which can be taken away
    assert "Inkoop" in client.get("/econnect_admin/historyentry/?row=x").content.decode()

    without = person("econnect_admin.view_usergroup", username="reader")
    reads_elsewhere = person("econnect_admin.view_usergroup", username="both")
    reads_elsewhere.groups.add(group_with("there", [("HISTORY", "view")], elsewhere))
    for user in (without, reads_elsewhere):
        client.force_login(user)
        assert button not in client.get(change(first)).content.decode()
        assert client.get(button).status_code == 403


def test_the_history_of_a_row_tells_of_what_belongs_to_it(
    client: Client, administration: Administration, elsewhere: Administration
) -> None:
    """Of a group what it grants and who came and went; of an administration and a user likewise."""
    group, anna = group_with("Inkoop", [], administration), colleague(administration)
    other = group_with("Verkoop", [("LINES", "view")], administration)
    other.members.add(anna)
    grant(group, [("E_INVOICES", "view")])
    grant(group, [])
    group.members.add(anna)
    anna.groups.remove(group)
    SecondFactor.objects.create(user=anna)

    def told(row: Model) -> list[tuple[str, int, str]]:
        """What of, what was done, to which row."""
        kind = ContentType.objects.get_for_model(row)
        page = client.get(f"/econnect_admin/historyentry/?row={kind.pk}-{row.pk}")
        entries: list[HistoryEntry] = page.context["cl"].result_list
        return [(entry.content_type.model, entry.action, entry.object_repr) for entry in entries]

    manager_of(client, administration)
    assert told(group) == [
        ("user", 1, "anna"),
        ("usergroup", 1, "group Inkoop"),
        ("groupprivilege", 2, "group Inkoop"),
        ("groupprivilege", 0, "group Inkoop"),
        ("usergroup", 1, "group Inkoop"),
    ]
    assert ("secondfactor", 0, "anna") in told(anna)
    assert ("usergroup", 1, "group Inkoop") in told(anna)
    assert ("functionactivation", 0, "Ref Bouw B.V. (REF)") in told(administration)
    assert told(elsewhere) == []


def test_what_is_in_the_history_is_said_as_people_write_it(
    admin_client: Client, administration: Administration
) -> None:
    SecondFactor.objects.create(user=colleague(administration))
    newest = HistoryEntry.objects.first()
    assert newest
    page = admin_client.get(f"/econnect_admin/historyentry/{newest.pk}/change/").content.decode()
    assert "Created" not in page
    pages = " ".join(strip_tags(admin_client.get("/econnect_admin/historyentry/").content.decode()).split())
    assert "Gebruiker: → anna" in pages
    assert f"Aangemaakt op: → {localtime(administration.created_at):%d-%m-%Y %H:%M:%S}" in pages


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
