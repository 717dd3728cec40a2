"""By what the history is narrowed."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from econnect_admin.history.showing import actions_in_words


class ActionFilter(DropdownFilter):  # type: ignore[misc]
    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        return [(str(action), capfirst(words)) for action, words in actions_in_words().items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        return _narrowed(self, queryset, "action")


class KindFilter(DropdownFilter):  # type: ignore[misc]
    """Offers what the person finds in the history."""

    title = _("what")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found = model_admin.get_queryset(request).order_by().values("content_type")
        kinds = ContentType.objects.filter(pk__in=found)
        return sorted(((str(kind.pk), capfirst(kind.name)) for kind in kinds), key=lambda kind: kind[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        return _narrowed(self, queryset, "content_type")


def _narrowed(chosen: Any, rows: QuerySet[Any], field: str) -> QuerySet[Any]:
    offered = {value for value, _words in chosen.lookup_choices}
    return rows.filter(**{field: chosen.value()}) if chosen.value() in offered else rows
