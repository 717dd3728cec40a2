"""Ready-made views of the list of e-invoices: filters with a name."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrPromise

from econnect_admin.interface import OF_ADMINISTRATION

_VIEWS = (
    (_("To do"), "status=10&status=20&status=30"),
    (_("For approval"), "status=35"),
    (_("Overdue"), "due=overdue"),
    (_("With findings"), "problems=yes"),
    (pgettext_lazy("invoices", "All"), ""),
)
_NO_FILTER = ("p", "o", "all")  # a page of it, or its order


@dataclass(frozen=True)
class View:
    name: StrPromise
    address: str
    is_shown: bool


def views(request: HttpRequest) -> list[View]:
    """Of the administrations that the list is kept to."""
    filters = request.GET.copy()
    for name in _NO_FILTER:
        filters.pop(name, None)
    kept = QueryDict(mutable=True)
    kept.setlist(OF_ADMINISTRATION, filters.pop(OF_ADMINISTRATION, []))
    return [
        View(
            name,
            "?" + "&".join(filter(None, (query, kept.urlencode()))),
            _values(QueryDict(query)) == _values(filters),
        )
        for name, query in _VIEWS
    ]


def _values(query: QueryDict) -> dict[str, list[str]]:
    return {name: sorted(values) for name, values in query.lists()}
