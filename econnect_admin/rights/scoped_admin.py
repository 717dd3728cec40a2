"""The base of all admins: what a person sees, chooses from and does is what their rights say."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_permission_codename
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.views import ChangeList

from econnect_admin.exporting.admin import Exporting
from econnect_admin.history.rows import name_of
from econnect_admin.rights.authorisation import administrations_where
from econnect_admin.rights.querysets import ScopedQuerySet

FROM_START = "from_start"  # in the address of a form to which the start page led
_DIGITS_OF_A_KEY = 19  # fewer than that is in the database's range
_VIEW_HISTORY = "econnect_admin.view_historyentry"


def may(request: HttpRequest, permission: str, row: Any = None) -> bool:
    """Whether who asks has `app.action_model`: somewhere, or on that row."""
    return request.user.has_perm(permission, row)


def is_superuser(request: HttpRequest) -> bool:
    """Whether the vendor asks."""
    return bool(request.user.is_active and request.user.is_superuser)


class FilteredList(ChangeList):  # type: ignore[misc]
    """A list narrowed by its own filters and its search only.

    Django takes any lookup on a column of the table out of the address: by counting the rows one could
    try out what no page shows.
    """

    def get_filters(self, request: HttpRequest) -> Any:
        """Raises IncorrectLookupParameters."""
        filters, has_filters, lookups, *others = super().get_filters(request)
        if lookups:
            raise IncorrectLookupParameters
        return filters, has_filters, lookups, *others


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

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return _once_more(super().changeform_view, request, *args, **kwargs)  # type: ignore[misc]

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return _once_more(super().delete_view, request, *args, **kwargs)  # type: ignore[misc]

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """What an action does with the chosen rows of the list. Raises BadRequest."""
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(key.isascii() and key.isdecimal() and len(key) < _DIGITS_OF_A_KEY for key in keys):
            raise BadRequest("These are no keys of rows.")
        answer: HttpResponse | None = super().response_action(request, queryset)  # type: ignore[misc]
        return answer

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        context["show_history"] = obj is not None and may(request, _VIEW_HISTORY, obj)
        answer: HttpResponse = super().render_change_form(  # type: ignore[misc]
            request, context, *args, obj=obj, **kwargs
        )
        return answer

    def history_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """*Historie*, narrowed to the row: Django's own knows only what was done on pages of the admin."""
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if row is None or not (self.has_view_permission(request, row) and may(request, _VIEW_HISTORY, row)):
            raise PermissionDenied
        return redirect(f"{reverse('admin:econnect_admin_historyentry_changelist')}?row={name_of(row)}")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:  # noqa: ARG002
        return FilteredList

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


def _once_more(view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """If somebody else was first, between the checks of a form and its end, these then find what is there."""
    try:
        return view(*args, **kwargs)
    except IntegrityError:
        return view(*args, **kwargs)


class ScopedAdmin(Scoped, Exporting, ModelAdmin):  # type: ignore[misc]
    """An admin of such a model."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Where there is one to choose from, it is chosen."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field.required and len(offered := field.queryset[:2]) == 1:
            field.initial = offered[0].pk
        return field

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Whom the start page led here goes on there."""
        if FROM_START in request.GET:
            return redirect("admin:index")
        response: HttpResponse = super().response_post_save_add(request, obj)
        return response


class AdministrationFilter(RelatedDropdownFilter):  # type: ignore[misc]
    """Offers the administrations that the list may be of."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:  # noqa: ARG002
        permission = f"{model_admin.opts.app_label}.view_{model_admin.opts.model_name}"
        rows = administrations_where(request.user, permission)
        return [(row.pk, str(row)) for row in rows]
