"""The filters beside the list of e-invoices."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import DateField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter, TextFilter

from econnect_admin.foreign_text import harmless
from econnect_admin.interface import OF_ADMINISTRATION
from econnect_admin.rights.authorisation import administrations_where
from invoices.admin.facets import EInvoices, Facet, SupplierFacet
from invoices.showing.codes import SETTLED_STATUSES, STATUSES
from invoices.ubl.facts import SELF_BILLED_TYPE_CODES


class PeriodFilter(RangeDateFilter):  # type: ignore[misc]
    """From a day to a day, as the user's language writes days; django-unfold's own reads American ones."""

    def queryset(self, request: HttpRequest, queryset: EInvoices) -> EInvoices:
        for end, comparison in (("from", "gte"), ("to", "lte")):
            typed = self.used_parameters.get(f"{self.parameter_name}_{end}")
            try:
                day = DateField(required=False).clean(typed)
            except ValidationError:
                messages.error(request, self._no_date(str(typed)))
                return queryset.none()
            if day:
                queryset = queryset.filter(**{f"{self.field_path}__{comparison}": day})
        return queryset

    def _no_date(self, typed: str) -> str:
        example = date_format(timezone.localdate(), "SHORT_DATE_FORMAT")
        return gettext(
            'In the filter on %(field)s stands "%(typed)s", which is no date; '
            "write it as %(example)s. Until then nothing is shown."
        ) % {"field": self.title, "typed": harmless(typed), "example": example}


class AdministrationFacet(Facet):
    """Where there are several."""

    title = _("administration")
    parameter_name = OF_ADMINISTRATION

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        permission = f"{model_admin.opts.app_label}.view_{model_admin.opts.model_name}"
        rows = administrations_where(request.user, permission)
        choices = [(str(row.pk), harmless(row)) for row in rows]
        return choices if len(choices) > 1 else []

    def conditions(self) -> dict[str, Q]:
        return {value: Q(administration=int(value)) for value, _words in self.lookup_choices}


class StatusFacet(Facet):
    template = "invoices/first_facet.html"
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return list(STATUSES.items())

    def conditions(self) -> dict[str, Q]:
        return {code: Q(status_code=code) for code in STATUSES}


class DueFacet(Facet):
    """When an invoice is to be paid. A credit note is not."""

    title = _("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [
            ("overdue", _("Overdue")),
            ("week", _("Within a week")),
            ("later", _("Later")),
            ("settled", _("Settled")),
        ]

    def conditions(self) -> dict[str, Q]:
        today = timezone.localdate()
        week = today + timedelta(days=7)
        settled = Q(status_code__in=SETTLED_STATUSES)
        to_pay = ~settled & Q(current__kind="invoice")
        return {
            "overdue": to_pay & Q(current__due_date__lt=today),
            "week": to_pay & Q(current__due_date__gte=today, current__due_date__lte=week),
            "later": to_pay & Q(current__due_date__gt=week),
            "settled": settled,
        }


class KindFacet(Facet):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [
            ("invoice", _("Invoice")),
            ("credit_note", _("Credit note")),
            ("self_billed", _("Self-billed")),
        ]

    def conditions(self) -> dict[str, Q]:
        self_billed = Q(current__type_code__in=SELF_BILLED_TYPE_CODES)
        return {
            "invoice": Q(current__kind="invoice") & ~self_billed,
            "credit_note": Q(current__kind="credit_note") & ~self_billed,
            "self_billed": self_billed,
        }


class ProblemsFacet(Facet):
    title = _("findings")
    parameter_name = "problems"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("yes", _("With findings")), ("no", _("Without findings"))]

    def conditions(self) -> dict[str, Q]:
        none = Q(current__findings=[])
        return {"yes": ~none, "no": none}


class SellerFacet(SupplierFacet):
    title = _("supplier")
    parameter_name = "seller"


class SupplierFilter(TextFilter):  # type: ignore[misc]
    """For the many that are not offered."""

    title = _("name of the supplier")
    parameter_name = "supplier"

    def queryset(self, request: HttpRequest, queryset: EInvoices) -> EInvoices:  # noqa: ARG002
        name = (self.value() or "").strip()
        if not name:
            return queryset
        return queryset.filter(
            Q(current__seller__name__icontains=name) | Q(current__seller__trading_name__icontains=name)
        )


class ReceivedFilter(DropdownFilter):  # type: ignore[misc]
    """What was received from a moment up to another, `FROM_TO` in ISO 8601: where a run links to.

    It is there only while it narrows the list, so that it can be taken away.
    """

    title = _("received")
    parameter_name = "received"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        chosen = request.GET.get(self.parameter_name, "")
        if not (moments := self._moments(chosen)):
            return []
        days = [date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") for moment in moments]
        return [(chosen, " – ".join(days))]

    def queryset(self, request: HttpRequest, queryset: EInvoices) -> EInvoices:  # noqa: ARG002
        moments = self._moments(self.value() or "")
        return queryset.filter(received_at__range=moments) if moments else queryset

    def _moments(self, written: str) -> tuple[datetime, datetime] | None:
        first, _underscore, last = written.partition("_")
        try:
            moments = datetime.fromisoformat(first), datetime.fromisoformat(last)
        except ValueError:
            return None
        are_possible = all(timezone.is_aware(moment) and 1900 < moment.year < 2200 for moment in moments)
        return moments if are_possible else None
