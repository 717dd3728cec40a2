"""What came in for a user group is seen by its members, and by who sees the whole administration."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from batchjobs.models import BatchjobRun
from econnect_admin.models import Administration, ConnectionUserGroup, User, UserGroup
from econnect_admin.rights.activating import deactivate
from econnect_admin.rights.catalogue import FUNCTIONS
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice, FailedDocument, StatusChange
from invoices.statuses.changing import change_status
from tests.conftest import GROUP_ID, connect_group
from tests.documents import invoice
from tests.rights.conftest import everything_for, group_with

SECRET, BROKEN = "SALARIS-7", "GEHEIM-8"
ADD = reverse("admin:econnect_admin_connectionusergroup_add")


@pytest.fixture
def group(administration: Administration) -> ConnectionUserGroup:
    return connect_group(administration)


@pytest.fixture
def run(
    sandbox: Sandbox,
    administration: Administration,
    run_import: Callable[[Administration], BatchjobRun],
    group: ConnectionUserGroup,
) -> BatchjobRun:
    """An invoice for everybody; an invoice and a failed document for the group."""
    sandbox.account.add(invoice("OPEN-6"))
    sandbox.account.add(invoice(SECRET), group_id=GROUP_ID)
    sandbox.account.add(b"<Order/>", named=BROKEN, group_id=GROUP_ID)
    run = run_import(administration)
    change_status(EInvoice.objects.get(current__number=SECRET), "40", by="jan")
    return run


def whoever(name: str, administration: Administration) -> User:
    """Somebody with every privilege for the administration but those on the inboxes of groups."""
    grants = [
        (code, privilege.value)
        for code, function in FUNCTIONS.items()
        for privilege in function.permissions
        if code != "E_CONNECTION_USER_GROUPS"
    ]
    user: User = User.objects.create_user(name, is_staff=True)
    group_with(name, grants, administration).members.add(user)
    return user


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def seen_by(user: User, run: BatchjobRun) -> set[str]:
    """Where something of what came in for the group is shown, or can be done."""
    client = logged_in(user)
    secret = EInvoice.objects.get(current__number=SECRET)
    broken = FailedDocument.objects.get()
    page = reverse("admin:invoices_einvoice_change", args=[secret.pk])
    failure = reverse("admin:invoices_faileddocument_change", args=[broken.pk])
    status = reverse("admin:invoices_einvoice_status", args=[secret.pk])
    shown = {
        "start": (reverse("admin:index"), SECRET),
        "list": (reverse("admin:invoices_einvoice_changelist"), SECRET),
        "search": (reverse("admin:invoices_einvoice_changelist") + f"?q={SECRET}", f"{SECRET}</"),
        "page": (page, SECRET),
        "original": (reverse("admin:invoices_einvoice_original", args=[secret.pk, 1]), SECRET),
        "failures": (reverse("admin:invoices_faileddocument_changelist"), BROKEN),
        "failure": (failure, BROKEN),
        "content": (reverse("admin:invoices_faileddocument_content", args=[broken.pk]), "<Order/>"),
        "link in the run": (reverse("admin:batchjobs_batchjobrun_change", args=[run.pk]), failure),
    }
    places = {name for name, (address, text) in shown.items() if text in client.get(address).content.decode()}
    if client.post(status, {"code": "60", "seen": "40"}).status_code not in (403, 404):
        places.add("status")
    for model in (EInvoice, FailedDocument, StatusChange):
        if any(
            row in (secret, broken, *secret.status_changes.all()) for row in model.objects.visible_to(user)
        ):
            places.add(model.__name__)
    return places


EVERYWHERE = {
    *("start", "list", "search", "page", "original", "failures", "failure", "content", "link in the run"),
    *("status", "EInvoice", "FailedDocument", "StatusChange"),
}


def test_members_see_it_everywhere_and_others_nowhere(
    administration: Administration, run: BatchjobRun, group: ConnectionUserGroup
) -> None:
    member, other = whoever("member", administration), whoever("other", administration)
    group.user_group.members.add(member)
    assert seen_by(other, run) == set()
    assert seen_by(member, run) == EVERYWHERE


def test_who_sees_the_whole_administration_and_superusers_see_it(
    administration: Administration, run: BatchjobRun
) -> None:
    assert seen_by(everything_for("manager", administration), run) == EVERYWHERE
    assert seen_by(User.objects.create_superuser("root"), run) == EVERYWHERE


def test_a_member_without_the_privilege_to_view_sees_nothing(
    administration: Administration, run: BatchjobRun, group: ConnectionUserGroup
) -> None:
    nobody = User.objects.create_user("nobody", is_staff=True)
    group.user_group.members.add(nobody)
    assert seen_by(nobody, run) == set()


def test_the_start_page_counts_what_one_sees(
    administration: Administration, run: BatchjobRun, group: ConnectionUserGroup
) -> None:
    member, other = whoever("member", administration), whoever("other", administration)
    group.user_group.members.add(member)
    counts = {
        user.username: (context["imported_today"], context["failed_documents"])
        for user in (member, other)
        if (context := logged_in(user).get(reverse("admin:index")).context)
    }
    assert counts == {"member": (2, 1), "other": (1, 0)}


def test_deactivating_the_function_shows_it_to_nobody_else(
    administration: Administration, run: BatchjobRun, group: ConnectionUserGroup
) -> None:
    member, other = whoever("member", administration), whoever("other", administration)
    group.user_group.members.add(member)
    deactivate(administration, "E_CONNECTION_USER_GROUPS")
    assert seen_by(other, run) == set()
    assert seen_by(member, run) == EVERYWHERE


def form(administration: Administration, user_group: UserGroup, group_id: str = "GRNL1") -> dict[str, object]:
    return {"administration": administration.pk, "group_id": group_id, "user_group": user_group.pk}


def test_an_inbox_is_given_to_a_group_that_holds_for_the_administration(
    administration: Administration, other_one: Administration
) -> None:
    client = logged_in(User.objects.create_superuser("root"))
    here, there = group_with("here", [], administration), group_with("there", [], other_one)
    page = client.post(ADD, form(administration, there)).content.decode()
    assert "geldt niet voor deze administratie" in page
    assert client.post(ADD, form(administration, here)).status_code == 302
    assert ConnectionUserGroup.objects.get(group_id="GRNL1").user_group == here
    connected = ConnectionUserGroup.objects.get(group_id="GRNL1")
    change = reverse("admin:econnect_admin_connectionusergroup_change", args=[connected.pk])
    page = client.post(change, {"user_group": there.pk}).content.decode()
    assert "geldt niet voor deze administratie" in page
    connected.refresh_from_db()
    assert connected.user_group == here


def test_an_inbox_is_connected_once(administration: Administration, group: ConnectionUserGroup) -> None:
    client = logged_in(User.objects.create_superuser("root"))
    for group_id in (GROUP_ID, f" {GROUP_ID} "):
        answer = client.post(ADD, form(administration, group.user_group, group_id))
        assert "bestaat al" in answer.content.decode()
    assert ConnectionUserGroup.objects.count() == 1


@pytest.mark.parametrize("group_id", ["", "GR 1", "GR\x0b1", "GR\u200b1"])
def test_a_group_id_that_cannot_be_asked_for_is_refused(
    administration: Administration, group: ConnectionUserGroup, group_id: str
) -> None:
    client = logged_in(User.objects.create_superuser("root"))
    assert client.post(ADD, form(administration, group.user_group, group_id)).status_code == 200
    assert ConnectionUserGroup.objects.count() == 1


def test_an_inbox_is_let_go_only_while_nothing_came_in_by_it(
    administration: Administration,
    sandbox: Sandbox,
    group: ConnectionUserGroup,
    run_import: Callable[[Administration], BatchjobRun],
) -> None:
    client = logged_in(everything_for("manager", administration))
    delete = reverse("admin:econnect_admin_connectionusergroup_delete", args=[group.pk])
    broken = sandbox.account.add(b"<Order/>", group_id=GROUP_ID)
    run_import(administration)
    assert client.post(delete, {"post": "yes"}).status_code == 403
    sandbox.account.revise(broken, invoice())
    run_import(administration)
    assert client.post(delete, {"post": "yes"}).status_code == 403
    unused = connect_group(administration, "GRNL20020", "Inkoop")
    run_import(administration)
    delete = reverse("admin:econnect_admin_connectionusergroup_delete", args=[unused.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert list(ConnectionUserGroup.objects.all()) == [group]


def test_without_the_function_there_is_no_page(
    administration: Administration, group: ConnectionUserGroup
) -> None:
    addresses = [
        ADD,
        reverse("admin:econnect_admin_connectionusergroup_changelist"),
        reverse("admin:econnect_admin_connectionusergroup_change", args=[group.pk]),
        reverse("admin:econnect_admin_connectionusergroup_delete", args=[group.pk]),
    ]
    people = [everything_for("manager", administration), User.objects.create_superuser("root")]
    deactivate(administration, "E_CONNECTION_USER_GROUPS")
    answers = {logged_in(user).get(address).status_code for user in people for address in addresses}
    assert answers == {403}
