"""What happened to an e-invoice: when it came, its status and the changes of that."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from econnect_admin.foreign_text import harmless
from econnect_admin.saying import say, say_stored
from invoices.models import EInvoice, StatusChange
from invoices.showing.badges import badge
from invoices.showing.codes import STATUS_COLOURS, status_in_words
from invoices.statuses.changing import CannotChange

State = StatusChange.State
Row = dict[str, Any]
Rows = Sequence[Mapping[str, object]]  # of the database

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


class ReasonField(forms.CharField):
    """In lines: of each the browser counts the end as one character, and sends two."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class StatusForm(forms.Form):
    """What a button sends. Which status may be set when is known to `invoices.statuses.changing` only."""

    code = forms.CharField()
    reason = ReasonField(required=False, max_length=LONGEST_REASON)
    seen = forms.CharField()  # the status that the page showed
    seen_version = forms.IntegerField(required=False)


class TimelineCard:
    """What happened to an e-invoice. `may_change`: whether the reader may change the status."""

    def __init__(self, einvoice: EInvoice, may_change: bool, versions: Rows, pdfs: Rows) -> None:
        self._einvoice = einvoice
        self._may_change = may_change
        self._versions = versions
        self._pdfs = pdfs

    @cached_property
    def changes(self) -> list[Row]:
        """Of the status; newest first."""
        return [self._shown(change) for change in self._einvoice.status_changes.order_by("-pk")]

    def entries(self) -> list[Row]:
        """All of it, newest first; each has the key `change`, `version` or `pdf`."""
        entries = [
            *({"at": item["change"].changed_at, **item} for item in self.changes),
            *({"at": pdf["fetched_at"], "pdf": pdf} for pdf in self._pdfs),
            *({"at": version["received_at"], "version": version} for version in self._versions),
        ]
        return sorted(entries, key=lambda entry: entry["at"], reverse=True)

    def _shown(self, change: StatusChange) -> Row:
        return {
            "change": change,
            "from": self._badge(change.from_code),
            "to": self._badge(change.to_code),
            "state": badge(State(change.state).label, _COLOURS[State(change.state)]),
            "answer": say_stored(change.answer),
            "may_retry": self._may_change and change.state == State.REFUSED,
            "may_withdraw": self._may_change and change.state in (State.WAITING, State.REFUSED),
        }

    def _badge(self, code: str) -> SafeString:
        text = harmless(status_in_words(code, self._einvoice.allowed_statuses))
        return badge(text, STATUS_COLOURS.get(code, "default"))


def refusal_in_words(error: CannotChange, einvoice: EInvoice) -> str:
    """Why a status cannot be changed, with the names of statuses."""
    values = dict(error.wording.values)
    if "code" in values:
        values["code"] = status_in_words(str(values["code"]), einvoice.allowed_statuses)
    return say(error.wording.template, values)
