"""What a user may do, where, and because of which group."""

from dataclasses import dataclass

from econnect_admin.models import Administration, FunctionActivation, GroupPrivilege, User
from econnect_admin.rights.authorisation import Person
from econnect_admin.rights.catalogue import FUNCTIONS, Function, Privilege


@dataclass(frozen=True)
class Right:
    """`active`: whether the function is, there; what is granted means nothing until then."""

    function: Function
    active: bool
    privileges: list[tuple[str, list[str]]]  # its name, and the names of the groups that grant it


def effective_rights(user: User, viewer: Person) -> list[tuple[Administration, list[Right]]]:
    """By administration, of those that the viewer has to do with (a user sees all of their own)."""
    rows = GroupPrivilege.objects.filter(group__members=user, group__administrations__isnull=False)
    because: dict[tuple[int, str], dict[str, list[str]]] = {}
    for administration, function, privilege, group in rows.order_by("group__name").values_list(
        "group__administrations", "function", "privilege", "group__name"
    ):
        because.setdefault((administration, function), {}).setdefault(privilege, []).append(group)
    administrations = Administration.objects.filter(pk__in={administration for administration, _ in because})
    if viewer.pk != user.pk:
        administrations = administrations.where_may(viewer, "econnect_admin.view_user")
    active = set(
        FunctionActivation.objects.filter(administration__in=administrations).values_list(
            "administration", "function"
        )
    )
    return [
        (
            administration,
            [
                Right(
                    function=function,
                    active=not function.is_dna or (administration.pk, code) in active,
                    privileges=[
                        (str(privilege.label), because[administration.pk, code][privilege])
                        for privilege in Privilege
                        if privilege in because[administration.pk, code]
                    ],
                )
                for code, function in FUNCTIONS.items()
                if (administration.pk, code) in because
            ],
        )
        for administration in administrations
    ]
