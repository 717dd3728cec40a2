"""Which administration a person looks at, where there are several: chosen once, for their session."""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from econnect_admin.administrations.models import Administration
from econnect_admin.rights.authorisation import administrations_of

_CHOSEN = "administration"  # in the session: its key
_PER_PAGE = 50


@dataclass(frozen=True)
class Choice:
    """The administration that is looked at, None if there is none for this person."""

    administration: Administration | None
    is_one_of_several: bool


def choice_of(request: HttpRequest) -> Choice:
    """The one of the session, if the person may still do something there; else the first by name."""
    if not hasattr(request, "_choice"):
        request._choice = _read_choice(request)  # type: ignore[attr-defined]
    choice: Choice = request._choice  # type: ignore[attr-defined]
    return choice


def look_at(request: HttpRequest, administration: Administration) -> None:
    """Choose it for the rest of the session."""
    request.session[_CHOSEN] = administration.pk


def _read_choice(request: HttpRequest) -> Choice:
    mine = administrations_of(request.user).select_related("database").order_by("name", "pk")
    first = list(mine[:2])
    if len(first) < 2:
        return Choice(first[0] if first else None, is_one_of_several=False)
    chosen = request.session.get(_CHOSEN)
    return Choice((chosen and mine.filter(pk=chosen).first()) or first[0], is_one_of_several=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_administration(request: HttpRequest) -> HttpResponse:
    """The page of the switch: all administrations for which the person may do anything."""
    mine = administrations_of(request.user).order_by("name", "pk")
    if request.method == "POST":
        key = request.POST.get("administration", "")
        look_at(request, get_object_or_404(mine, pk=key if key.isdecimal() else None))
        return redirect("admin:index")
    if not choice_of(request).is_one_of_several:
        return redirect("admin:index")
    wanted = request.GET.get("q", "").strip()
    found = mine.filter(Q(name__icontains=wanted) | Q(code__icontains=wanted))
    context = {
        **admin.site.each_context(request),
        "title": _("Choose an administration"),
        "wanted": wanted,
        "found": Paginator(found, _PER_PAGE).get_page(request.GET.get("page")),
    }
    return TemplateResponse(request, "administrations/choose.html", context)
