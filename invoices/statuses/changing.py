"""What people do with an e-invoice's status here. The status job tells the platform."""

from django.utils import timezone

from econnect_admin.wording import Wording, gettext_noop
from invoices.models import EInvoice, PurchaseInvoice, StatusChange
from invoices.statuses.timeline import Timeline, locked

State = StatusChange.State

REJECTED = "50"


class CannotChange(Exception):
    """The status cannot be changed in that way; `wording` says to a person why."""

    template: str

    def __init__(self, **values: str) -> None:
        self.wording = Wording(self.template, values)
        super().__init__(str(self.wording))


class NotAllowed(CannotChange):
    template = gettext_noop("eConnect does not allow the status %(code)s for this document.")


class AlreadySo(CannotChange):
    template = gettext_noop("The document has the status %(code)s already.")


class ChangedMeanwhile(CannotChange):
    template = gettext_noop("The status has become %(code)s meanwhile; look at the document again.")


class RevisedMeanwhile(CannotChange):
    template = gettext_noop("Another version of the document came in meanwhile; look at that one first.")


class ReasonMissing(CannotChange):
    template = gettext_noop("Give a reason: a rejection needs one.")


class IsBooked(CannotChange):
    template = gettext_noop(
        "The document is booked as %(number)s. Reverse that purchase invoice first, and reject the document "
        "then."
    )


class NotRefused(CannotChange):
    template = gettext_noop("Only a status change that eConnect refused can be retried.")


class NotWithdrawable(CannotChange):
    template = gettext_noop(
        "A status change can be withdrawn while it waits to be sent, or after eConnect refused it."
    )


def change_status(
    einvoice: EInvoice,
    code: str,
    by: str,
    reason: str = "",
    seen: str | None = None,
    *,
    seen_version: int | None = None,
) -> StatusChange:
    """Record a change that is to be sent to the platform; `einvoice` has the new status at once.

    What was refused before, and what waited for that, is overruled by it. `seen` is the status, and
    `seen_version` the number of the version, that the person saw who decided. Raises NotAllowed, AlreadySo,
    ChangedMeanwhile, RevisedMeanwhile, ReasonMissing or IsBooked.
    """
    with locked(einvoice.pk) as timeline:
        _check(timeline, code)
        if seen not in (None, timeline.einvoice.status_code):
            raise ChangedMeanwhile(code=timeline.einvoice.status_code)
        if seen_version not in (None, timeline.einvoice.current_version.version):
            raise RevisedMeanwhile
        if code == REJECTED:
            _check_rejection(timeline, reason)
        if timeline.refused:
            timeline.overrule(list(timeline.unsettled))
        change = StatusChange(
            from_code=timeline.einvoice.status_code,
            to_code=code,
            reason=reason.strip(),
            changed_by=by,
            changed_at=timezone.now(),
        )
        platform_code = timeline.platform_code
        timeline.add(change)
        timeline.platform_has(platform_code)
    einvoice.status_code = code
    return change


def retry(change: StatusChange) -> None:
    """Have a refused change sent once more, and after it those that waited for it.

    Raises NotRefused, or, where the status was changed meanwhile, NotAllowed or AlreadySo.
    """
    with locked(change.einvoice_id) as timeline:
        refused = timeline.refused
        if refused is None or refused.pk != change.pk:
            raise NotRefused
        _check(timeline, refused.to_code)
        platform_code = timeline.platform_code
        refused.state, refused.settled_at, refused.answer = State.WAITING, None, None
        refused.save(update_fields=["state", "settled_at", "answer"])
        timeline.platform_has(platform_code)
    change.refresh_from_db()


def withdraw(change: StatusChange) -> None:
    """Take back a change that the platform has not accepted. Raises NotWithdrawable."""
    with locked(change.einvoice_id) as timeline:
        own = next((item for item in timeline.unsettled if item.pk == change.pk), None)
        if own is None or own.state == State.SENDING:
            raise NotWithdrawable
        following = timeline.unsettled[timeline.unsettled.index(own) + 1 :]
        platform_code = timeline.platform_code
        timeline.settle(own, State.WITHDRAWN)
        if following:
            following[0].from_code = own.from_code
            following[0].save(update_fields=["from_code"])
        timeline.platform_has(platform_code)
    change.refresh_from_db()


def objection(einvoice: EInvoice, code: str) -> CannotChange | None:
    """Why the e-invoice, as it was read, cannot get this status; None if it can."""
    if code == einvoice.status_code:
        return AlreadySo(code=code)
    if code not in [status["code"] for status in einvoice.allowed_statuses]:
        return NotAllowed(code=code)
    return None


def _check_rejection(timeline: Timeline, reason: str) -> None:
    """What is booked would be paid all the same."""
    if not reason.strip():
        raise ReasonMissing
    if booked := PurchaseInvoice.objects.filter(einvoice=timeline.einvoice).standing().first():
        raise IsBooked(number=booked.number)


def _check(timeline: Timeline, code: str) -> None:
    if error := objection(timeline.einvoice, code):
        raise error
