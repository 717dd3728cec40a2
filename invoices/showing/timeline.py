"""The status of an e-invoice and its changes, as people see and steer them."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from econnect_admin.foreign_text import harmless
from econnect_admin.saying import say, say_stored
from invoices.models import EInvoice, StatusChange
from invoices.showing.badges import badge
from invoices.showing.codes import STATUS_COLOURS, status_in_words
from invoices.statuses.changing import CannotChange

State = StatusChange.State

LONGEST_REASON = 1000

_COLOURS = {
    State.WAITING: "warning",
    State.SENDING: "info",
    State.SENT: "success",
    State.REFUSED: "danger",
    State.WITHDRAWN: "default",
    State.OVERRULED: "default",
    State.FOUND: "info",
}


class StatusForm(forms.Form):
    """Which status may be chosen when is known to `invoices.statuses.changing` only."""

    code = forms.CharField(label=_("New status"), widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label=_("Reason (needed for a rejection)"),
        required=False,
        max_length=LONGEST_REASON,
        widget=UnfoldAdminTextInputWidget,
    )
    seen = forms.CharField(widget=forms.HiddenInput)  # the status that the page showed

    def __init__(self, einvoice: EInvoice, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"seen": einvoice.status_code}, label_suffix="")
        codes = {status["code"] for status in einvoice.allowed_statuses} - {einvoice.status_code}
        self.codes = sorted(codes)
        words = ((code, harmless(status_in_words(code, einvoice.allowed_statuses))) for code in self.codes)
        self.fields["code"].widget.choices = [("", _("Choose a status")), *words]


class TimelineCard:
    """`may_change`: whether the reader may change the status."""

    def __init__(self, einvoice: EInvoice, may_change: bool) -> None:
        self.einvoice = einvoice
        self.may_change = may_change

    def form(self) -> StatusForm | None:
        """None where the reader may choose nothing."""
        form = StatusForm(self.einvoice)
        return form if self.may_change and form.codes else None

    def changes(self) -> Iterator[dict[str, Any]]:
        """Newest first."""
        for change in self.einvoice.status_changes.order_by("-pk"):
            yield {
                "change": change,
                "from": self._badge(change.from_code),
                "to": self._badge(change.to_code),
                "state": badge(State(change.state).label, _COLOURS[State(change.state)]),
                "answer": say_stored(change.answer),
                "may_retry": self.may_change and change.state == State.REFUSED,
                "may_withdraw": self.may_change and change.state in (State.WAITING, State.REFUSED),
            }

    def _badge(self, code: str) -> SafeString:
        text = harmless(status_in_words(code, self.einvoice.allowed_statuses))
        return badge(text, STATUS_COLOURS.get(code, "default"))


def refusal_in_words(error: CannotChange, einvoice: EInvoice) -> str:
    """Why a status cannot be changed, with the names of statuses."""
    values = dict(error.wording.values)
    if "code" in values:
        values["code"] = status_in_words(str(values["code"]), einvoice.allowed_statuses)
    return say(error.wording.template, values)
