"""*E-verbinding Gebruikersgroepen*: which inbox on the platform is that of a user group."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from econnect_admin.models import ConnectionUserGroup
from econnect_admin.rights.scoped_admin import AdministrationFilter, ScopedAdmin


@admin.register(ConnectionUserGroup)
class ConnectionUserGroupAdmin(ScopedAdmin):
    list_display = ("group_id", "user_group", "administration")
    export_columns = list_display
    list_filter = (("administration", AdministrationFilter),)
    list_select_related = ("administration", "user_group")
    search_fields = ("group_id", "user_group__name")
    fields = ("administration", "group_id", "user_group")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        """What came in by it stays its."""
        return ("administration", "group_id") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What came in by it is kept, and so is whose it is."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.has_documents)
