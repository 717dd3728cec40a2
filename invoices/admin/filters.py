"""The filters beside the list of e-invoices."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import DateField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    DropdownFilter,
    MultipleDropdownFilter,
    RangeDateFilter,
    TextFilter,
)

from econnect_admin.foreign_text import harmless
from invoices.models import EInvoice
from invoices.showing.codes import STATUSES
from invoices.ubl.facts import SELF_BILLED_TYPE_CODES

EInvoices = QuerySet[EInvoice]


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


class StatusFilter(MultipleDropdownFilter):  # type: ignore[misc]
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return list(STATUSES.items())

    def queryset(self, request: HttpRequest, queryset: EInvoices) -> EInvoices:  # noqa: ARG002
        codes = [code for code in self.value() or [] if code]
        return queryset.filter(status_code__in=codes) if codes else queryset


class SupplierFilter(TextFilter):  # type: ignore[misc]
    title = _("supplier")
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
        return moments if all(map(timezone.is_aware, moments)) else None


class ProblemsFilter(DropdownFilter):  # type: ignore[misc]
    title = _("problems")
    parameter_name = "problems"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("yes", _("With problems")), ("no", _("Without problems"))]

    def queryset(self, request: HttpRequest, queryset: EInvoices) -> EInvoices:  # noqa: ARG002
        choices = {
            "yes": queryset.exclude(current__findings=[]),
            "no": queryset.filter(current__findings=[]),
        }
        return choices.get(self.value(), queryset)


class KindFilter(DropdownFilter):  # type: ignore[misc]
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [
            ("invoice", _("Invoice")),
            ("credit_note", _("Credit note")),
            ("self_billed", _("Self-billed")),
        ]

    def queryset(self, request: HttpRequest, queryset: EInvoices) -> EInvoices:  # noqa: ARG002
        if self.value() == "self_billed":
            return queryset.filter(current__type_code__in=SELF_BILLED_TYPE_CODES)
        return queryset.filter(current__kind=self.value()) if self.value() else queryset
