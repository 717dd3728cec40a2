"""Administrations and how they reach the platform."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from econnect_admin.administrations.access_url import shown
from econnect_admin.administrations.models import Administration, DatabasePreferences
from econnect_admin.administrations.preferences_admin import AdministrationPreferencesAdmin
from econnect_admin.administrations.secret_input import ECONNECT, WriteOnlySecretsAdmin, WriteOnlySecretsForm
from econnect_admin.administrations.switching import look_at
from econnect_admin.exporting.columns import Column
from econnect_admin.rights.models import UserGroup
from econnect_admin.rights.scoped_admin import ScopedAdmin

__all__ = ["AdministrationAdmin", "AdministrationPreferencesAdmin", "DatabasePreferencesAdmin"]


class AdministrationForm(forms.ModelForm[Administration]):
    class Meta:
        help_texts = {
            "code": gettext_lazy(
                "Short, for instance REF: letters, digits, dot, hyphen and underscore. "
                "Commands and exports know it by this."
            ),
        }


@admin.register(Administration)
class AdministrationAdmin(ScopedAdmin):
    form = AdministrationForm
    list_display = ("name", "code", "database", "language", "created_at")
    export_columns = list_display
    list_select_related = ("database",)
    search_fields = ("name", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("created_at",) if obj else ()

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

    def response_post_save_add(self, request: HttpRequest, obj: Administration) -> HttpResponse:
        """To the start page of the new one, which says what is next."""
        if self.has_view_permission(request, obj):
            look_at(request, obj)
        return redirect("admin:index")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Its invoices are kept for years, and so is it."""
        return False


class DatabasePreferencesForm(WriteOnlySecretsForm):
    secrets = ("access_url",)

    class Meta:
        help_texts = {
            "name": gettext_lazy("What you call it here; administrations of one database share it."),
            "access_url": gettext_lazy(
                "As eConnect gave it with your subscription: "
                "https://api.everbinding.nl/soap/v3.1?subscriptionKey=… It is a secret as a whole."
            ),
            "namespace": gettext_lazy(
                "Must fit the Access URL: http://api.everbinding.nl/v3_1/ for v3.1, …/v3/ for v3."
            ),
        }

    def hint(self, name: str, secret: str) -> str:  # noqa: ARG002 - there is only one
        return _("set: %(host)s") % {"host": shown(secret)} if secret else "https://"


@admin.register(DatabasePreferences)
class DatabasePreferencesAdmin(WriteOnlySecretsAdmin):
    form = DatabasePreferencesForm
    fieldsets = ((None, {"fields": ("name",)}), (ECONNECT, {"fields": ("access_url", "namespace")}))
    list_display = ("name", "access_url_hint", "namespace")
    export_columns = ("name", Column("Access URL", lambda row: shown(row.access_url)), "namespace")
    search_fields = ("name",)

    def response_post_save_add(self, request: HttpRequest, obj: DatabasePreferences) -> HttpResponse:
        """The first are followed by the first administration: the start page says so."""
        if Administration.objects.exists():
            to_the_list: HttpResponse = super().response_post_save_add(request, obj)
            return to_the_list
        return redirect("admin:index")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.administrations.exists())

    @admin.display(description="Access URL")
    def access_url_hint(self, preferences: DatabasePreferences) -> str:
        return shown(preferences.access_url)
