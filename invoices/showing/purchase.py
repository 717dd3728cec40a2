"""A purchase invoice as people see it."""

from functools import cached_property

from django import forms
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from econnect_admin.administrations.models import User
from invoices.models import PurchaseInvoice, PurchaseInvoiceLine
from invoices.showing.badges import badge
from invoices.showing.booking_form import BookingForm, DayInput
from invoices.showing.facts import Facts
from invoices.showing.formats import money
from invoices.showing.page import LINES_PER_PAGE

LONGEST_REASON = 1000


def booking_badge(invoice: PurchaseInvoice) -> SafeString:
    if invoice.is_reversal:
        return badge(_("reversal"), "warning")
    if invoice.reversed_at:
        return badge(_("reversed"), "danger")
    if invoice.kind == "credit_note":
        return badge(_("credit note"), "info")
    return badge(_("booked"), "success")


class ReversalForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=LONGEST_REASON, widget=UnfoldAdminTextInputWidget
    )
    booking_date = forms.DateField(
        label=gettext_lazy("Booking date"), input_formats=["%Y-%m-%d", "%d-%m-%Y"], widget=DayInput
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"booking_date": timezone.localdate()}, label_suffix="")

    clean_booking_date = BookingForm.clean_booking_date


class PurchaseInvoicePage:
    def __init__(self, invoice: PurchaseInvoice, user: User, lines_page: str | None) -> None:
        self.invoice = invoice
        self.badge = booking_badge(invoice)
        self._lines_page = lines_page
        self.einvoice = invoice.einvoice
        self.may_view_einvoice = user.has_perm("invoices.view_einvoice", self.einvoice)
        self.may_view_supplier = user.has_perm("invoices.view_supplier", invoice.supplier)
        self.may_reverse = (
            not invoice.is_reversal
            and not invoice.reversed_at
            and user.has_perm("invoices.reverse_purchaseinvoice", invoice)
        )
        self.form = ReversalForm()

    @property
    def is_of_an_earlier_version(self) -> bool:
        return self.invoice.version_id != self.einvoice.current_id

    @property
    def reversed_by(self) -> PurchaseInvoice | None:
        return PurchaseInvoice.objects.filter(reversal_of=self.invoice).first()

    @cached_property
    def lines(self) -> Page[PurchaseInvoiceLine]:
        lines = self.invoice.lines.order_by("position").select_related("ledger_account", "vat_code")
        return Paginator(lines, LINES_PER_PAGE).get_page(self._lines_page)

    @property
    def booking(self) -> Facts:
        invoice = self.invoice
        return [
            (_("Booking date"), invoice.booking_date),
            (_("Period"), invoice.period),
            (_("Booked by"), invoice.created_by),
            (_("Booked at"), invoice.created_at),
            (_("Administration"), str(invoice.administration)),
        ]

    @property
    def totals(self) -> Facts:
        invoice = self.invoice
        amounts = [
            (_("Total without VAT"), invoice.tax_exclusive),
            (_("VAT"), invoice.tax_total),
            (_("Total with VAT"), invoice.tax_inclusive),
            *([(_("Prepaid"), invoice.prepaid)] if invoice.prepaid else []),
            *([(_("Rounding"), invoice.rounding)] if invoice.rounding else []),
        ]
        return [(label, money(amount, invoice.currency)) for label, amount in amounts]
