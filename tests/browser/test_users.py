"""Who may log in: made, shown and changed by those who may."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from econnect_admin.models import Administration, User, UserGroup
from tests.rights.conftest import everything_for, group_with


def change(user: User) -> str:
    return reverse("admin:econnect_admin_user_change", args=[user.pk])


def test_a_user_is_made_and_put_into_a_group(admin_client: Client, transactional_db: None) -> None:
    group = UserGroup.objects.create(name="Crediteuren")
    admin_client.post(
        reverse("admin:econnect_admin_user_add"), {"username": "anna", "email": "anna@refbouw.example"}
    )
    anna = User.objects.get(username="anna")
    admin_client.post(change(anna), {"username": "anna", "is_active": "on", "groups": group.pk})
    assert list(anna.groups.all()) == [group]


def test_a_manager_invites_into_a_group_that_they_may_change(
    client: Client, administration: Administration
) -> None:
    client.force_login(everything_for("manager", administration))
    group, other = group_with("mine", [], administration), UserGroup.objects.create(name="other")
    form = {"username": "anna", "email": "anna@refbouw.example"}
    for groups in ([], [other.pk]):
        client.post(reverse("admin:econnect_admin_user_add"), form | {"groups": groups})
        assert not User.objects.filter(username="anna").exists()
    client.post(reverse("admin:econnect_admin_user_add"), form | {"groups": [group.pk]})
    assert list(User.objects.get(username="anna").groups.all()) == [group]


def test_who_may_only_look_at_users_can(client: Client, person: Callable[..., User]) -> None:
    clerk = person("econnect_admin.view_user")
    client.force_login(clerk)
    response = client.get(change(clerk))
    assert response.status_code == 200
    assert clerk.username in response.content.decode()


MANAGER = ("econnect_admin.view_user", "econnect_admin.add_user", "econnect_admin.change_user")
EVERYTHING = {"is_active": "on", "is_superuser": "on"}


@pytest.fixture
def manager(client: Client, person: Callable[..., User]) -> User:
    """Manages users, without being a superuser; logged in."""
    user = person(*MANAGER, username="manager")
    client.force_login(user)
    return user


def test_who_is_no_superuser_makes_nobody_one(
    client: Client, manager: User, person: Callable[..., User]
) -> None:
    anna = person(username="anna")
    anna.groups.set(manager.groups.all())
    for user in (manager, anna):
        client.post(change(user), {"username": user.username, "first_name": "Anna", **EVERYTHING})
        user.refresh_from_db()
        assert (user.first_name, user.is_superuser) == ("Anna", False)


def test_a_superuser_is_changed_by_superusers_only(client: Client, manager: User, admin_user: User) -> None:
    password = {"password1": "zomer-in-Delft-2026", "password2": "zomer-in-Delft-2026"}
    before = admin_user.password
    admin_user.groups.set(manager.groups.all())
    address = reverse("admin:auth_user_password_change", args=[admin_user.pk])
    assert client.post(change(admin_user), {"username": "mine"}).status_code == 403
    assert client.post(address, password | {"usable_password": "true"}).status_code == 403
    admin_user.refresh_from_db()
    assert (admin_user.username, admin_user.password) == ("admin", before)


def test_a_manager_sets_the_password_of_somebody_else(client: Client, manager: User) -> None:
    anna = User.objects.create_user("anna")
    anna.groups.set(manager.groups.all())
    password = {"password1": "zomer-in-Delft-2026", "password2": "zomer-in-Delft-2026"}
    client.post(
        reverse("admin:auth_user_password_change", args=[anna.pk]), password | {"usable_password": "true"}
    )
    page = client.post("/login/", {"username": "anna", "password": "zomer-in-Delft-2026"})
    assert page.status_code == 302


def test_who_is_made_inactive_is_logged_out_for_good(
    admin_client: Client, person: Callable[..., User]
) -> None:
    anna = person(username="anna")
    hers = Client()
    hers.force_login(anna)
    for form in ({"username": "anna"}, {"username": "anna", "is_active": "on"}):
        admin_client.post(change(anna), form)
    assert hers.get("/").status_code == 302


def test_nobody_sees_how_a_password_is_stored(admin_client: Client, admin_user: User) -> None:
    page = admin_client.get(change(admin_user)).content.decode()
    assert admin_user.password.split("$")[0] not in page
    assert reverse("admin:auth_user_password_change", args=[admin_user.pk]) in page


def test_who_has_no_rights_reads_whom_to_ask(
    client: Client, person: Callable[..., User], admin_user: User
) -> None:
    client.force_login(person())
    page = client.get("/").content.decode()
    assert "U heeft nog geen rechten" in page
    assert "admin@example.com" in page
    client.force_login(admin_user)
    assert "U heeft nog geen rechten" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "horen niet bij elkaar"), ("en", "do not belong together")]
)
def test_who_is_not_let_in_reads_why(
    client: Client, transactional_db: None, language: str, words: str
) -> None:
    client.cookies["django_language"] = language
    page = client.post("/login/", {"username": "nobody", "password": "x"}).content.decode()
    assert words in page
    assert "staf" not in page.lower()


def test_user_pages_are_dutch(admin_client: Client, person: Callable[..., User]) -> None:
    user = person()
    for address in (
        change(user),
        reverse("admin:econnect_admin_user_add"),
        "/econnect_admin/user/",
        "/econnect_admin/usergroup/",
    ):
        page = admin_client.get(address).content.decode()
        assert 'lang="nl"' in page
        assert not re.search(
            r"\b(Password|this form|Raw|Save|Delete|Permissions|Group)\b", re.sub(r"<[^>]+>", " ", page)
        )
