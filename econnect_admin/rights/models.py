"""Which functions an administration has, and what the members of user groups may do with them."""

from typing import Any, ClassVar, Self

from django.contrib.auth.models import Group, GroupManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from econnect_admin.administrations.models import Administration
from econnect_admin.administrations.validators import validate_group_id
from econnect_admin.foreign_text import harmless
from econnect_admin.rights.authorisation import Person
from econnect_admin.rights.catalogue import E_CONNECTION_USER_GROUPS, Privilege, grant_for
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

    def that_let(self, user: Person, permission: str) -> Self:
        """The groups by which the user has the permission; none of a superuser."""
        granted = grant_for(permission)
        if granted is None:
            return self.none()
        function, privilege = granted
        return self.filter(
            members=user.pk, privileges__function=function, privileges__privilege=privilege
        ).distinct()

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


class ConnectionUserGroupQuerySet(ScopedQuerySet["ConnectionUserGroup"]):
    def active(self) -> Self:
        """Those of administrations for which the function is active."""
        return self.filter(administration__activations__function=E_CONNECTION_USER_GROUPS.code)


class ConnectionUserGroup(models.Model):
    """*E-verbinding Gebruikersgroep*: a group on the platform whose inbox is that of a user group here."""

    administration = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        related_name="connection_user_groups",
        verbose_name=_("administration"),
    )
    group_id = models.CharField("GroupId", max_length=100, validators=[validate_group_id])
    user_group = models.ForeignKey(
        UserGroup,
        on_delete=models.PROTECT,
        related_name="connection_user_groups",
        verbose_name=_("user group Desktop"),
    )

    objects = ConnectionUserGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-connection user group")
        verbose_name_plural = _("e-connection user groups")
        constraints = [
            models.UniqueConstraint(fields=["administration", "group_id"], name="group_inbox_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} · {self.user_group}"

    def clean(self) -> None:
        """What comes in is only for members who may see it there."""
        if self.administration_id is None or self.user_group_id is None:
            return
        if not self.user_group.administrations.filter(pk=self.administration_id).exists():
            refusal = _(
                "This user group does not hold for this administration: "
                "add the administration to the group first, or choose another group."
            )
            raise ValidationError({"user_group": refusal})

    @property
    def has_documents(self) -> bool:
        """Whether anything came in by it, of whatever kind that apps above this one keep."""
        kept = (rows for rows in self._meta.related_objects if rows.on_delete is models.PROTECT)
        return any(getattr(self, str(rows.get_accessor_name())).exists() for rows in kept)
