"""Ready-made views of the list of e-invoices: filters with a name."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrPromise

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
    shown = {name: sorted(values) for name, values in request.GET.lists() if name not in _NO_FILTER}
    return [
        View(name, f"?{query}", {key: sorted(values) for key, values in QueryDict(query).lists()} == shown)
        for name, query in _VIEWS
    ]
