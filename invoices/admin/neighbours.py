"""The neighbours of an e-invoice in the list that somebody came from, however long that list is.

Neither the list nor its keys are read: each neighbour is the first row behind a place in the order.
"""

import copy
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import FieldDoesNotExist, SuspiciousOperation
from django.db import DataError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, QueryDict

from invoices.showing.neighbours import Neighbours

Rows = QuerySet[Any]


@dataclass(frozen=True)
class _Key:
    """What rows are ordered by: the name of an annotation, and which way."""

    name: str
    descending: bool
    may_be_null: bool

    def turned(self) -> "_Key":
        return replace(self, descending=not self.descending)

    def order(self) -> OrderBy:
        return OrderBy(F(self.name), descending=self.descending)

    def level(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def behind(self, value: Any) -> Q:
        """Rows that stand behind this value. For PostgreSQL null is larger than everything."""
        if self.descending:
            return Q(**{f"{self.name}__isnull": False}) if value is None else Q(**{f"{self.name}__lt": value})
        if value is None:
            return Q(pk__in=())
        larger = Q(**{f"{self.name}__gt": value})
        return larger | Q(**{f"{self.name}__isnull": True}) if self.may_be_null else larger

    def from_here(self, value: Any) -> Q:
        """A bound that follows from `level` or `behind`, and that an index understands."""
        if value is None or (self.may_be_null and not self.descending):
            return Q()
        return Q(**{f"{self.name}__{'lte' if self.descending else 'gte'}": value})


def neighbours_of(model_admin: Any, request: HttpRequest, row: Model) -> Neighbours:
    """In the list whose filters the address of this request preserves."""
    try:
        listed, ordering = _list(model_admin, request)
        keys = _keys(listed.model, ordering)
        annotations = {key.name: _expression(by) for key, by in zip(keys, ordering, strict=True)}
        # The row itself need not be in that list any more: it may just have been approved.
        own = model_admin.get_queryset(request).annotate(**annotations).filter(pk=row.pk)
        values = own.values_list(*annotations).first()
        if values is None:
            return Neighbours()
        rows = listed.annotate(**annotations)
        return Neighbours(
            previous=_first_behind(rows, [key.turned() for key in keys], values),
            next=_first_behind(rows, keys, values),
        )
    except (IncorrectLookupParameters, SuspiciousOperation, DataError):
        return Neighbours()  # a query that the list itself refuses


def _list(model_admin: Any, request: HttpRequest) -> tuple[Rows, list[Any]]:
    """All rows of the list, unread, and what they are ordered by. What the list says of it is not said."""
    asked = copy.copy(request)
    asked.GET = QueryDict(request.GET.get("_changelist_filters", ""))
    asked._messages = CookieStorage(asked)  # type: ignore[attr-defined]
    quiet = copy.copy(model_admin)
    quiet.get_changelist = lambda request, **kwargs: _unread(model_admin.get_changelist(request, **kwargs))
    changelist = quiet.get_changelist_instance(asked)
    queryset = changelist.queryset
    return queryset.order_by(), changelist.get_ordering(asked, queryset)


def _unread(changelist: type[ChangeList]) -> type[ChangeList]:
    """A list that counts and reads no rows."""
    return type("UnreadList", (changelist,), {"get_results": lambda _self, _request: None})


def _keys(model: type[Model], ordering: list[Any]) -> list[_Key]:
    return [
        _Key(f"order_{at}", _is_descending(by), _may_be_null(model, by)) for at, by in enumerate(ordering)
    ]


def _is_descending(by: Any) -> bool:
    return by.startswith("-") if isinstance(by, str) else bool(getattr(by, "descending", False))


def _expression(by: Any) -> Any:
    if isinstance(by, str):
        return F(by.lstrip("-"))
    return by.expression if isinstance(by, OrderBy) else by


def _may_be_null(model: type[Model], by: Any) -> bool:
    name = by.lstrip("-") if isinstance(by, str) else ""
    if name == "pk":
        return False
    try:
        return bool(model._meta.get_field(name).null)
    except FieldDoesNotExist:  # of another model, or computed
        return True


def _first_behind(rows: Rows, keys: list[_Key], values: tuple[Any, ...]) -> int | None:
    """The first row that is behind these values in this order."""
    behind, level = Q(pk__in=()), Q()
    for key, value in zip(keys, values, strict=True):
        behind |= level & key.behind(value)
        level &= key.level(value)
    rows = rows.filter(keys[0].from_here(values[0]) & behind)
    found: int | None = rows.order_by(*(key.order() for key in keys)).values_list("pk", flat=True).first()
    return found
