"""What user groups are granted, and what a new one may begin with."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from econnect_admin.models import GroupPrivilege, UserGroup
from econnect_admin.rights.catalogue import DNA_FUNCTIONS, FUNCTIONS, Grant, Privilege


@dataclass(frozen=True)
class Preset:
    """A set of privileges to begin with."""

    code: str
    name: str | Promise
    explanation: str | Promise
    grants: frozenset[Grant]


def grants_of(group: UserGroup) -> frozenset[Grant]:
    return frozenset(group.privileges.values_list("function", "privilege"))


def all_grants() -> frozenset[Grant]:
    """All that mean something."""
    return _MEANINGFUL


def lock(key: int) -> None:
    """Hold a group, if it is there, until the transaction ends: its two rows, always in the same order."""
    Group.objects.select_for_update().filter(pk=key).first()
    UserGroup.objects.select_for_update(of=("self",)).filter(pk=key).first()


@transaction.atomic
def grant(group: UserGroup, wanted: Iterable[Grant]) -> None:
    """Have the group be granted this and nothing else.

    Who may do something with a function may view it too. Grants that mean nothing are left out.
    """
    lock(group.pk)
    complete = completed(wanted)
    present = {(row.function, row.privilege): row for row in group.privileges.all()}
    for gone in present.keys() - complete:
        present[gone].delete()
    for function, privilege in sorted(complete - present.keys()):
        GroupPrivilege.objects.create(group=group, function=function, privilege=privilege)


def completed(wanted: Iterable[Grant]) -> frozenset[Grant]:
    """With the right to view what one may do something with, and without what means nothing."""
    known = {pair for pair in wanted if pair in _MEANINGFUL}
    views = {(function, Privilege.VIEW.value) for function, _privilege in known}
    return frozenset(known | (views & _MEANINGFUL))


def _all_of(*codes: str) -> set[Grant]:
    return {pair for pair in _MEANINGFUL if pair[0] in codes}


def _view(*codes: str) -> set[Grant]:
    return {(code, Privilege.VIEW.value) for code in codes} & _MEANINGFUL


_MEANINGFUL = frozenset(
    (function.code, privilege.value) for function in FUNCTIONS.values() for privilege in function.permissions
)
_ALL_DNA = [function.code for function in DNA_FUNCTIONS]
_INVOICES = ("E_INVOICES", "E_PURCHASE_INVOICES", "E_PURCHASE_INVOICE_LINES", "CONVERT_E_PURCHASE_INVOICE")
_BOOKS = ("PURCHASE_INVOICES", "SUPPLIERS", "LEDGER")

PRESETS = (
    Preset(
        "implementer",
        _("Implementer"),
        _("Sets the coupling up and proves that it works: preferences, batch jobs, import."),
        frozenset(
            _all_of(
                "CREATE_E_INVOICES",
                "LINK_E_CONNECTION",
                "E_CONNECTION_USER_GROUPS",
                "ADMINISTRATIONS",
                "ADMINISTRATION_PREFERENCES",
                "DATABASE_PREFERENCES",
                "BATCHJOBS",
                "LEDGER",
            )
            | _view(*_INVOICES, *_BOOKS, "USER_GROUPS", "HISTORY")
        ),
    ),
    Preset(
        "administrator",
        _("Administrator"),
        _("Manages users and groups; sees runs, failures and the history."),
        frozenset(
            _all_of("USER_GROUPS", "USERS", "HISTORY", "E_CONNECTION_USER_GROUPS")
            | _view(*_INVOICES, *_BOOKS, "ADMINISTRATIONS", "BATCHJOBS")
            | {("BATCHJOBS", Privilege.EXECUTE.value)}
        ),
    ),
    Preset(
        "clerk",
        _("Clerk"),
        _("Handles the imported invoices: status, conversion, documents that failed."),
        frozenset(
            _all_of(*_INVOICES, "CREATE_E_INVOICES", "PURCHASE_INVOICES", "SUPPLIERS")
            | _view("LEDGER", "BATCHJOBS")
        ),
    ),
    Preset(
        "viewer",
        _("Viewer"),
        _("Looks at invoices and changes nothing."),
        frozenset(_view(*_ALL_DNA[:4], "PURCHASE_INVOICES", "SUPPLIERS")),
    ),
)
