"""Converting a selection of the list of e-invoices."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from econnect_admin.saying import say
from invoices.conversion.bulk import MOST, Result, convert_each, foreseen
from invoices.conversion.converting import Decision, period_of
from invoices.models import EInvoice
from invoices.showing.booking_form import BookingForm

_NEEDED = ("invoices.convert_einvoice", "invoices.view_einvoice", "invoices.view_line")


@admin.action(description=gettext_lazy("To purchase invoice"), permissions=["convert"])
def convert_selected(_model_admin: Any, request: HttpRequest, queryset: QuerySet[EInvoice]) -> HttpResponse:
    """First a page that says what will come of each."""
    keys = list(queryset.values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        most = number_format(MOST)
        messages.warning(request, _("At most %s at once: these are the first of the selection.") % most)
    chosen = ",".join(str(key) for key in keys[:MOST])
    query = {"keys": chosen, "_changelist_filters": request.GET.urlencode()}
    return redirect(f"{reverse('admin:invoices_einvoice_convert_selected')}?{urlencode(query)}")


def convert_selected_view(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """What would come of each, with the booking date; and, posted, what came of each."""
    if not all(request.user.has_perm(permission) for permission in _NEEDED):
        raise PermissionDenied
    sent = request.method == "POST"
    keys = (request.POST if sent else request.GET).get("keys", "")
    einvoices = _selected(request, keys)
    form = BookingForm(request.POST if sent else None)
    is_done = sent and form.is_valid()
    if is_done:
        day = form.cleaned_data["booking_date"]
        decision = Decision(day, form.period_in_effect)
        seen = dict(zip(_numbers(keys), _numbers(request.POST.get("versions", "")), strict=False))
        results = list(convert_each(einvoices, seen, decision, _user(request)))
    else:
        day = form.fields["booking_date"].initial or form.initial["booking_date"]
        results = list(foreseen(einvoices, Decision(day, period_of(day)), _user(request)))
    context |= {
        "form": form,
        "keys": ",".join(str(einvoice.pk) for einvoice in einvoices),
        "versions": ",".join(str(einvoice.current_id) for einvoice in einvoices),
        "is_done": is_done,
        "rows": list(_rows(request, results)),
        "summary": _summary(results, is_done),
        "can_book": any(result.why_not is None for result in results),
        "title": _("To purchase invoice"),
    }
    return TemplateResponse(request, "purchase/bulk.html", context)


def _selected(request: HttpRequest, keys: str) -> list[EInvoice]:
    """In the order of the list; those that the user may convert."""
    numbers = _numbers(keys)
    einvoices = EInvoice.objects.filter(pk__in=numbers[:MOST])
    for permission in _NEEDED:
        einvoices = einvoices.where_may(request.user, permission)
    in_order = {number: at for at, number in enumerate(numbers)}
    rows = einvoices.select_related("administration", "current__seller")
    return sorted(rows, key=lambda einvoice: in_order[einvoice.pk])


def _numbers(text: str) -> list[int]:
    return [int(key) for key in text.split(",") if key.isascii() and key.isdecimal() and len(key) < 19]


def _rows(request: HttpRequest, results: list[Result]) -> Iterator[dict[str, Any]]:
    for result in results:
        why = result.why_not
        booked = result.booked
        yield {
            "einvoice": result.einvoice,
            "version": result.einvoice.current_version,
            "booked": booked,
            "may_view_booked": booked and request.user.has_perm("invoices.view_purchaseinvoice", booked),
            "is_ready": why is None,
            "why_not": say(why.template, why.values) if why else "",
        }


def _summary(results: list[Result], is_done: bool) -> str:
    count = sum(result.why_not is None for result in results)
    values = {"count": number_format(count), "all": number_format(len(results))}
    if is_done:
        return ngettext("%(count)s of %(all)s is booked.", "%(count)s of %(all)s are booked.", count) % values
    return (
        ngettext("%(count)s of %(all)s can be booked.", "%(count)s of %(all)s can be booked.", count) % values
    )


def _user(request: HttpRequest) -> Any:
    return request.user
