"""The form that books: what a person types, and what they decide by it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from invoices.conversion.converting import Decision, period_of
from invoices.conversion.proposal import NEW, Proposal
from invoices.models.purchase import validate_period

_FIRST_DAY = date(2000, 1, 1)
_FARTHEST_AHEAD = timedelta(days=366)


class DayInput(UnfoldAdminTextInputWidget):  # type: ignore[misc]
    """The browser's own calendar; it sends and takes days as ISO 8601 has them."""

    input_type = "date"

    def format_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


class BookingForm(forms.Form):
    booking_date = forms.DateField(
        label=gettext_lazy("Booking date"), input_formats=["%Y-%m-%d", "%d-%m-%Y"], widget=DayInput
    )
    period = forms.CharField(
        label=gettext_lazy("Period"),
        required=False,
        validators=[validate_period],
        help_text=gettext_lazy("Empty: the month of the booking date."),
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "2026-11", "maxlength": 7}),
    )
    remember = forms.BooleanField(
        label=gettext_lazy("Remember the ledger account of the lines as the default of this supplier"),
        required=False,
        widget=UnfoldBooleanWidget,
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"booking_date": timezone.localdate()}, label_suffix="")
        for name in ("booking_date", "period"):
            described = [f"{name}-error"] if data is not None else []
            self.fields[name].widget.attrs["aria-describedby"] = " ".join([*described, f"{name}-help"])

    def clean_booking_date(self) -> date:
        day: date = self.cleaned_data["booking_date"]
        if not _FIRST_DAY <= day <= timezone.localdate() + _FARTHEST_AHEAD:
            raise ValidationError(_("Choose a day from 2000 until a year from now."))
        return day

    @property
    def period_in_effect(self) -> str:
        period: str = self.cleaned_data["period"] or period_of(self.cleaned_data["booking_date"])
        return period


def decision_of(form: BookingForm, data: QueryDict, proposal: Proposal) -> Decision:
    """What the form says. A field that is empty, or was not there, takes what was typed for all lines."""
    all_ledger, all_vat = data.get("all-ledger", ""), data.get("all-vat", "")
    pairs = zip(proposal.entries.booked, proposal.assigned, strict=True)
    accounts = [
        (
            _first(data, f"ledger-{at}", all_ledger, to.ledger_account),
            _first(data, f"vat-{at}", all_vat, to.vat_code) if entry.has_vat else "",
        )
        for at, (entry, to) in enumerate(pairs)
    ]
    vat = [_first(data, f"vat-row-{at}", "", to.vat_code) for at, to in enumerate(proposal.assigned_vat)]
    return Decision(
        booking_date=form.cleaned_data["booking_date"],
        period=form.period_in_effect,
        seen=data.get("seen", ""),
        chosen=chosen_of(data.get("supplier", "")),
        confirmed=frozenset(data.getlist("confirm")),
        accounts=accounts,
        vat=vat,
        remember=form.cleaned_data["remember"],
    )


def chosen_of(text: str) -> int | str | None:
    """The key of a supplier or NEW; None: as matched."""
    if text == NEW:
        return NEW
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _first(data: QueryDict, name: str, of_all: str, proposed: object) -> str:
    typed = data.get(name)
    if typed is None:  # it had no field
        return of_all.strip() or str(proposed or "")
    return typed.strip() or of_all
