"""The list of e-invoices, and the way to each of them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Count, F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from econnect_admin.foreign_text import harmless
from econnect_admin.models import Administration
from invoices.admin import bulk_conversion, bulk_status, downloads, statuses
from invoices.admin.conversion import ConversionViews
from invoices.admin.document_views import DocumentPages
from invoices.admin.facets import count
from invoices.admin.filters import (
    AdministrationFacet,
    DueFacet,
    KindFacet,
    PeriodFilter,
    ProblemsFacet,
    ReceivedFilter,
    SellerFacet,
    StatusFacet,
    SupplierFilter,
)
from invoices.admin.neighbours import neighbours_of
from invoices.admin.search import matching
from invoices.admin.views import views
from invoices.models import Attachment, EInvoice
from invoices.showing import export
from invoices.showing.badges import badge, kind_badges, status_badge
from invoices.showing.codes import SETTLED_STATUSES
from invoices.showing.formats import day, in_column, money
from invoices.showing.page import InvoicePage
from invoices.showing.timeline import refusal_in_words
from invoices.statuses.changing import CannotChange

# What a row of the list shows, and no more: versions are wide.
_OF_LIST = (
    "administration__name",
    "administration__code",
    "external_id",
    "status_code",
    "allowed_statuses",
    "received_at",
    "current__number",
    "current__version",
    "current__kind",
    "current__type_code",
    "current__issue_date",
    "current__due_date",
    "current__currency",
    "current__payable",
    "current__seller__name",
    "current__seller__trading_name",
)

Row = Any  # an e-invoice of get_queryset(): with its current version, and counts


@admin.register(EInvoice)
class EInvoiceAdmin(ConversionViews, DocumentPages):
    page_template = "invoices/einvoice.html"
    whence = gettext_lazy("An import brings them in; Start says what is yet to be set up for that.")
    list_display = (
        "number",
        "supplier",
        "issue_date",
        "due_date",
        "amount",
        "status",
        "booked",
        "problems",
        "attachments",
    )
    list_display_links = ("number",)
    actions = [*bulk_status.ACTIONS, bulk_conversion.convert_selected]
    list_filter = (
        StatusFacet,
        DueFacet,
        ProblemsFacet,
        KindFacet,
        AdministrationFacet,
        SellerFacet,
        SupplierFilter,
        ("current__issue_date", PeriodFilter),
        ("current__due_date", PeriodFilter),
        ReceivedFilter,
    )
    list_before_template = "invoices/views.html"
    export_columns = export.COLUMNS
    ordering = ("-received_at", "-id")
    search_fields = ("current__number",)
    search_help_text = gettext_lazy("Number, supplier, amount, order or IBAN")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "views": views(request)})

    def exported(self, rows: QuerySet[EInvoice]) -> QuerySet[EInvoice]:
        return export.with_all(rows)

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """With the administration, where there are several."""
        columns = list(super().get_list_display(request))
        if Administration.objects.where_may(request.user, "invoices.view_einvoice").count() > 1:
            columns.insert(2, "administration_name")
        return columns

    def get_queryset(self, request: HttpRequest) -> QuerySet[EInvoice]:
        attachments = (
            Attachment.objects.filter(version=OuterRef("current"))
            .order_by()
            .values("version")
            .annotate(count=Count("pk"))
            .values("count")
        )
        queryset: QuerySet[EInvoice] = super().get_queryset(request)
        return (
            queryset.select_related("administration", "current__seller")
            .only(*_OF_LIST)
            .annotate(
                problem_count=Func(
                    F("current__findings"), function="jsonb_array_length", output_field=IntegerField()
                ),
                attachment_count=Coalesce(Subquery(attachments), 0),
            )
        )

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[EInvoice],
        search_term: str,
    ) -> tuple[QuerySet[EInvoice], bool]:
        return matching(queryset, search_term), False

    def page_of(self, request: HttpRequest, row: EInvoice) -> InvoicePage:
        page = InvoicePage(
            row,
            request.GET.get("version"),
            request.GET.get("page"),
            request.user,
            neighbours_of(self, request, row),
        )
        page.status.typed_reason = statuses.kept_reason(request, row)
        return page

    @admin.display(description=gettext_lazy("number"), ordering="current__number")
    def number(self, einvoice: Row) -> str:
        version = einvoice.current
        number = in_column(version.number or _("without a number"), "ec-short")
        return format_html("{} {}", number, kind_badges(version))

    @admin.display(description=gettext_lazy("supplier"), ordering="current__seller__name")
    def supplier(self, einvoice: Row) -> str:
        return in_column(einvoice.current.seller)

    @admin.display(description=gettext_lazy("administration"), ordering="administration__name")
    def administration_name(self, einvoice: Row) -> str:
        return in_column(einvoice.administration.name, "ec-short")

    @admin.display(description=gettext_lazy("invoice date"), ordering="current__issue_date")
    def issue_date(self, einvoice: Row) -> str:
        return day(einvoice.current.issue_date)

    @admin.display(description=gettext_lazy("due date"), ordering="current__due_date")
    def due_date(self, einvoice: Row) -> str:
        version = einvoice.current
        due, is_settled = version.due_date, einvoice.status_code in SETTLED_STATUSES
        if not due or due >= timezone.localdate() or is_settled or version.is_credit_note:
            return day(due)
        return format_html('<span class="ec-alarm" title="{}">{}</span>', _("overdue"), day(due))

    @admin.display(description=gettext_lazy("amount"), ordering="current__payable")
    def amount(self, einvoice: Row) -> str:
        version = einvoice.current
        amount = money(version.payable, version.currency)
        if version.is_credit_note and amount:
            amount = format_html('<span class="ec-credit">{}</span> {}', _("credit"), amount)
        return format_html('<span class="ec-amount">{}</span>', amount)

    @admin.display(description=gettext_lazy("status"), ordering="status_code")
    def status(self, einvoice: EInvoice) -> str:
        return status_badge(einvoice)

    @admin.display(description=gettext_lazy("findings"), ordering="problem_count", empty_value="")
    def problems(self, einvoice: Row) -> str | None:
        return badge(einvoice.problem_count, "warning") if einvoice.problem_count else None

    @admin.display(description=gettext_lazy("attachments"), ordering="attachment_count", empty_value="")
    def attachments(self, einvoice: Row) -> int | None:
        return einvoice.attachment_count or None

    def get_urls(self) -> list[URLPattern]:
        def named(route: str, view: Any, name: str) -> URLPattern:
            pattern: URLPattern = path(
                route, self.admin_site.admin_view(view), name=f"invoices_einvoice_{name}"
            )
            return pattern

        of_version = "<int:object_id>/versions/<int:version>"
        return [
            named(f"{of_version}/original/", self.original_view, "original"),
            named(f"{of_version}/attachments/<int:position>/", self.attachment_view, "attachment"),
            named("facets/", self.facets_view, "facets"),
            named("bulk-status/", self.bulk_status_view, "bulk_status"),
            named("<int:object_id>/status/", self.status_view, "status"),
            named("<int:object_id>/status/<int:change>/retry/", self.retry_view, "retry"),
            named("<int:object_id>/status/<int:change>/withdraw/", self.withdraw_view, "withdraw"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def facets_view(self, request: HttpRequest) -> HttpResponse:
        """The choices of the filters with their counts, for the panel that is seen."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            changelist = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            raise BadRequest("The list has no such filter.") from None
        facets = [
            {"spec": facet, "choices": list(facet.choices(changelist))}
            for facet in count(changelist, request)
        ]
        return TemplateResponse(request, "invoices/facets.html", {"facets": facets})

    @method_decorator(require_safe)
    def original_view(self, request: HttpRequest, object_id: int, version: int) -> HttpResponseBase:
        einvoice = self.viewable(request, str(object_id))
        if einvoice and not request.user.has_perm("invoices.view_original", einvoice):
            raise PermissionDenied
        return downloads.original(einvoice, version)

    @method_decorator(require_safe)
    def attachment_view(
        self, request: HttpRequest, object_id: int, version: int, position: int
    ) -> HttpResponseBase:
        return downloads.attachment(self.viewable(request, str(object_id)), version, position)

    def has_change_status_permission(self, request: HttpRequest) -> bool:
        """Of some of them: which, an action asks for each."""
        return request.user.has_perm(bulk_status.CHANGE_EINVOICE)

    @method_decorator(require_POST)
    def bulk_status_view(self, request: HttpRequest) -> HttpResponse:
        return bulk_status.change(self, request)

    @method_decorator(require_POST)
    def status_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._steer(request, object_id, partial(statuses.set_status, request))

    @method_decorator(require_POST)
    def retry_view(self, request: HttpRequest, object_id: int, change: int) -> HttpResponse:
        return self._steer(request, object_id, partial(statuses.send_again, key=change))

    @method_decorator(require_POST)
    def withdraw_view(self, request: HttpRequest, object_id: int, change: int) -> HttpResponse:
        return self._steer(request, object_id, partial(statuses.take_back, key=change))

    def _steer(self, request: HttpRequest, object_id: int, act: Callable[[EInvoice], str]) -> HttpResponse:
        """Do it, say how that went, and come back. Raises Http404 or PermissionDenied."""
        einvoice = self.viewable(request, str(object_id))
        if einvoice is None:
            raise Http404
        if not request.user.has_perm("invoices.change_einvoice", einvoice):
            raise PermissionDenied
        shown = einvoice.pk
        try:
            said = act(einvoice)
        except CannotChange as error:
            messages.error(request, refusal_in_words(error, einvoice))
            statuses.keep_reason(request, einvoice)
        else:
            if request.POST.get("then") == "next":
                shown = neighbours_of(self, request, einvoice).next or shown
            messages.success(request, said if shown == einvoice.pk else f"{harmless(einvoice)}: {said}")
        kept = {"opts": self.opts, "preserved_filters": self.get_preserved_filters(request)}
        page = reverse("admin:invoices_einvoice_change", args=[shown])
        return redirect(add_preserved_filters(kept, page))
