"""The status of many e-invoices at once: chosen on the list, looked at once more, then changed one by one."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise
from unfold.widgets import UnfoldAdminTextInputWidget

from invoices.models import EInvoice
from invoices.showing.codes import STATUSES
from invoices.showing.timeline import LONGEST_REASON, refusal_in_words
from invoices.statuses.changing import REJECTED, CannotChange, change_status, objection

MOST = 500  # at a time: a few seconds of work
CHANGE_EINVOICE = "invoices.change_einvoice"

Seen = tuple[str, int]
Action = Callable[[Any, HttpRequest, QuerySet[EInvoice]], HttpResponse]


@dataclass(frozen=True)
class Row:
    """An e-invoice, and why it cannot be changed, or could not; "" if it can, or was."""

    einvoice: EInvoice
    refusal: str = ""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason (needed for a rejection)"),
        required=False,
        max_length=LONGEST_REASON,
        widget=UnfoldAdminTextInputWidget(attrs={"autofocus": True}),
    )

    def __init__(self, code: str, *arguments: Any) -> None:
        super().__init__(*arguments, label_suffix="")  # type: ignore[misc]
        self.fields["reason"].required = code == REJECTED


def _action(code: str, name: str, description: StrPromise) -> Action:
    def act(model_admin: Any, request: HttpRequest, queryset: QuerySet[EInvoice]) -> HttpResponse:
        return look(model_admin, request, queryset, code)

    act.__name__ = name
    act.short_description = description  # type: ignore[attr-defined]
    act.allowed_permissions = ("change_status",)  # type: ignore[attr-defined]
    return act


ACTIONS: list[Action] = [
    _action("35", "set_for_approval", gettext_lazy("Set status: For approval")),
    _action("40", "approve", gettext_lazy("Set status: Approved")),
    _action(REJECTED, "reject", gettext_lazy("Set status: Rejected …")),
    _action("60", "set_payable", gettext_lazy("Set status: Payable")),
    _action("70", "set_paid", gettext_lazy("Set status: Paid")),
]
CODES = frozenset({"35", "40", REJECTED, "60", "70"})


def look(
    model_admin: Any, request: HttpRequest, chosen: QuerySet[EInvoice], code: str, form: Any = None
) -> HttpResponse:
    """The page before: what will happen, and what cannot."""
    einvoices = list(chosen[: MOST + 1])
    over = len(einvoices) > MOST
    rows = list(_foreseen(request, einvoices[:MOST], code))
    will_change = [row.einvoice for row in rows if not row.refusal]
    page = {
        "code": code,
        "status": STATUSES[code],
        "will_change": will_change,
        "cannot": [row for row in rows if row.refusal],
        "chosen": chosen.count() if over else len(rows),
        "most": MOST if over else None,
        "form": form or ReasonForm(code),
        "asks_reason": code == REJECTED,
        "documents": json.dumps(
            [[one.pk, one.status_code, one.current_version.version] for one in will_change]
        ),
    }
    return _page(model_admin, request, "invoices/bulk_status.html", page)


def change(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Each on its own, so that one that cannot be changed keeps no other from it. Then what came of each."""
    if not request.user.has_perm(CHANGE_EINVOICE):
        raise PermissionDenied
    code, seen = request.POST.get("code", ""), _documents(request.POST.get("documents", ""))
    if code not in CODES:
        raise BadRequest("There is no such status to choose.")
    found = model_admin.get_queryset(request).where_may(request.user, CHANGE_EINVOICE)
    einvoices = found.filter(pk__in=seen)
    form = ReasonForm(code, request.POST)
    if not form.is_valid():
        return look(model_admin, request, einvoices, code, form)
    reason = form.cleaned_data["reason"]
    rows = [_changed(request, einvoice, code, reason, seen[einvoice.pk]) for einvoice in einvoices]
    page = {
        "status": STATUSES[code],
        "changed": [row.einvoice for row in rows if not row.refusal],
        "refused": [row for row in rows if row.refusal],
        "missing": len(seen) - len(rows),
    }
    return _page(model_admin, request, "invoices/bulk_status_done.html", page)


def _foreseen(request: HttpRequest, einvoices: list[EInvoice], code: str) -> Iterator[Row]:
    rows: Any = EInvoice.objects.filter(pk__in=[einvoice.pk for einvoice in einvoices])
    changeable = set(rows.where_may(request.user, CHANGE_EINVOICE).values_list("pk", flat=True))
    for einvoice in einvoices:
        if einvoice.pk not in changeable:
            yield Row(einvoice, _("You may not change the status of this document."))
        else:
            error = objection(einvoice, code)
            yield Row(einvoice, refusal_in_words(error, einvoice) if error else "")


def _changed(request: HttpRequest, einvoice: EInvoice, code: str, reason: str, seen: Seen) -> Row:
    try:
        status, version = seen
        by = request.user.get_username()
        change_status(einvoice, code, by=by, reason=reason, seen=status, seen_version=version)
    except CannotChange as error:
        return Row(einvoice, refusal_in_words(error, einvoice))
    except EInvoice.DoesNotExist:
        return Row(einvoice, _("This document is not there any more."))
    return Row(einvoice)


def _documents(text: str) -> dict[int, Seen]:
    """The keys with the statuses and versions that the page before showed. Raises BadRequest."""
    try:
        documents = {int(key): (str(status), int(version)) for key, status, version in json.loads(text)}
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise BadRequest("The documents are not as the page sends them.") from None
    if len(documents) > MOST or not all(0 < key < 2**63 for key in documents):
        raise BadRequest("These are no documents that the page sends.")
    return documents


def _page(model_admin: Any, request: HttpRequest, template: str, page: dict[str, Any]) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Set status"),
        "is_of_the_list": True,
        "preserved_filters": model_admin.get_preserved_filters(request),
        "page": page,
    }
    return TemplateResponse(request, template, context)
