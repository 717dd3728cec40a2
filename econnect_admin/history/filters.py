"""By what the history is narrowed."""

import re
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from econnect_admin.foreign_text import harmless
from econnect_admin.history.showing import actions_in_words, kind_in_words

_ROW = re.compile(r"(?P<kind>[0-9]{1,9})-(?P<key>[0-9]{1,18})").fullmatch


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


class RowFilter(DropdownFilter):  # type: ignore[misc]
    """One row and its parts, by its kind and its key: what the button *History* of its page asks for."""

    title = _("row")
    parameter_name = "row"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        self._row = _ROW(request.GET.get(self.parameter_name, ""))
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The row itself, so that the filter is seen and can be taken away."""
        if self._row is None:
            return []
        newest = model_admin.get_queryset(request).filter(self._itself()).first()
        words = f"{capfirst(kind_in_words(newest))}: {harmless(newest.object_repr)}" if newest else "-"
        return [(self._row[0], words)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        return queryset.filter(self._itself() | Q(part_of=self._row[0])) if self._row else queryset

    def _itself(self) -> Q:
        assert self._row is not None  # noqa: S101
        return Q(content_type=self._row["kind"], object_pk=self._row["key"])


def _narrowed(chosen: Any, rows: QuerySet[Any], field: str) -> QuerySet[Any]:
    offered = {value for value, _words in chosen.lookup_choices}
    return rows.filter(**{field: chosen.value()}) if chosen.value() in offered else rows
