"""Who may do what: the one place that decides it.

A user may do a thing for an administration if one of their groups that hold for that administration grants
it, and, where it is of a DNA function, that function is active there. A superuser (the vendor) may do
everything, with the functions that are active.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Model, QuerySet

from econnect_admin.rights.catalogue import FUNCTIONS, Function, Grant, grant_for, permissions_of

if TYPE_CHECKING:
    from econnect_admin.administrations.models import Administration

Person = AbstractUser | AnonymousUser
T = TypeVar("T")


def may(user: Person, permission: str, row: Model | None = None) -> bool:
    """Whether the user has `app.action_model`: somewhere, or on that row.

    A row that is not stored yet has no administration for sure: it is asked again when it is stored.
    """
    if row is None or row.pk is None:
        return _may_somewhere(user, permission)
    from econnect_admin.rights.querysets import ScopedQuerySet

    rows = type(row)._default_manager.all()
    if not isinstance(rows, ScopedQuerySet):
        return bool(user.is_active and user.is_superuser)
    return rows.where_may(user, permission).filter(pk=row.pk).exists()


def may_in_app(user: Person, app_label: str) -> bool:
    return any(may(user, permission) for permission in permissions_of(app_label))


def administrations_where(user: Person, permission: str) -> "QuerySet[Administration]":
    """Those for which the user has the permission."""
    from econnect_admin.administrations.models import Administration

    administrations = Administration._default_manager.all()
    grant = grant_for(permission)
    if not user.is_active:
        return administrations.none()
    if user.is_superuser:
        dna = grant is not None and FUNCTIONS[grant[0]].is_dna
        return administrations.filter(activations__function=grant[0]) if grant and dna else administrations
    return administrations.filter(pk__in=_granted(user).get(grant, ()) if grant else ())


def administrations_of(user: Person) -> "QuerySet[Administration]":
    """Those for which the user may do anything at all."""
    from econnect_admin.administrations.models import Administration

    administrations = Administration._default_manager.all()
    if user.is_active and user.is_superuser:
        return administrations
    return administrations.filter(pk__in=set().union(*_granted(user).values()))


def permissions_for(user: Person, administration: "Administration") -> frozenset[str]:
    """All that the user may do for the administration, for a page that shows much of it."""
    if not user.is_active:
        return frozenset()
    active = set(administration.activations.values_list("function", flat=True)) if user.is_superuser else ()
    return frozenset(
        permission
        for permission in permissions_of()
        if (grant := grant_for(permission))
        and (
            not FUNCTIONS[grant[0]].is_dna or grant[0] in active
            if user.is_superuser
            else administration.pk in _granted(user).get(grant, ())
        )
    )


def is_active(administration: "Administration", function: Function) -> bool:
    """Whether the function exists for the administration."""
    return not function.is_dna or administration.activations.filter(function=function.code).exists()


def _may_somewhere(user: Person, permission: str) -> bool:
    grant = grant_for(permission)
    if not user.is_active:
        return False
    if user.is_superuser:
        return grant is None or not FUNCTIONS[grant[0]].is_dna or grant[0] in _active_somewhere(user)
    return grant is not None and grant in _granted(user)


def _granted(user: Person) -> dict[Grant, set[int]]:
    """The administrations for which each grant holds."""
    return _remembered(user, "_granted", lambda: _read_granted(user.pk) if user.is_active else {})


def _active_somewhere(user: Person) -> set[str]:
    return _remembered(user, "_active_somewhere", _read_active_somewhere)


def _remembered(user: Person, name: str, read: Callable[[], T]) -> T:
    """Read once for each time that the user was read, as Django does with permissions: once a request."""
    if name not in user.__dict__:
        user.__dict__[name] = read()
    value: T = user.__dict__[name]
    return value


def _read_granted(user_id: int | None) -> dict[Grant, set[int]]:
    from econnect_admin.rights.models import FunctionActivation, GroupPrivilege

    granted: dict[Grant, set[int]] = defaultdict(set)
    rows = GroupPrivilege.objects.filter(group__members=user_id, group__administrations__isnull=False)
    for administration, function, privilege in rows.values_list(
        "group__administrations", "function", "privilege"
    ):
        if function in FUNCTIONS:
            granted[function, privilege].add(administration)
    active: dict[str, set[int]] = defaultdict(set)
    activations = FunctionActivation.objects.filter(administration__in=set().union(*granted.values()))
    for function, administration in activations.values_list("function", "administration"):
        active[function].add(administration)
    narrowed = {
        grant: administrations & active[grant[0]] if FUNCTIONS[grant[0]].is_dna else administrations
        for grant, administrations in granted.items()
    }
    return {grant: administrations for grant, administrations in narrowed.items() if administrations}


def _read_active_somewhere() -> set[str]:
    from econnect_admin.rights.models import FunctionActivation

    return set(FunctionActivation.objects.order_by().values_list("function", flat=True).distinct())
