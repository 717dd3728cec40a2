"""Sending the statuses that were changed here, each once and in order."""

import time

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from econnect_admin.econnect.errors import EConnectError, NeedsPerson, Unavailable
from econnect_admin.econnect.results import StatusDetails
from econnect_admin.models import Administration
from invoices.importing.progress import Progress
from invoices.models import StatusChange
from invoices.statuses.platform import Platform
from invoices.statuses.taking_over import take_over
from invoices.statuses.timeline import locked

State = StatusChange.State

_SECONDS_BETWEEN_LOOKS = 0.2


def push(administration: Administration, platform: Platform, progress: Progress) -> None:
    """Send what waits. What does not succeed stops the later changes of that e-invoice only.

    Raises EConnectError if a person is needed, PlatformGone or Interrupted.
    """
    changes = _to_send(administration)
    if changes:
        progress.advance({"listed": len(changes)})
    stopped = set[int]()
    for change in changes:
        if change.einvoice_id in stopped:
            progress.advance({"skipped": 1})
        elif not _Sending(change, platform, progress).succeeds():
            stopped.add(change.einvoice_id)


def _to_send(administration: Administration) -> list[StatusChange]:
    refused = StatusChange.objects.filter(einvoice=OuterRef("einvoice"), state=State.REFUSED)
    return list(
        StatusChange.objects.filter(einvoice__administration=administration, state__in=StatusChange.OPEN)
        .exclude(Exists(refused))
        .select_related("einvoice")
        .order_by("pk")
    )


class _Sending:
    """One change on its way.

    1. If it was cut off, wait until it can no longer arrive.
    2. Ask what the platform has: a change that was cut off may have arrived, somebody may have been first.
    3. Commit that it is being sent.
    4. Send it. If this is cut off, nobody knows whether it arrived: the next run begins at 1.
    5. Commit what became of it.
    """

    def __init__(self, change: StatusChange, platform: Platform, progress: Progress) -> None:
        self._change = change
        self._external_id = change.einvoice.external_id
        self._platform = platform
        self._progress = progress

    def succeeds(self) -> bool:
        """Whether later changes of the e-invoice may follow."""
        self._wait_while_under_way()
        try:
            platform_has = self._platform.status(self._external_id)
        except NeedsPerson:
            raise
        except EConnectError as error:
            self._fail(error)
            return False
        return not self._begin(platform_has) or self._send()

    def _wait_while_under_way(self) -> None:
        """What the platform says sooner would be about the time before it."""
        if self._change.state != State.SENDING:
            return
        while StatusChange.objects.under_way().filter(pk=self._change.pk).exists():
            self._progress.tick()
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def _begin(self, platform_has: StatusDetails) -> bool:
        """Commit that it is being sent. False: nothing is left to be sent."""
        with locked(self._change.einvoice_id) as timeline:
            taken_over = take_over(timeline, platform_has, self._progress)
            own = timeline.to_send[0] if timeline.to_send else None
            if own is None or own.pk != self._change.pk:
                self._progress.advance({"revised" if taken_over else "skipped": 1})
                return False
            if own.to_code == platform_has.code:
                self._progress.advance({"new" if own.state == State.SENDING else "skipped": 1})
                timeline.settle(own, State.SENT)
                timeline.platform_has(platform_has.code)
                return False
            self._progress.advance({})  # only if the work is still ours
            own.state = State.SENDING
            own.sent_at = Now()
            own.save(update_fields=["state", "sent_at"])
        return True

    def _send(self) -> bool:
        try:
            self._platform.set_status(self._external_id, self._change.to_code)
        except EConnectError as error:
            if not (isinstance(error, Unavailable) and error.sent):
                self._put_back()
            if isinstance(error, NeedsPerson):
                raise
            self._fail(error)
            return False
        with locked(self._change.einvoice_id) as timeline:
            self._progress.advance({"new": 1})
            own = timeline.to_send[0]
            timeline.settle(own, State.SENT)
            timeline.platform_has(own.to_code)
        return True

    def _put_back(self) -> None:
        """The platform has not taken it: it is not cut off, and may be withdrawn."""
        self._progress.advance({})
        StatusChange.objects.filter(pk=self._change.pk, state=State.SENDING).update(state=State.WAITING)

    def _fail(self, error: EConnectError) -> None:
        """What may succeed later stays as it is; what the platform refuses goes back to what it has.

        What was cut off may have arrived, whatever the platform says when it is asked for the status.
        """
        with locked(self._change.einvoice_id) as timeline:
            self._progress.advance({"failed": 1})
            own = next((change for change in timeline.unsettled if change.pk == self._change.pk), None)
            if own and own.state != State.SENDING and not error.retryable:
                platform_code = timeline.platform_code
                timeline.settle(own, State.REFUSED, error.wording)
                timeline.platform_has(platform_code)
        self._progress.log("error", error.wording, self._external_id)
