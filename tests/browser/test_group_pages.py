"""The pages of user groups, functions and effective rights, as administrators use them."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from econnect_admin.models import (
    Administration,
    User,
    UserGroup,
)
from econnect_admin.rights.granting import PRESETS, grants_of, lock
from tests.browser.conftest import log_in
from tests.browser.groups import as_shown, change, colleague, manager_of
from tests.conftest import wait_until
from tests.rights.conftest import everything_for, group_with

ADD = reverse("admin:econnect_admin_usergroup_add")


def test_a_new_group_begins_with_a_preset(client: Client, administration: Administration) -> None:
    anna = colleague(administration)
    form = {
        "name": "Crediteuren",
        "administrations": administration.pk,
        "members": anna.pk,
        "preset": "clerk",
    }
    manager_of(client, administration).post(ADD, form)
    group = UserGroup.objects.get(name="Crediteuren")
    clerk = next(preset for preset in PRESETS if preset.code == "clerk")
    assert grants_of(group) == clerk.grants
    assert list(group.members.all()) == [anna]
    assert anna.has_perm("invoices.change_einvoice", administration)


def test_a_new_group_of_a_manager_holds_somewhere(client: Client, administration: Administration) -> None:
    manager_of(client, administration).post(ADD, {"name": "Crediteuren"})
    assert not UserGroup.objects.filter(name="Crediteuren").exists()


def test_the_matrix_is_saved_in_one_go(client: Client, administration: Administration) -> None:
    group = group_with("clerks", [("E_INVOICES", "view"), ("E_PURCHASE_INVOICES", "change")], administration)
    manager_of(client, administration)
    form = as_shown(client, change(group)) | {"privileges": ["E_PURCHASE_INVOICES:view", "BATCHJOBS:execute"]}
    response = client.post(change(group), form)
    assert response.status_code == 302
    assert grants_of(group) == {
        ("E_PURCHASE_INVOICES", "view"),
        ("BATCHJOBS", "view"),
        ("BATCHJOBS", "execute"),
    }


def test_a_privilege_that_does_not_exist_is_refused(client: Client, administration: Administration) -> None:
    group = group_with("clerks", [("E_INVOICES", "view")], administration)
    form = {"name": group.name, "administrations": administration.pk, "privileges": ["<script>"]}
    page = manager_of(client, administration).post(change(group), form).content.decode()
    assert "Dit privilege bestaat niet" in page
    assert grants_of(group) == {("E_INVOICES", "view")}


def test_a_group_that_holds_elsewhere_too_is_not_changed(
    client: Client, administration: Administration, elsewhere: Administration
) -> None:
    group = group_with("both", [("E_INVOICES", "view")], administration, elsewhere)
    manager_of(client, administration)
    assert "E-Facturen" in client.get(change(group)).content.decode()
    assert client.post(change(group), {"name": "mine"}).status_code == 403
    group.refresh_from_db()
    assert group.name == "group both"


def test_a_group_is_not_stretched_to_administrations_of_others(
    client: Client, administration: Administration, elsewhere: Administration
) -> None:
    group = group_with("mine", [("E_INVOICES", "view")], administration)
    form = {"name": group.name, "administrations": [administration.pk, elsewhere.pk]}
    manager_of(client, administration).post(change(group), form)
    assert list(group.administrations.all()) == [administration]


def test_nobody_is_put_into_a_group_of_others_by_way_of_the_user(
    client: Client, administration: Administration, elsewhere: Administration
) -> None:
    mine, theirs = group_with("mine", [], administration), group_with("theirs", [], elsewhere)
    anna = User.objects.create_user("anna")
    anna.groups.add(theirs)
    manager_of(client, administration, elsewhere)
    UserGroup.objects.get(name="group manager").administrations.set([administration])
    address = reverse("admin:econnect_admin_user_change", args=[anna.pk])
    form = {"username": "anna", "is_active": "on", "groups": [mine.pk]}
    client.post(address, form | {"first_name": "Mine"})
    anna.refresh_from_db()
    assert anna.first_name == ""  # anna is of another administration too
    anna.groups.set([mine])
    client.post(address, form | {"groups": [mine.pk, theirs.pk]})
    assert not anna.groups.filter(pk=theirs.pk).exists()
    client.post(address, form)
    assert list(anna.groups.all()) == [mine]


def test_a_page_that_was_opened_before_a_revocation_does_not_undo_it(
    client: Client, administration: Administration, elsewhere: Administration
) -> None:
    group = group_with("clerks", [("E_INVOICES", "view"), ("HISTORY", "view")], administration, elsewhere)
    anna = colleague(administration)
    group.members.add(anna)
    manager_of(client, administration, elsewhere)
    early = as_shown(client, change(group))
    late = {
        "name": group.name,
        "administrations": [administration.pk],
        "privileges": ["E_INVOICES:view"],
        "members": [],
    }
    assert client.post(change(group), early | late).status_code == 302
    added = {"privileges": [*early["privileges"], "USERS:view"], "name": "Crediteuren"}
    assert client.post(change(group), early | added).status_code == 302
    group.refresh_from_db()
    assert group.name == "Crediteuren"
    assert grants_of(group) == {("E_INVOICES", "view"), ("USERS", "view")}
    assert list(group.administrations.all()) == [administration]
    assert not group.members.exists()


def test_the_page_of_a_user_does_not_undo_what_another_did(
    admin_client: Client, administration: Administration
) -> None:
    anna = colleague(administration)
    added, address = group_with("added", [], administration), f"/econnect_admin/user/{anna.pk}/change/"
    early = as_shown(admin_client, address)
    anna.groups.set([added])
    admin_client.post(address, early | {"first_name": "Anna"})
    anna.refresh_from_db()
    assert anna.first_name == "Anna"
    assert list(anna.groups.all()) == [added]


@pytest.mark.parametrize("ends", ["change", "delete"])
def test_a_group_that_is_deleted_meanwhile_stays_deleted(
    client: Client, administration: Administration, ends: str
) -> None:
    group = group_with("clerks", [("E_INVOICES", "view")], administration)
    manager_of(client, administration)
    form = as_shown(client, change(group)) | {"post": "yes"}
    address = reverse(f"admin:econnect_admin_usergroup_{ends}", args=[group.pk])
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            lock(group.pk)
            answer = other.submit(client.post, address, form)
            wait_until(_somebody_waits, 10)
            UserGroup.objects.get(pk=group.pk).delete()
        assert answer.result(30).status_code == 302
        other.submit(connections.close_all).result(5)
    assert not UserGroup.objects.filter(name=group.name).exists()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_only_boxes_that_mean_something_are_there_and_names_toggle_them(
    page: Page, administration: Administration, live_server: LiveServer
) -> None:
    group = group_with("clerks", [], administration)
    log_in(page, everything_for("manager", administration), live_server)
    page.goto(change(group))
    page.get_by_text("Functie privileges & eigenschappen").click()
    boxes = page.locator(".ec-matrix input")
    expect(page.get_by_label("E-verbinding koppelen: uitvoeren")).to_be_visible()
    assert page.get_by_label("E-verbinding koppelen: verwijderen").count() == 0
    page.get_by_role("button", name="E-verbinding Gebruikersgroepen").focus()
    page.keyboard.press("Enter")
    assert boxes.evaluate_all("all => all.filter(box => box.checked).length") == 4
    page.get_by_role("button", name="Bekijken").click()
    page.get_by_role("button", name="Opslaan", exact=True).click()
    page.wait_for_url("**/usergroup/")
    granted = grants_of(group)
    assert ("HISTORY", "view") in granted
    assert ("E_CONNECTION_USER_GROUPS", "delete") in granted
    assert ("USERS", "change") not in granted


def test_what_is_not_active_is_marked(client: Client, administration: Administration) -> None:
    group = group_with("clerks", [], administration)
    marked = "Voor geen enkele administratie van de groep actief"
    manager_of(client, administration)
    assert marked not in client.get(change(group)).content.decode()
    administration.activations.filter(function="LINK_E_CONNECTION").delete()
    assert client.get(change(group)).content.decode().count(marked) == 1


def test_only_superusers_switch_functions(
    client: Client, admin_client: Client, administration: Administration
) -> None:
    page = reverse("admin:econnect_admin_administrationfunctions_change", args=[administration.pk])
    switch = reverse(
        "admin:econnect_admin_administrationfunctions_switch", args=[administration.pk, "LINK_E_CONNECTION"]
    )
    manager_of(client, administration)
    assert "Neem contact op met de leverancier" in client.get(page).content.decode()
    assert client.post(switch, {"active": "0"}).status_code == 403
    assert administration.activations.filter(function="LINK_E_CONNECTION").exists()
    admin_client.post(switch, {"active": "0"})
    assert not administration.activations.filter(function="LINK_E_CONNECTION").exists()
    admin_client.post(switch, {"active": "1"})
    assert administration.activations.get(function="LINK_E_CONNECTION").activated_by == "admin"
    needed = switch.replace("LINK_E_CONNECTION", "E_PURCHASE_INVOICES")
    assert "deactiveer die eerst" in admin_client.post(needed, {"active": "0"}, follow=True).content.decode()


def test_effective_rights_say_what_where_and_why(client: Client, administration: Administration) -> None:
    user = everything_for("anna", administration)
    client.force_login(user)
    address = reverse("admin:econnect_admin_user_rights", args=[user.pk])
    page = client.get(address).content.decode()
    assert administration.name in page
    assert "Inkoop e-factuur naar inkoopfactuur" in page
    assert "group anna" in page


def test_the_pages_of_groups_tell_nothing_of_other_administrations(
    client: Client, administration: Administration, elsewhere: Administration
) -> None:
    group = group_with("both", [("E_INVOICES", "view")], administration, elsewhere)
    stranger = User.objects.create_user("stranger")
    stranger.groups.add(group_with("strangers", [], elsewhere))
    anna = colleague(administration)
    anna.groups.add(*stranger.groups.all())
    group.members.add(anna)
    group.administrations.add(elsewhere)
    manager_of(client, administration)
    pages = [
        change(group),
        "/econnect_admin/usergroup/",
        f"/econnect_admin/user/{anna.pk}/change/",
        "/econnect_admin/historyentry/",
    ]
    for address in pages:
        page = client.get(address).content.decode()
        assert "anna" in page or "group both" in page
        for secret in (elsewhere.name, "strangers"):
            assert secret not in page, address


def test_a_name_that_is_taken_is_refused_in_own_words(client: Client, administration: Administration) -> None:
    group_with("clerks", [], administration)
    form = {"name": "group clerks", "administrations": administration.pk}
    page = manager_of(client, administration).post(ADD, form).content.decode()
    assert "Er is al een gebruikersgroep met deze naam" in page


def test_a_name_cannot_turn_the_direction_of_writing(client: Client, administration: Administration) -> None:
    group = group_with("\u202eclerks", [], administration)
    manager_of(client, administration)
    for address in (change(group), "/econnect_admin/usergroup/"):
        page = re.sub(r"<input[^>]*>", "", client.get(address).content.decode())
        assert "⟨U+202E⟩clerks" in page
        assert "\u202e" not in page


def test_the_matrix_comes_after_the_group_is_stored(client: Client, administration: Administration) -> None:
    page = manager_of(client, administration).get(ADD).content.decode()
    assert "ec-matrix" not in page
    assert 'name="preset"' in page
    page = client.get(change(group_with("clerks", [], administration))).content.decode()
    assert "ec-matrix" in page
    assert 'name="preset"' not in page
