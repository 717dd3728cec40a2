"""Filters of which one click narrows the list, with how many e-invoices each click would leave.

The counts follow the rest of the filter. They take as long as the database takes to look at all that the
rest leaves, so the list does not wait for them: the panel asks for them once it is seen.
"""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.functional import cached_property

from invoices.models import EInvoice

EInvoices = QuerySet[EInvoice]

MOST_SUPPLIERS = 10


class Facet(admin.SimpleListFilter):
    """Choices that exclude each other: a document has at most one of them. Several may be chosen."""

    template = "invoices/facet.html"
    counted: ClassVar[bool] = True

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.request = request
        self.counts: dict[str, int] | None = None  # None: not asked for

    @abstractmethod
    def conditions(self) -> dict[str, Q]:
        """What the documents of each choice have."""

    @cached_property
    def chosen(self) -> list[str]:
        offered = {value for value, _words in self.lookup_choices}
        sent = self.request.GET.getlist(self.parameter_name or "")
        return [value for value in dict.fromkeys(sent) if value in offered]

    def queryset(self, request: HttpRequest, queryset: EInvoices) -> EInvoices:  # noqa: ARG002
        if not self.chosen:
            return queryset
        conditions = self.conditions()
        any_of = Q()
        for value in self.chosen:
            any_of |= conditions[value]
        return queryset.filter(any_of)

    def choices(  # type: ignore[override]
        self,
        changelist: ChangeList,  # noqa: ARG002 - Django's signature
    ) -> Iterator[dict[str, Any]]:
        """Once they are counted, those that would leave nothing are not offered."""
        for value, words in self.lookup_choices:
            count = None if self.counts is None else self.counts.get(value, 0)
            if count == 0 and value not in self.chosen:
                continue
            others = [one for one in self.chosen if one != value]
            yield {
                "value": value,
                "display": words,
                "selected": value in self.chosen,
                "count": count,
                "query_string": self._address(others if value in self.chosen else [*self.chosen, value]),
            }

    def chips(self) -> list[dict[str, Any]]:
        """What is chosen, each with the address of the list without it."""
        words = dict(self.lookup_choices)
        return [
            {"display": words[value], "address": self._address([one for one in self.chosen if one != value])}
            for value in self.chosen
        ]

    def dimension(self) -> Case:
        """SQL of the choice that a document has; "" for none."""
        cases = (When(condition, then=Value(value)) for value, condition in self.conditions().items())
        return Case(*cases, default=Value(""))

    def _address(self, values: list[str]) -> str:
        """That of the list with these chosen, from its first page."""
        asked = self.request.GET.copy()
        asked.pop("p", None)
        asked.pop(self.parameter_name or "", None)
        if values:
            asked.setlist(self.parameter_name or "", values)
        return f"?{asked.urlencode()}"


class SupplierFacet(Facet):
    """The suppliers with the most documents; more than a list of choices can hold."""

    counted = False

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        name = request.GET.get(self.parameter_name or "", "")
        return [(name, name)] if name else []

    def has_output(self) -> bool:
        return True

    def conditions(self) -> dict[str, Q]:
        return {value: Q(current__seller__name=value) for value, _words in self.lookup_choices}

    def offer(self, rows: EInvoices) -> None:
        named = rows.order_by().exclude(current__seller__name="").values_list("current__seller__name")
        found = dict(
            named.annotate(count=Count("pk")).order_by("-count", "current__seller__name")[:MOST_SUPPLIERS]
        )
        for name in self.chosen:
            if name not in found:
                found[name] = rows.filter(current__seller__name=name).count()
        self.lookup_choices = [(name, name) for name in found]
        self.counts = found

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:  # type: ignore[override]
        """Another supplier, and not one more."""
        for choice in super().choices(changelist):
            if not choice["selected"]:
                choice["query_string"] = self._address([choice["value"]])
            yield choice


def count(changelist: ChangeList, request: HttpRequest) -> list[Facet]:
    """The facets of the list, counted: in one query all whose choices are few, in another the suppliers."""
    facets = [spec for spec in changelist.filter_specs if isinstance(spec, Facet)]
    counted = [facet for facet in facets if facet.counted]
    cells = _cells(_rows(changelist, request, without=counted), counted)
    for facet in counted:
        others = [other for other in counted if other is not facet]
        facet.counts = {}
        for cell in cells:
            if all(not other.chosen or cell[_name(other)] in other.chosen for other in others):
                value = cell[_name(facet)]
                facet.counts[value] = facet.counts.get(value, 0) + cell["count"]
    for facet in facets:
        if isinstance(facet, SupplierFacet):
            facet.offer(_rows(changelist, request, without=[facet]))
    return facets


def _rows(changelist: ChangeList, request: HttpRequest, without: list[Facet]) -> EInvoices:
    """What the rest of the filter and the search leave."""
    rows: EInvoices = changelist.root_queryset
    for spec in changelist.filter_specs:
        if spec not in without:
            narrowed = spec.queryset(request, rows)
            rows = rows if narrowed is None else narrowed
    found: EInvoices = changelist.model_admin.get_search_results(request, rows, changelist.query)[0]
    return found


def _cells(rows: EInvoices, facets: list[Facet]) -> list[dict[str, Any]]:
    """How many documents have each combination of choices."""
    dimensions = {_name(facet): facet.dimension() for facet in facets}
    named = rows.order_by().annotate(**dimensions).values(*dimensions)
    return list(named.annotate(count=Count("pk")))


def _name(facet: Facet) -> str:
    return f"facet_{facet.parameter_name}"
