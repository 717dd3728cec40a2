"""What the tests of user groups have in common."""

from django.test import Client
from django.urls import reverse
from lxml import html

from econnect_admin.models import Administration, User, UserGroup
from tests.rights.conftest import everything_for, group_with


def change(group: UserGroup) -> str:
    return reverse("admin:econnect_admin_usergroup_change", args=[group.pk])


def as_shown(client: Client, address: str) -> dict[str, list[str]]:
    """What the form on the page would send, with nothing changed."""
    form: dict[str, list[str]] = {}
    [form_on_page] = html.fromstring(client.get(address).content).xpath("//form[contains(@id, '_form')]")
    for name, value in form_on_page.form_values():
        form.setdefault(name, []).append(value)
    return {name: values for name, values in form.items() if name != "csrfmiddlewaretoken"}


def colleague(administration: Administration) -> User:
    """Somebody whom a manager of the administration sees."""
    anna: User = User.objects.create_user("anna")
    anna.groups.add(group_with("colleagues", [], administration))
    return anna


def manager_of(client: Client, *administrations: Administration) -> Client:
    client.force_login(everything_for("manager", *administrations))
    return client
