"""The inboxes of an administration: its own, and those of its user groups."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from econnect_admin.models import Administration, ConnectionUserGroup, UserGroup
from econnect_admin.rights.authorisation import Person, administrations_where
from econnect_admin.rights.querysets import ScopedQuerySet

M_co = TypeVar("M_co", bound=Model, covariant=True)


class InboxQuerySet(ScopedQuerySet[M_co]):
    """Rows about what came in by an inbox; `scope` leads to the administration of a document."""

    def where_may(self, user: Person, permission: str) -> Self:
        """What came in for a user group is for its members, and for who sees the whole administration."""
        rows = super().where_may(user, permission)
        if user.is_superuser:
            return rows
        group = self.scope.removesuffix("administration") + "connection_user_group"
        whole = administrations_where(user, "econnect_admin.view_connectionusergroup")
        return rows.filter(
            Q(**{group: None})
            | Q(**{f"{self.scope}__in": whole})
            | Q(**{f"{group}__user_group__in": UserGroup.objects.filter(members=user.pk)})
        )


class InboxDocument(models.Model):
    """What came in by an inbox of an administration."""

    administration = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("administration"),
    )
    # Whose inbox it came in by; null: that of the administration.
    connection_user_group = models.ForeignKey(
        ConnectionUserGroup,
        on_delete=models.PROTECT,
        null=True,
        related_name="%(class)ss",
        verbose_name=_("e-connection user group"),
    )

    class Meta:
        abstract = True


class InboxPosition(models.Model):
    """How far an inbox has been read: all before the watermarks is stored or recorded as failed.

    The watermarks are in the platform's own time.
    """

    administration = models.ForeignKey(
        Administration, on_delete=models.CASCADE, related_name="inbox_positions"
    )
    # Whose inbox it is; null: that of the administration.
    connection_user_group = models.ForeignKey(
        ConnectionUserGroup, on_delete=models.CASCADE, null=True, related_name="inbox_positions"
    )
    inbox = models.CharField(max_length=64, blank=True)  # `connection.inbox_identity` of what was read
    created_on = models.DateTimeField(null=True)
    modified_on = models.DateTimeField(null=True)
    statuses_on = models.DateTimeField(null=True)  # ModifiedOn up to which statuses were compared

    class Meta:
        verbose_name = _("reading position of an inbox")
        verbose_name_plural = _("reading positions of inboxes")
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "connection_user_group"],
                name="position_once_per_inbox",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return str(self.connection_user_group or self.administration)
