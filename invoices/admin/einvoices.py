"""The list of e-invoices, and the way to each of them."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RelatedDropdownFilter

from invoices.admin import downloads
from invoices.admin.filters import KindFilter, PeriodFilter, ProblemsFilter, StatusFilter, SupplierFilter
from invoices.admin.search import matching
from invoices.models import Attachment, EInvoice
from invoices.showing.badges import badge, status_badge
from invoices.showing.page import InvoicePage
from invoices.templatetags.documents import money
from invoices.ubl.facts import SELF_BILLED_TYPE_CODES

# What a row of the list shows, and no more: versions are wide.
_OF_LIST = (
    "administration__name",
    "administration__code",
    "external_id",
    "status_code",
    "allowed_statuses",
    "received_at",
    "current__number",
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
class EInvoiceAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = (
        "number",
        "supplier",
        "issue_date",
        "due_date",
        "amount",
        "status",
        "problems",
        "attachments",
    )
    list_display_links = ("number",)
    list_filter = (
        ("administration", RelatedDropdownFilter),
        StatusFilter,
        SupplierFilter,
        ("current__issue_date", PeriodFilter),
        ("current__due_date", PeriodFilter),
        KindFilter,
        ProblemsFilter,
    )
    list_filter_submit = True
    list_fullwidth = True
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-received_at", "-id")
    search_fields = ("current__number",)
    search_help_text = gettext_lazy("Number, supplier or amount")
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

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
        text = search_term.replace("\0", "").strip()
        return (matching(queryset, text) if text else queryset), False

    @admin.display(description=gettext_lazy("number"), ordering="current__number")
    def number(self, einvoice: Row) -> str:
        version = einvoice.current
        number = version.number or _("without a number")
        kinds = []
        if version.kind == "credit_note":
            kinds.append(badge(_("Credit note"), "info"))
        if version.type_code in SELF_BILLED_TYPE_CODES:
            kinds.append(badge(_("Self-billed"), "primary"))
        return format_html('<span class="ec-clip ec-short">{}</span> {}', number, SafeString(" ".join(kinds)))

    @admin.display(description=gettext_lazy("supplier"), ordering="current__seller__name")
    def supplier(self, einvoice: Row) -> str:
        return format_html('<span class="ec-clip">{}</span>', einvoice.current.seller)

    @admin.display(description=gettext_lazy("invoice date"), ordering="current__issue_date")
    def issue_date(self, einvoice: Row) -> Any:
        return einvoice.current.issue_date

    @admin.display(description=gettext_lazy("due date"), ordering="current__due_date")
    def due_date(self, einvoice: Row) -> Any:
        return einvoice.current.due_date

    @admin.display(description=gettext_lazy("amount"), ordering="current__payable")
    def amount(self, einvoice: Row) -> str:
        version = einvoice.current
        return format_html('<span class="ec-amount">{}</span>', money(version.payable, version.currency))

    @admin.display(description=gettext_lazy("status"), ordering="status_code")
    def status(self, einvoice: EInvoice) -> str:
        return status_badge(einvoice)

    @admin.display(description=gettext_lazy("problems"), ordering="problem_count", empty_value="")
    def problems(self, einvoice: Row) -> str | None:
        return badge(einvoice.problem_count, "warning") if einvoice.problem_count else None

    @admin.display(description=gettext_lazy("attachments"), ordering="attachment_count", empty_value="")
    def attachments(self, einvoice: Row) -> int | None:
        return einvoice.attachment_count or None

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 - there is no form
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        einvoice = self._viewable(request, object_id)
        if einvoice is None:
            redirect: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return redirect
        page = InvoicePage(einvoice, request.GET.get("version"), request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(page.version),
            "original": einvoice,
            "page": page,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "invoices/einvoice.html", context)

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
            *super().get_urls(),
        ]

    def original_view(self, request: HttpRequest, object_id: int, version: int) -> HttpResponseBase:
        return downloads.original(self._viewable(request, str(object_id)), version)

    def attachment_view(
        self, request: HttpRequest, object_id: int, version: int, position: int
    ) -> HttpResponseBase:
        return downloads.attachment(self._viewable(request, str(object_id)), version, position)

    def _viewable(self, request: HttpRequest, object_id: str) -> EInvoice | None:
        """The e-invoice, None if there is none. Raises PermissionDenied."""
        einvoice: EInvoice | None = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, einvoice):
            raise PermissionDenied
        return einvoice
