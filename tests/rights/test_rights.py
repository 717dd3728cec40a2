"""What `user.has_perm` and `visible_to` answer."""

import pytest

from econnect_admin.models import Administration, DatabasePreferences, User, UserGroup
from econnect_admin.rights.activating import CannotActivate, activate, activate_all, deactivate
from econnect_admin.rights.catalogue import FUNCTIONS, Privilege
from econnect_admin.rights.granting import PRESETS, completed, grant, grants_of
from tests.rights.conftest import group_with

VIEW = "invoices.view_einvoice"
INVOICES = ("E_PURCHASE_INVOICES", "view")


@pytest.fixture
def two(transactional_db: None) -> tuple[Administration, Administration]:
    database = DatabasePreferences.objects.create(name="shared")
    return (
        Administration.objects.create(code="A", name="A", database=database),
        Administration.objects.create(code="B", name="B", database=database),
    )


def member_of(*groups: UserGroup) -> User:
    user: User = User.objects.create_user("anna")
    user.groups.set(groups)
    return user


def fresh(user: User) -> User:
    again: User = User.objects.get(pk=user.pk)
    return again


def test_a_grant_holds_where_the_group_holds_and_the_function_is_active(
    two: tuple[Administration, Administration],
) -> None:
    here, there = two
    anna = member_of(group_with("invoices", [INVOICES], here))
    assert not anna.has_perm(VIEW, here)
    activate_all(here, "vendor")
    activate_all(there, "vendor")
    anna = fresh(anna)
    assert (anna.has_perm(VIEW), anna.has_perm(VIEW, here), anna.has_perm(VIEW, there)) == (True, True, False)
    assert not anna.has_perm("invoices.change_einvoice", here)
    deactivate(here, "CONVERT_E_PURCHASE_INVOICE")
    deactivate(here, "E_PURCHASE_INVOICE_LINES")
    deactivate(here, "E_PURCHASE_INVOICES")
    assert not fresh(anna).has_perm(VIEW, here)


def test_who_is_not_active_may_nothing(two: tuple[Administration, Administration]) -> None:
    here, _ = two
    activate_all(here, "vendor")
    anna = member_of(group_with("invoices", [INVOICES], here))
    User.objects.update(is_active=False)
    assert not fresh(anna).has_perm(VIEW, here)
    root = User.objects.create_superuser("root", is_active=False)
    assert not root.has_perm(VIEW, here)


def test_a_function_that_is_not_active_exists_for_no_superuser(
    two: tuple[Administration, Administration],
) -> None:
    here, there = two
    root = User.objects.create_superuser("root")
    assert not root.has_perm(VIEW)
    activate_all(here, "vendor")
    root = fresh(root)
    assert (root.has_perm(VIEW), root.has_perm(VIEW, here), root.has_perm(VIEW, there)) == (True, True, False)
    assert root.has_perm("econnect_admin.change_administration", there)


def test_what_administrations_share_is_changed_by_who_may_for_each(
    two: tuple[Administration, Administration],
) -> None:
    here, there = two
    group = group_with("preferences", [("DATABASE_PREFERENCES", "change")], here)
    anna = member_of(group)
    assert anna.has_perm("econnect_admin.view_databasepreferences", here.database)
    assert not anna.has_perm("econnect_admin.change_databasepreferences", here.database)
    group.administrations.add(there)
    assert fresh(anna).has_perm("econnect_admin.change_databasepreferences", here.database)


def test_a_superuser_is_changed_by_superusers_only(two: tuple[Administration, Administration]) -> None:
    here, _ = two
    group = group_with("users", [("USERS", "change")], here)
    manager = member_of(group)
    root = User.objects.create_superuser("root")
    root.groups.add(group)
    assert not manager.has_perm("econnect_admin.change_user", root)
    colleague = User.objects.create_user("new")
    colleague.groups.add(group)
    assert manager.has_perm("econnect_admin.change_user", colleague)


def test_what_belongs_to_no_administration_is_for_superusers(
    two: tuple[Administration, Administration],
) -> None:
    everything = [
        (code, privilege)
        for code in ("USERS", "USER_GROUPS", "DATABASE_PREFERENCES")
        for privilege in ("view", "change", "delete")
    ]
    anna = member_of(group_with("everything", everything, two[0]))
    root = User.objects.create_superuser("root")
    rows = {
        "user": User.objects.create_user("new"),
        "usergroup": UserGroup.objects.create(name="new"),
        "databasepreferences": DatabasePreferences.objects.create(name="new"),
    }
    for model, row in rows.items():
        for action in ("view", "change", "delete"):
            permission = f"econnect_admin.{action}_{model}"
            assert not anna.has_perm(permission, row)
            assert root.has_perm(permission, row)
    assert not anna.has_perm("econnect_admin.add_databasepreferences")


def test_functions_that_need_others_come_after_them(two: tuple[Administration, Administration]) -> None:
    here, _ = two
    with pytest.raises(CannotActivate, match=r"E-inkoopfactuurregels.+E-Inkoopfacturen"):
        activate(here, "E_PURCHASE_INVOICE_LINES", "vendor")
    activate(here, "E_PURCHASE_INVOICES", "vendor")
    activate(here, "E_PURCHASE_INVOICE_LINES", "vendor")
    with pytest.raises(CannotActivate):
        deactivate(here, "E_PURCHASE_INVOICES")
    assert set(here.activations.values_list("function", flat=True)) == {
        "E_PURCHASE_INVOICES",
        "E_PURCHASE_INVOICE_LINES",
    }
    assert here.activations.first().activated_by == "vendor"  # type: ignore[union-attr]


def test_who_may_do_something_may_view_it(two: tuple[Administration, Administration]) -> None:
    group = UserGroup.objects.create(name="some")
    grant(group, [("E_PURCHASE_INVOICES", "change"), ("E_PURCHASE_INVOICES", "delete"), ("NONE", "view")])
    assert grants_of(group) == {INVOICES, ("E_PURCHASE_INVOICES", "change")}
    grant(group, [("CREATE_E_INVOICES", "execute")])
    assert grants_of(group) == {("CREATE_E_INVOICES", "execute")}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_a_preset_means_what_it_grants(preset: object) -> None:
    assert completed(preset.grants) == preset.grants  # type: ignore[attr-defined]


def test_every_privilege_gives_a_permission() -> None:
    for function in FUNCTIONS.values():
        assert function.permissions, function.code
        assert list(function.permissions) == [name for name in Privilege if name in function.permissions]
        assert set(function.needs) <= set(FUNCTIONS)
