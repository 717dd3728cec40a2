"""Who logs in. What an app has of its own is in the admin module of that part."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.forms import AdminPasswordChangeForm, UserChangeForm

from econnect_admin.administrations import admin as administrations_admin
from econnect_admin.exporting.admin import Exporting
from econnect_admin.foreign_text import harmless
from econnect_admin.history import admin as history_admin
from econnect_admin.linking import admin as linking_admin
from econnect_admin.models import User, UserGroup
from econnect_admin.rights import connection_admin, function_admin, group_admin
from econnect_admin.rights.differences import apply_difference
from econnect_admin.rights.effective import effective_rights
from econnect_admin.rights.scoped_admin import Scoped, is_superuser
from econnect_admin.users.forms import InvitedUserForm
from econnect_admin.users.sessions import end_sessions
from econnect_admin.users.user_pages import UserPages

__all__ = [
    "UserAdmin",
    "administrations_admin",
    "connection_admin",
    "function_admin",
    "group_admin",
    "history_admin",
    "linking_admin",
]

admin.site.index_title = gettext_lazy("Start")
admin.site.unregister(Group)


class UserForm(UserChangeForm):  # type: ignore[misc]
    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        apply_difference(self, "groups", self.instance.groups.all())
        return data


@admin.register(User)
class UserAdmin(Scoped, Exporting, UserPages, DjangoUserAdmin):  # type: ignore[misc, type-arg]
    form = UserForm
    add_form = InvitedUserForm
    add_form_template = "users/add_user.html"
    change_password_form = AdminPasswordChangeForm
    # Rights come from groups only.
    fieldsets = (
        (None, {"fields": ("username",)}),
        (gettext_lazy("Personal info"), {"fields": ("first_name", "last_name", "email")}),
        (gettext_lazy("Permissions"), {"fields": ("is_active", "is_superuser", "groups")}),
        (gettext_lazy("Important dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "first_name", "last_name", "email", "groups")}),)
    list_display = ("username", "first_name", "last_name", "email", "is_active", "last_login")
    list_filter = ("is_active", "is_superuser")
    export_columns = (*list_display, "is_superuser", "date_joined")
    readonly_fields = ("last_login", "date_joined")
    autocomplete_fields = ("groups",)
    filter_horizontal = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        """Only superusers decide who may do everything."""
        return self.readonly_fields if is_superuser(request) else (*self.readonly_fields, "is_superuser")

    def get_form(  # type: ignore[override]
        self, request: HttpRequest, obj: Any = None, **kwargs: Any
    ) -> Any:
        """A new user without a group would be lost to all but superusers."""
        form = super().get_form(request, obj, **kwargs)
        if "groups" in form.base_fields:
            form.base_fields["groups"].show_hidden_initial = obj is not None
            form.base_fields["groups"].required = obj is None and not is_superuser(request)
        return form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Who may only look at the user sees the groups that they see elsewhere."""
        user = super().get_object(request, object_id, from_field)
        if user and not self.has_change_permission(request, user):
            groups = UserGroup.objects.visible_to(request.user)
            prefetch_related_objects([user], Prefetch("groups", groups))
        return user

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> Any:
        """A group is given by who may change that group."""
        if db_field.name == "groups":
            return UserGroup.objects.where_may(request.user, "econnect_admin.change_usergroup")
        return super().get_field_queryset(db, db_field, request)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            end_sessions(obj.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """What a user did stays, and so does the user; who left is made not active."""
        return False

    def get_urls(self) -> list[URLPattern]:
        rights = self.admin_site.admin_view(self.rights_view)
        return [path("<int:key>/rights/", rights, name="econnect_admin_user_rights"), *super().get_urls()]

    def rights_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """*Effective rights*, of oneself or of somebody whom one may view."""
        person = get_object_or_404(User, pk=key)
        if person != request.user and not self.has_view_permission(request, person):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("Effective rights of %(user)s") % {"user": harmless(person)},
            "opts": self.opts,
            "original": person,
            "person": person,
            "administrations": effective_rights(person, request.user),
        }
        return TemplateResponse(request, "rights/effective.html", context)
