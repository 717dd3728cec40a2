"""Who logs in. What an app has of its own is in the admin module of that part."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm

from econnect_admin.administrations import admin as administrations_admin
from econnect_admin.models import User
from econnect_admin.users.forms import InvitedUserForm
from econnect_admin.users.user_pages import UserPages

__all__ = ["GroupAdmin", "UserAdmin", "administrations_admin"]

admin.site.index_title = _("Start")
admin.site.unregister(Group)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


@admin.register(User)
class UserAdmin(UserPages, DjangoUserAdmin):  # type: ignore[type-arg]
    form = UserChangeForm
    add_form = InvitedUserForm
    add_form_template = "users/add_user.html"
    change_password_form = AdminPasswordChangeForm
    # Rights come from groups only.
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personal info"), {"fields": ("first_name", "last_name", "email")}),
        (_("Permissions"), {"fields": ("is_active", "is_superuser", "groups")}),
        (_("Important dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "first_name", "last_name", "email")}),)
    list_display = ("username", "first_name", "last_name", "email", "is_active", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")
    readonly_fields = ("last_login", "date_joined")
    autocomplete_fields = ("groups",)
    filter_horizontal = ()
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        """Only superusers decide who may do everything."""
        return self.readonly_fields if _is_superuser(request) else (*self.readonly_fields, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers, and their passwords, are changed by superusers only."""
        may: bool = super().has_change_permission(request, obj)
        return may and (_is_superuser(request) or obj is None or not obj.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """What a user did stays, and so does the user; who left is made not active."""
        return False


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):  # type: ignore[misc]
    pass
