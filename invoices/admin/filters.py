"""The filters beside the list of e-invoices."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import DateField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    DropdownFilter,
    MultipleDropdownFilter,
    RangeDateFilter,
    TextFilter,
)

from invoices.models import EInvoice
from invoices.showing.codes import STATUSES
from invoices.ubl.facts import SELF_BILLED_TYPE_CODES

EInvoices = QuerySet[EInvoice]


class PeriodFilter(RangeDateFilter):  # type: ignore[misc]
    """From a day to a day, as the user's language writes days; django-unfold's own reads American ones."""

    def queryset(self, request: HttpRequest, queryset: EInvoices) -> EInvoices:  # noqa: ARG002
        try:
            first, last = self._day("from"), self._day("to")
        except ValidationError:
            return queryset.none()
        if first:
            queryset = queryset.filter(**{f"{self.field_path}__gte": first})
        if last:
            queryset = queryset.filter(**{f"{self.field_path}__lte": last})
        return queryset

    def _day(self, end: str) -> date | None:
        """Raises ValidationError if what was typed is no day."""
        typed = self.used_parameters.get(f"{self.parameter_name}_{end}")
        day: date | None = DateField(required=False).clean(typed)
        return day


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


class ProblemsFilter(DropdownFilter):  # type: ignore[misc]
    title = _("problems")
    parameter_name = "problems"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("yes", _("With problems")), ("no", _("Without problems"))]

    def queryset(self, request: HttpRequest, queryset: EInvoices) -> EInvoices:  # noqa: ARG002
        if self.value() == "yes":
            return queryset.exclude(current__findings=[])
        if self.value() == "no":
            return queryset.filter(current__findings=[])
        return queryset


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
