"""The base of all admins: what a person sees, chooses from and does is what their rights say."""

from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_permission_codename
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RelatedDropdownFilter

from econnect_admin.exporting.admin import Exporting
from econnect_admin.rights.authorisation import administrations_where
from econnect_admin.rights.querysets import ScopedQuerySet

STEP_OF_THE_SET_UP = "set-up"  # in the address of a form that the start page leads to
_DIGITS_OF_A_KEY = 19  # fewer than that is in the database's range


def may(request: HttpRequest, permission: str, row: Any = None) -> bool:
    """Whether who asks has `app.action_model`: somewhere, or on that row."""
    return request.user.has_perm(permission, row)


def is_superuser(request: HttpRequest) -> bool:
    """Whether the vendor asks."""
    return bool(request.user.is_active and request.user.is_superuser)


class Scoped:
    """What a person may do with rows of a `ScopedQuerySet`; to stand before the admin's own class."""

    opts: Any
    actions: Any = None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete", obj)

    def _may(self, request: HttpRequest, action: str, row: Any = None) -> bool:
        return may(request, f"{self.opts.app_label}.{get_permission_codename(action, self.opts)}", row)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """What an action does with the chosen rows of the list. Raises BadRequest."""
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(key.isascii() and key.isdecimal() and len(key) < _DIGITS_OF_A_KEY for key in keys):
            raise BadRequest("These are no keys of rows.")
        answer: HttpResponse | None = super().response_action(request, queryset)  # type: ignore[misc]
        return answer

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: ScopedQuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        return rows.visible_to(request.user)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        """Administrations are offered where the user may do this; of the rest, what they may see."""
        model = db_field.remote_field.model
        rows = model._default_manager.all()
        if not isinstance(rows, ScopedQuerySet):
            narrowed: QuerySet[Any] | None = super().get_field_queryset(  # type: ignore[misc]
                db, db_field, request
            )
            return narrowed
        if model._meta.label == "econnect_admin.Administration":
            return rows.where_may(request.user, f"{self.opts.app_label}.add_{self.opts.model_name}")
        return rows.visible_to(request.user)


class ScopedAdmin(Scoped, Exporting, ModelAdmin):  # type: ignore[misc]
    """An admin of such a model."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Where there is one to choose from, it is chosen."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field.required and len(offered := field.queryset[:2]) == 1:
            field.initial = offered[0].pk
        return field

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Who came from a step of the set-up goes back to see what the next one is."""
        if STEP_OF_THE_SET_UP in request.GET:
            return redirect("admin:index")
        answer: HttpResponse = super().response_post_save_add(request, obj)
        return answer


class AdministrationFilter(RelatedDropdownFilter):  # type: ignore[misc]
    """Offers the administrations that the list may be of."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:  # noqa: ARG002
        permission = f"{model_admin.opts.app_label}.view_{model_admin.opts.model_name}"
        rows = administrations_where(request.user, permission)
        return [(row.pk, str(row)) for row in rows]
