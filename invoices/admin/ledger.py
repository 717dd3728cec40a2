"""Ledger accounts, VAT codes, and which VAT code a category and rate gets."""

from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import DecimalField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from econnect_admin.models import Administration
from econnect_admin.rights.authorisation import administrations_where
from econnect_admin.rights.scoped_admin import AdministrationFilter, ScopedAdmin
from invoices.conversion.standard import set_up_ledger
from invoices.models import LedgerAccount, VatCode, VatMapping
from invoices.showing.formats import number, plain


class RateInput(UnfoldAdminDecimalFieldWidget):  # type: ignore[misc]
    """Without the zeros of the column: 21.000 reads as twenty-one thousand."""

    def format_value(self, value: Any) -> str | None:
        shown: str | None = super().format_value(plain(value) if isinstance(value, Decimal) else value)
        return shown


class OfAnAdministration(ScopedAdmin):
    """Stays of the administration that it was added to."""

    list_filter = (("administration", AdministrationFilter),)
    list_select_related: tuple[str, ...] = ("administration",)
    formfield_overrides = {DecimalField: {"widget": RateInput}}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("administration",) if obj else ()

    @admin.display(description=gettext_lazy("rate"), ordering="rate", empty_value="")
    def percentage(self, row: VatCode | VatMapping) -> str | None:
        return None if row.rate is None else f"{number(Decimal(plain(row.rate)))}%"


@admin.register(LedgerAccount)
class LedgerAccountAdmin(OfAnAdministration):
    list_display = export_columns = ("code", "name", "administration")
    list_display_links = ("code",)
    search_fields = ("code", "name")
    list_before_template = "purchase/standard_ledger.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the administrations that have none yet."""
        administrations = administrations_where(request.user, "invoices.add_ledgeraccount")
        empty = administrations.filter(ledgeraccounts=None, vatcodes=None)[:_MOST_SHOWN]
        answer: HttpResponse = super().changelist_view(
            request, {"without_ledger": empty, **(extra_context or {})}
        )
        return answer

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.standard_view)
        route = "standard/<int:administration>/"
        return [path(route, view, name="invoices_ledgeraccount_standard"), *super().get_urls()]

    @method_decorator(require_POST)
    def standard_view(self, request: HttpRequest, administration: int) -> HttpResponse:
        row = get_object_or_404(Administration, pk=administration)
        needed = [f"invoices.add_{model}" for model in ("ledgeraccount", "vatcode", "vatmapping")]
        if not all(request.user.has_perm(permission, row) for permission in needed):
            raise PermissionDenied
        if set_up_ledger(row):
            messages.success(request, _("The standard ledger accounts, VAT codes and VAT mapping are there."))
        else:
            messages.info(request, _("There are ledger accounts or VAT codes already; nothing is changed."))
        return redirect("admin:invoices_ledgeraccount_changelist")


@admin.register(VatCode)
class VatCodeAdmin(OfAnAdministration):
    list_display = ("code", "name", "percentage", "administration")
    export_columns = ("code", "name", "rate", "administration")
    list_display_links = ("code",)
    search_fields = ("code", "name")


@admin.register(VatMapping)
class VatMappingAdmin(OfAnAdministration):
    list_display = ("category_in_words", "percentage", "vat_code", "ledger_account", "administration")
    list_display_links = ("category_in_words",)
    list_select_related = ("administration", "vat_code", "ledger_account")
    export_columns = ("administration", "category", "rate", "vat_code", "ledger_account")
    fields = ("administration", "category", "rate", "vat_code", "ledger_account")

    @admin.display(description=VatMapping._meta.get_field("category").verbose_name, ordering="category")
    def category_in_words(self, mapping: VatMapping) -> str:
        return format_html("{} · {}", mapping.category, mapping.get_category_display())


_MOST_SHOWN = 20
