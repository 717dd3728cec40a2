"""The history: who changed what, when, from which value to which. Nobody changes it."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from econnect_admin.administrations.models import User
from econnect_admin.history.rows import name_of, name_of_whole
from econnect_admin.rights.authorisation import Person, administrations_where, may
from econnect_admin.rights.querysets import ScopedQuerySet
from econnect_admin.users.models import SecondFactor


class HistoryQuerySet(ScopedQuerySet["HistoryEntry"]):
    def where_may(self, user: Person, permission: str) -> Self:
        """What is about one of the administrations where the user may."""
        if not may(user, permission):
            return self.none()
        if user.is_superuser:
            return self
        mine = administrations_where(user, permission).values_list("pk", flat=True)
        return self.filter(of_administrations__overlap=list(mine))


class HistoryManager(LogEntryManager):  # type: ignore[misc]
    """Records with each change which administrations it is about, and of which row it is a part."""

    def get_queryset(self) -> HistoryQuerySet:
        return HistoryQuerySet(self.model, using=self._db)

    def log_create(self, instance: Model, force_log: bool = False, **kwargs: Any) -> Any:
        of = {"of_administrations": _administrations(instance), "part_of": name_of_whole(instance)}
        return super().log_create(instance, force_log, **of, **kwargs)

    def log_m2m_changes(
        self, changed_queryset: Any, instance: Model, operation: str, field_name: str, **kwargs: Any
    ) -> None:
        """An entry of each row, so that who may read of one reads of no other.

        A member is of the administrations of the group; where a group holds is of that administration.
        """
        kwargs["action"] = HistoryEntry.Action.UPDATE
        for row in changed_queryset:
            about = instance if isinstance(row, User) else row
            of = {"of_administrations": _administrations(about), "part_of": name_of(row)}
            super().log_m2m_changes([row], instance, operation, field_name, **of, **kwargs)


class HistoryEntry(AbstractLogEntry):  # type: ignore[misc]
    """One change of one row."""

    # As it was at the time; none: it was about none, and is for superusers.
    of_administrations = ArrayField(models.BigIntegerField(), default=list)
    # Of a grant its group, of somebody who comes or goes too (`name_of`); "": of none.
    part_of = models.CharField(max_length=30, default="", db_index=True)

    objects: ClassVar[HistoryManager] = HistoryManager()

    class Meta(AbstractLogEntry.Meta):  # type: ignore[misc]
        abstract = False
        verbose_name = _("recorded change")
        verbose_name_plural = _("history")
        ordering = ["-timestamp", "-pk"]

    def __str__(self) -> str:
        return str(self.object_repr)


def _administrations(row: Model) -> Sequence[int]:
    if isinstance(row, SecondFactor):
        row = row.user
    rows = row._meta.model._default_manager.all()
    return rows.administrations_of(row) if isinstance(rows, ScopedQuerySet) else []
