"""Who may log in: made, shown and changed by those who may."""

import re
from collections.abc import Callable

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from econnect_admin.models import User


def change(user: User) -> str:
    return reverse("admin:econnect_admin_user_change", args=[user.pk])


def test_a_user_is_made_and_put_into_a_group(admin_client: Client, transactional_db: None) -> None:
    group = Group.objects.create(name="Crediteuren")
    password = "zomer-in-Delft-2026"
    form = {"username": "anna", "password1": password, "password2": password, "usable_password": "true"}
    admin_client.post(reverse("admin:econnect_admin_user_add"), form)
    anna = User.objects.get(username="anna")
    admin_client.post(
        change(anna), {"username": "anna", "is_active": "on", "is_staff": "on", "groups": group.pk}
    )
    assert list(anna.groups.all()) == [group]
    assert Client().login(username="anna", password=password)


def test_who_may_only_look_at_users_can(client: Client, person: Callable[..., User]) -> None:
    clerk = person("econnect_admin.view_user")
    client.force_login(clerk)
    response = client.get(change(clerk))
    assert response.status_code == 200
    assert clerk.username in response.content.decode()


def test_user_pages_are_dutch(admin_client: Client, person: Callable[..., User]) -> None:
    user = person()
    for address in (
        change(user),
        reverse("admin:econnect_admin_user_add"),
        "/econnect_admin/user/",
        "/auth/group/",
    ):
        page = admin_client.get(address).content.decode()
        assert 'lang="nl"' in page
        assert not re.search(
            r"\b(Password|this form|Raw|Save|Delete|Permissions|Group)\b", re.sub(r"<[^>]+>", " ", page)
        )


def test_choosing_the_rights_of_a_group_is_dutch(clerks_page: Page, clerk: User) -> None:
    User.objects.update(is_superuser=True)
    clerks_page.goto("/auth/group/add/")
    expect(clerks_page.get_by_text("Alle rechten kiezen")).to_be_visible()
    assert "Choose" not in clerks_page.locator("#content").inner_text()
