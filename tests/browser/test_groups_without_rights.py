"""Who puts people into a group that grants nothing is told so, and what to do."""

import re

from django.test import Client

from econnect_admin.models import Administration, User
from econnect_admin.rights.granting import grant
from tests.browser.groups import change, manager_of
from tests.conftest import connect_group, grant_all
from tests.rights.conftest import group_with

LIST = "/econnect_admin/usergroup/"
SAID = "Deze groep heeft leden, maar geeft hun nog geen rechten."


def rights_in_list(client: Client, name: str) -> str:
    page = client.get(f"{LIST}?q={name}").content.decode()
    [cell] = re.findall(r'<td class="field-privilege_count[^>]*>(.*?)</td>', page, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "", cell).strip()


def test_a_group_with_members_and_without_rights_says_so(
    client: Client, administration: Administration
) -> None:
    group = group_with("clerks", [], administration)
    manager_of(client, administration)
    assert SAID not in client.get(change(group)).content.decode()
    assert rights_in_list(client, "clerks") == "0"
    group.members.add(User.objects.create_user("anna"))
    page = client.get(change(group)).content.decode()
    assert SAID in page
    assert "Kruis op het tabblad" in page
    assert rights_in_list(client, "clerks") == "geen"
    client.cookies["django_language"] = "en"
    assert (
        "This group has members and grants them nothing yet. Tick"
        in client.get(change(group)).content.decode()
    )
    grant(group, [("E_INVOICES", "view")])
    assert "grants them nothing" not in client.get(change(group)).content.decode()
    assert rights_in_list(client, "clerks") == "1"


def test_who_may_not_change_it_is_told_whom_to_ask(client: Client, administration: Administration) -> None:
    group = group_with("clerks", [], administration)
    reader = User.objects.create_user("reader", is_staff=True)
    grant_all(reader, "econnect_admin.view_usergroup")
    group.members.add(reader)
    client.force_login(reader)
    page = client.get(change(group)).content.decode()
    assert f"{SAID} Vraag wie de gebruikersgroepen beheert" in page


def test_a_group_that_has_an_inbox_needs_no_rights(client: Client, administration: Administration) -> None:
    """Its members see what comes in there by what other groups grant them."""
    group = connect_group(administration).user_group
    group.members.add(User.objects.create_user("anna"))
    manager_of(client, administration)
    assert SAID not in client.get(change(group)).content.decode()
