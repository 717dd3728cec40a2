"""Purchase invoices: what was booked, and the button that reverses one."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import DropdownFilter, TextFilter

from econnect_admin.models import Administration
from econnect_admin.read_only import ReadOnlyAdmin
from econnect_admin.rights.scoped_admin import AdministrationFilter
from econnect_admin.saying import say
from invoices.admin.filters import PeriodFilter
from invoices.admin.search import possible_amounts
from invoices.conversion.errors import CannotConvert
from invoices.conversion.reversing import reverse
from invoices.models import PurchaseInvoice
from invoices.showing.formats import day, in_column, money
from invoices.showing.purchase import PurchaseInvoicePage, ReversalForm, booking_badge

PurchaseInvoices = QuerySet[PurchaseInvoice]


class SupplierFilter(TextFilter):  # type: ignore[misc]
    title = gettext_lazy("supplier")
    parameter_name = "supplier"

    def queryset(self, request: HttpRequest, queryset: PurchaseInvoices) -> PurchaseInvoices:  # noqa: ARG002
        """By its number, or a part of its name."""
        typed = (self.value() or "").strip()
        if typed.isascii() and typed.isdecimal() and len(typed) < 10:
            return queryset.filter(supplier__number=int(typed))
        return queryset.filter(supplier__name__icontains=typed) if typed else queryset


class StateFilter(DropdownFilter):  # type: ignore[misc]
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [
            ("standing", gettext_lazy("Booked")),
            ("reversed", gettext_lazy("Reversed")),
            ("reversal", gettext_lazy("Reversal")),
        ]

    def queryset(self, request: HttpRequest, queryset: PurchaseInvoices) -> PurchaseInvoices:  # noqa: ARG002
        chosen = {
            "standing": Q(reversal_of=None, reversed_at=None),
            "reversed": Q(reversed_at__isnull=False),
            "reversal": Q(reversal_of__isnull=False),
        }
        return queryset.filter(chosen.get(self.value(), Q()))


class PeriodOfBooksFilter(TextFilter):  # type: ignore[misc]
    title = gettext_lazy("period")
    parameter_name = "period"

    def queryset(self, request: HttpRequest, queryset: PurchaseInvoices) -> PurchaseInvoices:  # noqa: ARG002
        typed = (self.value() or "").strip()
        return queryset.filter(period__startswith=typed) if typed else queryset


@admin.register(PurchaseInvoice)
class PurchaseInvoiceAdmin(ReadOnlyAdmin):
    page_template = "purchase/purchase_invoice.html"
    whence = gettext_lazy("An e-invoice that is booked comes here: choose To purchase invoice on its page.")
    list_display = (
        "number",
        "supplier_name",
        "document",
        "booked_on",
        "period",
        "due",
        "amount",
        "state",
    )
    list_display_links = ("number",)
    export_columns = (
        "administration",
        "number",
        "supplier__number",
        "supplier__name",
        "document_number",
        "kind",
        "issue_date",
        "due_date",
        "booking_date",
        "period",
        "currency",
        "tax_exclusive",
        "tax_total",
        "tax_inclusive",
        "payable",
        "created_by",
        "created_at",
        "reversed_at",
    )
    list_filter = (
        ("administration", AdministrationFilter),
        SupplierFilter,
        ("booking_date", PeriodFilter),
        PeriodOfBooksFilter,
        StateFilter,
    )
    list_select_related = ("administration", "supplier")
    ordering = ("-pk",)
    search_fields = ("number",)
    search_help_text = gettext_lazy("Number, document number, supplier or amount")

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """With the administration, where there are several."""
        columns = list(super().get_list_display(request))
        if Administration.objects.where_may(request.user, "invoices.view_purchaseinvoice").count() > 1:
            columns.insert(2, "administration")
        return columns

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        queryset: PurchaseInvoices,
        search_term: str,
    ) -> tuple[PurchaseInvoices, bool]:
        found = Q()
        for word in search_term[:_LONGEST_TEXT].split():
            found &= (
                Q(number__icontains=word)
                | Q(document_number__icontains=word)
                | Q(supplier__name__icontains=word)
            )
        amounts = Q(payable__in=possible_amounts(search_term[:_LONGEST_TEXT]))
        return (queryset.filter(found | amounts) if found else queryset), False

    def page_of(self, request: HttpRequest, row: PurchaseInvoice) -> PurchaseInvoicePage:
        return PurchaseInvoicePage(row, request.user, request.GET.get("page"))  # type: ignore[arg-type]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.reverse_view)
        name = "invoices_purchaseinvoice_reverse"
        return [path("<int:object_id>/reverse/", view, name=name), *super().get_urls()]

    def reverse_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Reverse it, or show the page again with the form as it was sent."""
        invoice = self.viewable(request, str(object_id))
        if invoice is None:
            raise Http404
        if not request.user.has_perm("invoices.reverse_purchaseinvoice", invoice):
            raise PermissionDenied
        if request.method != "POST":
            return redirect("admin:invoices_purchaseinvoice_change", invoice.pk)
        form = ReversalForm(request.POST)
        if reversal := self._reverse(request, invoice, form):
            return redirect("admin:invoices_purchaseinvoice_change", reversal.pk)
        invoice.refresh_from_db()  # somebody else may have been faster
        page = self.page_of(request, invoice)
        page.form = form
        return self.show(request, invoice, page)

    def _reverse(
        self, request: HttpRequest, invoice: PurchaseInvoice, form: ReversalForm
    ) -> PurchaseInvoice | None:
        """None if it cannot be; the person is told either way."""
        if not form.is_valid():
            for name, errors in form.errors.items():
                messages.error(request, f"{form.fields[name].label}: {errors[0]}")
            return None
        try:
            reversal = reverse(invoice, request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except CannotConvert as error:
            messages.error(request, say(error.wording.template, error.wording.values))
            return None
        messages.success(
            request, _("Reversed by %s. The e-invoice can be converted again.") % reversal.number
        )
        return reversal

    @admin.display(description=gettext_lazy("supplier"), ordering="supplier__name")
    def supplier_name(self, invoice: PurchaseInvoice) -> str:
        return in_column(invoice.supplier)

    @admin.display(description=gettext_lazy("document number"), ordering="document_number")
    def document(self, invoice: PurchaseInvoice) -> str:
        return in_column(invoice.document_number, "ec-short")

    @admin.display(description=gettext_lazy("booking date"), ordering="booking_date")
    def booked_on(self, invoice: PurchaseInvoice) -> str:
        return day(invoice.booking_date)

    @admin.display(description=gettext_lazy("due date"), ordering="due_date", empty_value="")
    def due(self, invoice: PurchaseInvoice) -> str:
        return day(invoice.due_date)

    @admin.display(description=gettext_lazy("amount"), ordering="payable")
    def amount(self, invoice: PurchaseInvoice) -> str:
        return format_html('<span class="ec-amount">{}</span>', money(invoice.payable, invoice.currency))

    @admin.display(description=gettext_lazy("state"))
    def state(self, invoice: PurchaseInvoice) -> str:
        return booking_badge(invoice)


_LONGEST_TEXT = 200
