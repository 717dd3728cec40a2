"""Administrations and how they reach the platform."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldBooleanWidget

from econnect_admin.administrations.access_url import shown
from econnect_admin.administrations.models import (
    Administration,
    AdministrationPreferences,
    DatabasePreferences,
)
from econnect_admin.administrations.secret_input import (
    WriteOnlySecretsAdmin,
    WriteOnlySecretsForm,
    ending,
)
from econnect_admin.exporting.columns import Column
from econnect_admin.rights.models import UserGroup
from econnect_admin.rights.scoped_admin import ScopedAdmin


@admin.register(Administration)
class AdministrationAdmin(ScopedAdmin):
    list_display = ("name", "code", "database", "language", "created_at")
    export_columns = list_display
    list_select_related = ("database",)
    search_fields = ("name", "code")
    readonly_fields = ("created_at",)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> Any:
        """An administration is put to a database by who may change that."""
        if db_field.name == "database":
            permission = "econnect_admin.change_databasepreferences"
            return DatabasePreferences.objects.where_may(request.user, permission)
        return super().get_field_queryset(db, db_field, request)

    def save_model(self, request: HttpRequest, obj: Administration, form: Any, change: bool) -> None:
        """Who makes an administration may do there what the groups grant that let them make it."""
        super().save_model(request, obj, form, change)
        if not change:
            for group in UserGroup.objects.that_let(request.user, "econnect_admin.add_administration"):
                group.administrations.add(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Its invoices are kept for years, and so is it."""
        return False


class AdministrationPreferencesForm(WriteOnlySecretsForm):
    secrets = clearable = ("consumer_key", "consumer_secret")
    clear_consumer_key = forms.BooleanField(
        label=capfirst(gettext_lazy("clear the consumer key")), required=False, widget=UnfoldBooleanWidget
    )
    clear_consumer_secret = forms.BooleanField(
        label=capfirst(gettext_lazy("clear the consumer secret")), required=False, widget=UnfoldBooleanWidget
    )

    class Meta:
        help_texts = {
            "consumer_key": gettext_lazy(
                "On the eConnect platform: Connections, at the one with Inventive. Left empty: unchanged."
            ),
            "consumer_secret": gettext_lazy(
                "On the eConnect platform, beside the key. Left empty: unchanged."
            ),
            "created_by": gettext_lazy(
                "E-mail address of the user of the eConnect platform who made the connection."
            ),
            "delivery_email": gettext_lazy("Reports that need a person are sent to this address."),
            "company_id": gettext_lazy(
                "The company on the eConnect platform whose inbox is imported, for instance XCNL10017. "
                "Empty: all companies of the account."
            ),
        }


@admin.register(AdministrationPreferences)
class AdministrationPreferencesAdmin(WriteOnlySecretsAdmin):
    form = AdministrationPreferencesForm
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "administration",
                    "consumer_key",
                    "clear_consumer_key",
                    "consumer_secret",
                    "clear_consumer_secret",
                    "created_by",
                    "delivery_email",
                    "company_id",
                )
            },
        ),
    )
    list_display = ("administration", "company_id", "created_by", "delivery_email", "changed_at")
    export_columns = list_display
    list_select_related = ("administration",)
    search_fields = ("administration__name", "administration__code", "company_id")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("administration",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @admin.display(description=gettext_lazy("consumer key"))
    def consumer_key_hint(self, preferences: AdministrationPreferences) -> str:
        return ending(preferences.consumer_key)

    @admin.display(description=gettext_lazy("consumer secret"))
    def consumer_secret_hint(self, preferences: AdministrationPreferences) -> str:
        return ending(preferences.consumer_secret)


class DatabasePreferencesForm(WriteOnlySecretsForm):
    secrets = ("access_url",)

    def hint(self, name: str, secret: str) -> str:  # noqa: ARG002 - there is only one
        return _("set: %(host)s") % {"host": shown(secret)} if secret else "https://"


@admin.register(DatabasePreferences)
class DatabasePreferencesAdmin(WriteOnlySecretsAdmin):
    form = DatabasePreferencesForm
    fieldsets = ((None, {"fields": ("name", "access_url", "namespace")}),)
    list_display = ("name", "access_url_hint", "namespace")
    export_columns = ("name", Column("Access URL", lambda row: shown(row.access_url)), "namespace")
    search_fields = ("name",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.administrations.exists())

    @admin.display(description="Access URL")
    def access_url_hint(self, preferences: DatabasePreferences) -> str:
        return shown(preferences.access_url)
