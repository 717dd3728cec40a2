"""Whose invoices come in, and how the platform is reached for them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from econnect_admin.administrations.access_url import validate_access_url
from econnect_admin.administrations.encryption import EncryptedTextField
from econnect_admin.administrations.validators import (
    validate_company_id,
    validate_key,
    validate_namespace,
    validate_time_zone,
)
from econnect_admin.rights.authorisation import Person, may, may_in_app
from econnect_admin.rights.querysets import ScopedQuerySet, SharedQuerySet
from econnect_admin.users.manager import UserManager

NAMESPACE_V3_1 = "http://api.everbinding.nl/v3_1/"
_KEY: list[Callable[[Any], None]] = [MaxLengthValidator(500), validate_key]


class UserQuerySet(SharedQuerySet["User"]):
    scope = "user_groups__members"

    def where_may(self, user: Person, permission: str) -> Self:
        """Superusers are changed by superusers only."""
        rows = super().where_may(user, permission)
        return rows if user.is_superuser or ".view_" in permission else rows.exclude(is_superuser=True)


class User(AbstractUser):
    """A person who logs in. What they may do comes from their user groups."""

    groups = models.ManyToManyField(
        "econnect_admin.UserGroup",
        blank=True,
        related_name="members",
        verbose_name=_("user groups Desktop"),
    )

    # Django's admin lets nobody else in; what they may do comes from their groups.
    is_staff = models.BooleanField(default=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Also asked for superusers: a function that is not active exists for nobody."""
        return may(self, perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return may_in_app(self, app_label)


class DatabasePreferencesQuerySet(SharedQuerySet["DatabasePreferences"]):
    scope = "database"


class AdministrationQuerySet(ScopedQuerySet["Administration"]):
    scope = "pk"


class DatabasePreferences(models.Model):
    """*Financieel voorkeuren db*: where the platform is. Shared by the administrations of one database."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    access_url = EncryptedTextField(
        "Access URL",
        validators=[validate_access_url],
        help_text=_("The address of the SOAP API with your subscription key; it is a secret as a whole."),
    )
    namespace = models.CharField(
        "Name Space",
        max_length=200,
        default=NAMESPACE_V3_1,
        validators=[validate_namespace],
        help_text=_("Must fit the Access URL: …/v3_1/ for v3.1, …/v3/ for v3."),
    )

    objects = DatabasePreferencesQuerySet.as_manager()

    class Meta:
        verbose_name = _("financial preferences db")
        verbose_name_plural = _("financial preferences db")

    def __str__(self) -> str:
        return self.name


class Administration(models.Model):
    """A set of books, of one company."""

    code = models.CharField(
        _("code"),
        max_length=30,
        unique=True,
        validators=[RegexValidator(r"^[\w.-]+\Z", _("Letters, digits, dot, hyphen and underscore only."))],
    )
    name = models.CharField(_("name"), max_length=200)
    database = models.ForeignKey(
        DatabasePreferences,
        on_delete=models.PROTECT,
        related_name="administrations",
        verbose_name=_("financial preferences db"),
    )
    language = models.CharField(
        _("language of messages"),
        max_length=2,
        choices=[("nl", "Nederlands"), ("en", "English")],
        default="nl",
    )
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="Europe/Amsterdam", validators=[validate_time_zone]
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = AdministrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("administration")
        verbose_name_plural = _("administrations")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class AdministrationPreferences(models.Model):
    """*Financieel voorkeuren administratie › eConnect*: the account and the company on the platform."""

    administration = models.OneToOneField(
        Administration,
        on_delete=models.CASCADE,
        related_name="preferences",
        verbose_name=_("administration"),
    )
    consumer_key = EncryptedTextField(_("consumer key"), validators=_KEY)
    consumer_secret = EncryptedTextField(_("consumer secret"), validators=_KEY)
    created_by = models.EmailField(_("created by"), blank=True)
    delivery_email = models.EmailField(_("delivery e-mail address"), blank=True)
    company_id = models.CharField(
        _("company id"), max_length=50, blank=True, validators=[validate_company_id]
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = ScopedQuerySet["AdministrationPreferences"].as_manager()

    class Meta:
        verbose_name = _("financial preferences administration")
        verbose_name_plural = _("financial preferences administration")

    def __str__(self) -> str:
        return str(self.administration)


class SecurityToken(models.Model):
    """The platform's token for an administration, kept between runs until it expires."""

    administration = models.OneToOneField(
        Administration, on_delete=models.CASCADE, related_name="security_token"
    )
    token = EncryptedTextField()
    credentials = models.CharField(max_length=64)  # fingerprint of what it was obtained with
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.administration_id} → {self.expires_at:%Y-%m-%d %H:%M}"

    def is_good(self, credentials: str, now: datetime | None = None) -> bool:
        return self.credentials == credentials and (now or timezone.now()) < self.expires_at
