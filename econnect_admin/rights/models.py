"""Which functions an administration has, and what the members of user groups may do with them."""

from typing import Any, ClassVar

from django.contrib.auth.models import Group, GroupManager
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from econnect_admin.administrations.models import Administration
from econnect_admin.foreign_text import harmless
from econnect_admin.rights.catalogue import Privilege
from econnect_admin.rights.querysets import ScopedQuerySet, SharedQuerySet

_LONGEST_CODE = 40


class FunctionActivation(models.Model):
    """A DNA function that the vendor has activated for an administration."""

    administration = models.ForeignKey(
        Administration,
        on_delete=models.CASCADE,
        related_name="activations",
        verbose_name=_("administration"),
    )
    function = models.CharField(_("function"), max_length=_LONGEST_CODE)
    activated_by = models.CharField(_("activated by"), max_length=150)
    activated_at = models.DateTimeField(_("activated at"), auto_now_add=True)

    objects = ScopedQuerySet["FunctionActivation"].as_manager()

    class Meta:
        verbose_name = _("DNA function")
        verbose_name_plural = _("DNA functions")
        constraints = [
            models.UniqueConstraint(fields=["administration", "function"], name="function_activated_once"),
        ]

    def __str__(self) -> str:
        return str(self.administration)


class AdministrationFunctions(Administration):
    """An administration, as far as its DNA functions go."""

    class Meta:
        proxy = True
        verbose_name = _("DNA functions")
        verbose_name_plural = _("DNA functions")


class UserGroupQuerySet(SharedQuerySet["UserGroup"]):
    scope = "user_groups"

    def administrations_of(self, row: Any) -> list[int]:
        held_for: list[int] | None = row.held_for
        return super().administrations_of(row) if held_for is None else held_for


class UserGroupManager(GroupManager.from_queryset(UserGroupQuerySet)):  # type: ignore[misc]
    pass


class UserGroup(Group):
    """*Gebruikersgroep Desktop*: people, what they may do, and for which administrations."""

    administrations = models.ManyToManyField(
        Administration,
        blank=True,
        related_name="user_groups",
        verbose_name=_("administrations"),
        help_text=_("What is granted to the group holds for these administrations, and for no other."),
    )

    held_for: list[int] | None = None  # of one that is being deleted: the keys of its administrations

    objects: ClassVar[UserGroupManager] = UserGroupManager()

    class Meta:
        verbose_name = _("user group Desktop")
        verbose_name_plural = _("user groups Desktop")
        ordering = ["name"]

    def __str__(self) -> str:
        return harmless(self.name)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """First what it was granted and whom it had, while the history knows for which administrations."""
        self.held_for = list(self.administrations.values_list("pk", flat=True))
        for privilege in self.privileges.all():
            privilege.group = self
            privilege.delete()
        self.members.set([])
        self.administrations.set([])
        return super().delete(*args, **kwargs)


class GroupPrivilegeQuerySet(SharedQuerySet["GroupPrivilege"]):
    scope = "user_groups__privileges"

    def administrations_of(self, row: Any) -> list[int]:
        groups: UserGroupQuerySet = UserGroup.objects.all()
        return groups.administrations_of(row.group)


class GroupPrivilege(models.Model):
    """A privilege on a function, granted to a user group."""

    group = models.ForeignKey(
        UserGroup, on_delete=models.CASCADE, related_name="privileges", verbose_name=_("user group Desktop")
    )
    function = models.CharField(_("function"), max_length=_LONGEST_CODE)
    privilege = models.CharField(_("privilege"), max_length=8, choices=Privilege)

    objects = GroupPrivilegeQuerySet.as_manager()

    class Meta:
        verbose_name = _("function privilege")
        verbose_name_plural = _("function privileges")
        constraints = [
            models.UniqueConstraint(fields=["group", "function", "privilege"], name="privilege_granted_once"),
        ]

    def __str__(self) -> str:
        return str(self.group)


class ConnectionUserGroup(models.Model):
    """*E-verbinding Gebruikersgroep*: a group on the platform whose inbox is that of a user group here."""

    administration = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        related_name="connection_user_groups",
        verbose_name=_("administration"),
    )
    group_id = models.CharField("GroupId", max_length=100)
    user_group = models.ForeignKey(
        UserGroup,
        on_delete=models.PROTECT,
        related_name="connection_user_groups",
        verbose_name=_("user group Desktop"),
    )

    objects = ScopedQuerySet["ConnectionUserGroup"].as_manager()

    class Meta:
        verbose_name = _("e-connection user group")
        verbose_name_plural = _("e-connection user groups")
        constraints = [
            models.UniqueConstraint(fields=["administration", "group_id"], name="group_inbox_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} · {self.user_group}"
