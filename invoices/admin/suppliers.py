"""Suppliers, with their known IBANs and what was booked of them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from econnect_admin.models import Administration
from econnect_admin.rights.scoped_admin import AdministrationFilter, ScopedAdmin, may
from invoices.conversion import identifiers
from invoices.conversion.numbers import books_of, next_supplier_number
from invoices.models import PurchaseInvoice, Supplier, SupplierIban
from invoices.showing.formats import in_column

_DEFAULTS = ("default_ledger_account", "default_vat_code")
_MOST_SHOWN = 50


class SupplierForm(forms.ModelForm[Supplier]):
    class Meta:
        model = Supplier
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        """Nobody adds the same supplier between the check that follows and the end of the transaction."""
        data = super().clean() or self.cleaned_data
        administration = self.instance.administration_id or getattr(data.get("administration"), "pk", None)
        if administration and transaction.get_connection().in_atomic_block:
            Administration.objects.select_for_update(no_key=True).get(pk=administration)
        return data


class SupplierIbanForm(forms.ModelForm[SupplierIban]):
    iban = forms.CharField(label="IBAN", max_length=100)

    class Meta:
        model = SupplierIban
        fields = ("iban",)

    def clean_iban(self) -> str:
        iban = identifiers.account_number(self.cleaned_data["iban"])
        if self.instance.supplier_id and self.instance.supplier.ibans.filter(iban=iban).exists():
            raise ValidationError(_("This IBAN is known already."))
        return iban


class SupplierIbanInline(TabularInline):  # type: ignore[misc]
    """Known IBANs: who adds one here confirms it. One is added or taken away, never changed."""

    model = SupplierIban
    form = SupplierIbanForm
    fields = ("iban", "confirmed_by", "confirmed_at")
    readonly_fields = ("confirmed_by", "confirmed_at")
    extra = 0
    hide_title = True
    max_num = 100

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, "invoices.view_supplieriban", obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, "invoices.add_supplieriban", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, "invoices.delete_supplieriban", obj)


@admin.register(Supplier)
class SupplierAdmin(ScopedAdmin):
    form = SupplierForm
    inlines = (SupplierIbanInline,)
    list_display = ("shown_name", "shown_number", "vat_id", "legal_id", "place", "invoice_count")
    list_display_links = ("shown_name",)
    export_columns = ("administration", "number", "name", "vat_id", "legal_id", "endpoint", "city", "country")
    list_filter = (("administration", AdministrationFilter),)
    list_select_related = ("administration",)
    search_fields = ("name", "=number", "vat_id", "legal_id", "ibans__iban")
    search_help_text = _("Name, number, VAT number, company number or IBAN")
    show_facets = admin.ShowFacets.NEVER
    change_form_outer_after_template = "purchase/supplier_invoices.html"

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """With the administration, where there are several."""
        columns = list(super().get_list_display(request))
        if Administration.objects.where_may(request.user, "invoices.view_supplier").count() > 1:
            columns.insert(2, "administration")
        return columns

    def get_queryset(self, request: HttpRequest) -> QuerySet[Supplier]:
        invoices = PurchaseInvoice.objects.visible_to(request.user).standing().filter(supplier=OuterRef("pk"))
        counted = invoices.order_by().values("supplier").annotate(count=Count("pk")).values("count")
        queryset: QuerySet[Supplier] = super().get_queryset(request)
        return queryset.annotate(invoices_in_all=Subquery(counted))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """The accounts and codes to choose from are those of its administration: first it has one."""
        general = ["administration", "shown_number", "name"] if obj else ["administration", "name"]
        numbers = [("legal_id", "legal_id_scheme"), "vat_id", ("endpoint", "endpoint_scheme")]
        address = ["street", ("postal_code", "city"), "country"]
        sets = [
            (None, {"fields": general}),
            (_("Known by"), {"fields": numbers}),
            (_("Address"), {"fields": address}),
        ]
        return [*sets, (_("Defaults"), {"fields": list(_DEFAULTS)})] if obj else sets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Defaults that one may not look up one may not choose either."""
        if obj is None:
            return ()
        may_choose = may(request, "invoices.view_ledgeraccount", obj.administration)
        return ("administration", "shown_number", *(() if may_choose else _DEFAULTS))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        for name in _DEFAULTS:
            if obj and name in form.base_fields:
                field = form.base_fields[name]
                field.queryset = field.queryset.filter(administration=obj.administration_id)
        return form

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:  # noqa: ARG002
        return self.inlines if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """What was booked stays, and so does of whom."""
        return False

    def save_model(self, request: HttpRequest, obj: Supplier, form: Any, change: bool) -> None:
        with books_of(obj.administration_id) as administration:
            if not change:
                obj.number = next_supplier_number(administration)
                obj.created_by = request.user.get_username()
            super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: ARG002
        for row in formset.save(commit=False):
            row.confirmed_by = request.user.get_username()
            row.save()
        for row in formset.deleted_objects:
            row.delete()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        supplier = kwargs.get("obj")
        if supplier and request.user.has_perm("invoices.view_purchaseinvoice"):
            booked = PurchaseInvoice.objects.visible_to(request.user).filter(supplier=supplier)
            newest = list(booked.select_related("reversal_of")[: _MOST_SHOWN + 1])
            context |= {"booked": newest[:_MOST_SHOWN], "has_more": len(newest) > _MOST_SHOWN}
            context["booked_of"] = supplier
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, supplier: Supplier) -> str:
        return in_column(supplier)

    @admin.display(description=_("number"), ordering="number")
    def shown_number(self, supplier: Supplier) -> str:
        return str(supplier.number)

    @admin.display(description=_("city"), ordering="city", empty_value="")
    def place(self, supplier: Supplier) -> str | None:
        return in_column(supplier.city) if supplier.city else None

    @admin.display(description=_("purchase invoices"), ordering="invoices_in_all", empty_value="")
    def invoice_count(self, supplier: Any) -> int | None:
        count: int | None = supplier.invoices_in_all
        return count
