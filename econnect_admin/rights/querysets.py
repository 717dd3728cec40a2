"""Rows, narrowed to those on which somebody may do something: the one way from rights to data."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, Model, OuterRef

from econnect_admin.rights.authorisation import Person, administrations_where, may

M_co = TypeVar("M_co", bound=Model, covariant=True)


class ScopedQuerySet(models.QuerySet[M_co]):
    """Rows that belong to one administration each."""

    scope = "administration"  # the lookup from a row to its administration

    def visible_to(self, user: Person) -> Self:
        """The rows that the user may see."""
        return self.where_may(user, f"{self.model._meta.app_label}.view_{self.model._meta.model_name}")

    def where_may(self, user: Person, permission: str) -> Self:
        """The rows on which the user has the permission."""
        return self.filter(**{f"{self.scope}__in": administrations_where(user, permission)})

    def administrations_of(self, row: Model) -> list[int]:
        """The keys of the administrations that a row belongs to; also of one that was just deleted."""
        value: Any = row
        for name in self.scope.split("__"):
            value = getattr(value, name)
        return [value if isinstance(value, int) else value.pk]


class SharedQuerySet(ScopedQuerySet[M_co]):
    """Rows that several administrations share.

    Seen by who may see them for one of these; changed by who may do so for each of them. What belongs to
    no administration is for superusers only.
    """

    scope = "administrations"  # here the lookup from an administration to such a row

    def where_may(self, user: Person, permission: str) -> Self:
        from econnect_admin.administrations.models import Administration

        if not may(user, permission):
            return self.none()
        if user.is_superuser:
            return self
        sharing = Administration._default_manager.filter(**{self.scope: OuterRef("pk")})
        mine = administrations_where(user, permission).values("pk")
        here = self.filter(Exists(sharing.filter(pk__in=mine)))
        return here if ".view_" in permission else here.exclude(Exists(sharing.exclude(pk__in=mine)))

    def administrations_of(self, row: Model) -> list[int]:
        from econnect_admin.administrations.models import Administration

        sharing = Administration._default_manager.filter(**{self.scope: row.pk})
        return list(sharing.order_by("pk").values_list("pk", flat=True).distinct())
