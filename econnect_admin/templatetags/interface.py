"""Where a page is in the navigation, and the way back from it."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db.models import Model
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from econnect_admin.administrations.switching import choice_of
from econnect_admin.foreign_text import harmless
from econnect_admin.interface import OF_ADMINISTRATION, place_of
from econnect_admin.manual.views import chapter_about

register = template.Library()


@dataclass(frozen=True)
class Crumb:
    title: str
    address: str = ""
    is_foreign: bool = False  # what somebody wrote: shown as it is


@register.simple_tag(takes_context=True)
def way_here(context: dict[str, Any]) -> list[Crumb]:
    """The group of the navigation, the list as it was searched and filtered, and what is shown of it."""
    options = context.get("opts")
    if options is None and context["request"].path.startswith(reverse("django_rq:home")):
        return [Crumb(title) for title in place_of(reverse("django_rq:home"))]
    if options is None:
        return [Crumb(capfirst(context.get("title") or ""))]
    bare = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    group, title = place_of(bare)
    the_list = title or capfirst(options.verbose_name_plural)
    crumbs = [Crumb(group)] if group else []
    if "cl" in context:
        return [*crumbs, Crumb(the_list)]
    crumbs.append(Crumb(the_list, _as_left(context, bare)))
    if context.get("is_of_the_list"):
        return [*crumbs, Crumb(str(context["title"]))]
    row = context.get("original") or context.get("object")
    if not isinstance(row, Model):
        adds = _("Add %(name)s") % {"name": options.verbose_name}
        return [*crumbs, Crumb(capfirst(adds if context.get("add") else str(context.get("title") or "")))]
    page = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])
    crumbs.append(Crumb(harmless(row), _as_left(context, page), is_foreign=True))
    return [*crumbs, Crumb(_("Delete"))] if "deleted_objects" in context else crumbs


@register.simple_tag(takes_context=True)
def way_back(context: dict[str, Any]) -> str:
    """The address of the list that the page belongs to, as it was left; "" for a page of no list."""
    options = context.get("opts")
    if options is None or "cl" in context:
        return ""
    return _as_left(context, reverse(f"admin:{options.app_label}_{options.model_name}_changelist"))


@register.simple_tag(takes_context=True)
def looked_at(context: dict[str, Any]) -> Any:
    """The administration that the switch on top shows; None where the page is not about it.

    The start page is, and each list that is narrowed to it, as the navigation opens them.
    """
    request = context["request"]
    choice = choice_of(request)
    if not choice.is_one_of_several or choice.administration is None:
        return None
    is_start = request.resolver_match is not None and request.resolver_match.view_name == "admin:index"
    key = str(choice.administration.pk)
    narrowed = any(name.endswith(OF_ADMINISTRATION) and request.GET[name] == key for name in request.GET)
    return choice.administration if is_start or narrowed else None


def _as_left(context: dict[str, Any], address: str) -> str:
    kept: dict[str, Any] = {name: context.get(name) for name in ("opts", "preserved_filters")}
    return str(add_preserved_filters(kept, address))


@register.filter
def manual_chapter(options: Any) -> str:
    return chapter_about(options)
