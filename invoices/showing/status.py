"""The status of an e-invoice at the head of its page: how far it is, and what the reader may do next."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from econnect_admin.foreign_text import harmless
from invoices.models import EInvoice, EInvoiceVersion, StatusChange
from invoices.showing.badges import status_badge
from invoices.showing.codes import STATUSES, status_in_words
from invoices.statuses.changing import REJECTED

State = StatusChange.State

FOR_APPROVAL, APPROVED, PAYABLE, PAID = "35", "40", "60", "70"
_IN_FORCE = (*StatusChange.OPEN, State.SENT, State.FOUND)
_RECEIVED = frozenset({"05", "10", "20", "30"})  # the platform's own steps before somebody looks at it

# What a person does to give a document that status.
_VERBS: dict[str, str | Promise] = {
    FOR_APPROVAL: STATUSES[FOR_APPROVAL],
    APPROVED: _("Approve"),
    PAYABLE: STATUSES[PAYABLE],
    PAID: STATUSES[PAID],
}
# Which button is the usual one.
_USUAL = {**dict.fromkeys((*_RECEIVED, FOR_APPROVAL), APPROVED), APPROVED: PAYABLE, PAYABLE: PAID}


@dataclass(frozen=True)
class Step:
    """`place` is done, present or ahead."""

    name: str
    place: str


@dataclass(frozen=True)
class Button:
    code: str
    words: str
    is_usual: bool = False


class StatusHead:
    """`changes`: those of the timeline, newest first. `typed_reason`: for a rejection that was not made."""

    typed_reason = ""

    def __init__(
        self,
        einvoice: EInvoice,
        version: EInvoiceVersion,
        may_change: bool,
        is_current: bool,
        changes: list[dict[str, Any]],
    ) -> None:
        self.code = einvoice.status_code
        self.version = version.version
        self._einvoice = einvoice
        self._changes = changes
        # Who looks at an earlier version decides about the document when they have seen the current one.
        may_steer = may_change and is_current
        codes = sorted({status["code"] for status in einvoice.allowed_statuses} - {self.code})
        self._codes = codes if may_steer else []

    @property
    def badge(self) -> SafeString:
        return status_badge(self._einvoice)

    @property
    def steps(self) -> list[Step]:
        names = {
            "": STATUSES["10"],
            FOR_APPROVAL: STATUSES[FOR_APPROVAL],
            APPROVED: STATUSES[APPROVED],
            PAYABLE: pgettext_lazy("a step", "Payable"),
            PAID: STATUSES[PAID],
        }
        codes = list(names)
        if self.code == REJECTED:
            codes, names[REJECTED] = ["", FOR_APPROVAL, REJECTED], STATUSES[REJECTED]
        present = "" if self.code in _RECEIVED else self.code
        at = codes.index(present) if present in codes else -1  # a status that is on no way: none is marked
        return [Step(str(names[code]), _place(index, at)) for index, code in enumerate(codes)]

    @property
    def buttons(self) -> list[Button]:
        """The usual one first."""
        usual = _USUAL.get(self.code)
        buttons = [Button(code, str(_VERBS[code]), code == usual) for code in self._codes if code in _VERBS]
        return sorted(buttons, key=lambda button: not button.is_usual)

    @property
    def why_rejected(self) -> str:
        """The reason, as long as it is rejected; "" where that was done elsewhere without one."""
        if self.code != REJECTED:
            return ""
        rejections = (item["change"] for item in self._changes if item["change"].to_code == REJECTED)
        return next((change.reason for change in rejections if change.state in _IN_FORCE), "")

    @property
    def may_reject(self) -> bool:
        return REJECTED in self._codes

    @property
    def others(self) -> list[Button]:
        """Statuses that the platform allows and hardly anybody sets by hand."""
        codes = [code for code in self._codes if code not in _VERBS and code != REJECTED]
        return [
            Button(code, harmless(status_in_words(code, self._einvoice.allowed_statuses))) for code in codes
        ]

    @property
    def sending(self) -> dict[str, Any] | None:
        """The change that a person must know of: refused, else on its way, else the last that was sent."""
        for states in ((State.REFUSED,), StatusChange.OPEN):
            for item in self._changes:
                if item["change"].state in states:
                    return item
        newest = self._changes[0] if self._changes else None
        return newest if newest and newest["change"].state == State.SENT else None


def _place(index: int, at: int) -> str:
    if index == at:
        return "present"
    return "done" if index < at else "ahead"
