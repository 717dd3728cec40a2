"""Converting e-invoices, as views of their admin: one by one, and a selection of the list."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from econnect_admin.foreign_text import harmless
from econnect_admin.saying import say
from invoices.admin.bulk_conversion import convert_selected_view
from invoices.admin.neighbours import neighbours_of
from invoices.conversion.converting import Incomplete, convert
from invoices.conversion.errors import CannotConvert
from invoices.conversion.proposal import NEW, Proposal, propose
from invoices.models import EInvoice, PurchaseInvoice, Supplier
from invoices.showing.booking_form import chosen_of, decision_of
from invoices.showing.conversion import ConversionPage, may_convert


class ConversionViews:
    """To stand before the base of the admin of e-invoices."""

    admin_site: Any
    opts: Any

    def get_queryset(self, request: HttpRequest) -> QuerySet[EInvoice]:
        """With the number under which each is booked, and the key where the user may see more."""
        booked = PurchaseInvoice.objects.filter(einvoice=OuterRef("pk")).standing()
        seen = booked.visible_to(request.user)
        queryset: QuerySet[EInvoice] = super().get_queryset(request)  # type: ignore[misc]
        return queryset.annotate(
            booked_as=Subquery(booked.order_by().values("number")[:1]),
            booked_key=Subquery(seen.order_by().values("pk")[:1]),
        )

    @admin.display(description=gettext_lazy("booked as"), ordering="booked_as", empty_value="")
    def booked(self, einvoice: Any) -> str | None:
        if not einvoice.booked_key:
            return einvoice.booked_as or None
        address = reverse("admin:invoices_purchaseinvoice_change", args=[einvoice.booked_key])
        return format_html('<a class="ec-link ec-unbroken" href="{}">{}</a>', address, einvoice.booked_as)

    def get_urls(self) -> list[URLPattern]:
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        one = self.admin_site.admin_view(self.convert_view)
        selected = self.admin_site.admin_view(self.convert_selected_view)
        return [
            path("<int:object_id>/convert/", one, name="invoices_einvoice_convert"),
            path("convert/", selected, name="invoices_einvoice_convert_selected"),
            *urls,
        ]

    def has_convert_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("invoices.convert_einvoice")

    def convert_selected_view(self, request: HttpRequest) -> HttpResponse:
        return convert_selected_view(request, self._context(request))

    def convert_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        einvoice = self._convertible(request, object_id)
        standing = PurchaseInvoice.objects.filter(einvoice=einvoice).standing().first()
        if standing:
            messages.info(request, _("This e-invoice is booked already, as %s.") % standing.number)
            return self._to_what_was_booked(request, standing)
        if request.method == "POST":
            return self._book(request, einvoice)
        chosen = request.GET.get("supplier", "")
        proposal = _proposed(request, einvoice, chosen)
        find = request.GET.get("find", "")
        page = ConversionPage(proposal, request.user, chosen=chosen, find=find)  # type: ignore[arg-type]
        return self._show(request, page)

    def _convertible(self, request: HttpRequest, object_id: int) -> EInvoice:
        """Raises Http404 or PermissionDenied."""
        einvoice: EInvoice | None = self.viewable(request, str(object_id))  # type: ignore[attr-defined]
        if einvoice is None:
            raise Http404
        if not may_convert(request.user, einvoice):  # type: ignore[arg-type]
            raise PermissionDenied
        return EInvoice.objects.select_related("administration", "current__seller").get(pk=einvoice.pk)

    def _book(self, request: HttpRequest, einvoice: EInvoice) -> HttpResponse:
        """Book, or show the form again as it was sent, with what is so now."""
        chosen = request.POST.get("supplier", "")
        proposal = _proposed(request, einvoice, chosen)
        lacking = None
        page = self._page_sent(request, proposal, chosen)
        if page.form.is_valid():
            try:
                decision = decision_of(page.form, request.POST, proposal)
                invoice = convert(einvoice.pk, decision, request.user)  # type: ignore[arg-type]
            except CannotConvert as error:
                messages.error(request, say(error.wording.template, error.wording.values))
                lacking = error if isinstance(error, Incomplete) else None
            else:
                self._say_booked(request, invoice)
                return self._to_what_was_booked(request, invoice)
        return self._show(request, self._page_sent(request, proposal, chosen, lacking))

    def _say_booked(self, request: HttpRequest, invoice: PurchaseInvoice) -> None:
        """With the way on, for who books all of a list."""
        said = _("Booked as %s.") % invoice.number
        if following := neighbours_of(self, request, invoice.einvoice).next:
            page = self._in_the_list(request, following)
            link = format_html('<a class="ec-link" href="{}">{}</a>', page, _("Next e-invoice of the list"))
            said = format_html("{} {}", said, link)
        messages.success(request, said)

    def _page_sent(
        self, request: HttpRequest, proposal: Proposal, chosen: str, lacking: Incomplete | None = None
    ) -> ConversionPage:
        """What was typed for lines is of the version that was seen; of another it would be elsewhere."""
        page = ConversionPage(proposal, request.user, chosen=chosen, data=request.POST, lacking=lacking)  # type: ignore[arg-type]
        if request.POST.get("version") != str(page.version.pk):
            page.forget_lines()
        return page

    def _show(self, request: HttpRequest, page: ConversionPage) -> HttpResponse:
        context = {
            **self._context(request),
            "title": harmless(page.einvoice),
            "original": page.einvoice,
            "list_as_left": request.GET.get("_changelist_filters", ""),
            "page": page,
        }
        return TemplateResponse(request, "purchase/convert.html", context)

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),  # type: ignore[attr-defined]
        }

    def _to_what_was_booked(self, request: HttpRequest, invoice: PurchaseInvoice) -> HttpResponse:
        if request.user.has_perm("invoices.view_purchaseinvoice", invoice):
            return redirect("admin:invoices_purchaseinvoice_change", invoice.pk)
        return redirect(self._in_the_list(request, invoice.einvoice_id))

    def _in_the_list(self, request: HttpRequest, key: int) -> str:
        """The page of an e-invoice, which knows the list that the person came from."""
        kept = {"opts": self.opts, "preserved_filters": self.get_preserved_filters(request)}  # type: ignore[attr-defined]
        page: str = add_preserved_filters(kept, reverse("admin:invoices_einvoice_change", args=[key]))
        return page


def _proposed(request: HttpRequest, einvoice: EInvoice, chosen: str) -> Proposal:
    """With what was chosen; who may not look suppliers up is shown none but those that match."""
    proposal = propose(einvoice, _chosen(einvoice, chosen))
    may_look_up = request.user.has_perm("invoices.view_supplier", einvoice.administration)
    return propose(einvoice) if proposal.is_beyond_match and not may_look_up else proposal


def _chosen(einvoice: EInvoice, text: str) -> Supplier | str | None:
    """Of this administration; what is none is no choice."""
    chosen = chosen_of(text)
    if chosen in (None, NEW):
        return NEW if chosen == NEW else None
    return Supplier.objects.filter(administration=einvoice.administration_id, pk=chosen).first()
