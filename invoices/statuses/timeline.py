"""An e-invoice's status and the changes of it that are not settled: one thing, changed under one lock.

`EInvoice.status_code` is what people see: the last change that is on its way to the platform, else what
the platform has. An e-invoice has the changes in the order in which they were recorded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from econnect_admin.econnect.results import StatusDetails
from econnect_admin.wording import Wording
from invoices.models import EInvoice, StatusChange

State = StatusChange.State

# The platform sets this when a document is fetched, whatever lower status its answer still shows.
DOWNLOADED = "30"
BEFORE_DOWNLOADED = frozenset({"05", "10", "20"})


class Timeline:
    """Of an e-invoice whose row is locked."""

    def __init__(self, einvoice: EInvoice) -> None:
        self.einvoice = einvoice
        self.unsettled = list(
            einvoice.status_changes.filter(state__in=(*StatusChange.OPEN, State.REFUSED)).order_by("pk")
        )

    @property
    def refused(self) -> StatusChange | None:
        """The change that the platform refused, until it is retried, withdrawn or overruled."""
        return next((change for change in self.unsettled if change.state == State.REFUSED), None)

    @property
    def to_send(self) -> list[StatusChange]:
        """What is on its way, in order. After a refused change nothing is, until that is settled."""
        return [] if self.refused else self.unsettled

    @property
    def platform_code(self) -> str:
        """What the platform has, as far as is known here."""
        return self.to_send[0].from_code if self.to_send else self.einvoice.status_code

    def add(self, change: StatusChange) -> None:
        change.einvoice = self.einvoice
        change.save(force_insert=True)
        if change.state == State.WAITING:
            self.unsettled.append(change)

    def settle(self, change: StatusChange, state: State, answer: Wording | None = None) -> None:
        """Write how a change ended; what the platform has is then told by `platform_has`."""
        change.state, change.settled_at = state, timezone.now()
        change.answer = answer and answer.as_json()
        change.save(update_fields=["state", "settled_at", "answer"])
        if state != State.REFUSED:
            self.unsettled.remove(change)

    def overrule(self, changes: list[StatusChange]) -> None:
        for change in changes:
            self.settle(change, State.OVERRULED)

    def platform_has(self, code: str) -> None:
        """The changes that are on their way start there; without any, that is the e-invoice's status."""
        waiting = self.to_send
        if waiting and waiting[0].from_code != code:
            waiting[0].from_code = code
            waiting[0].save(update_fields=["from_code"])
        shown = waiting[-1].to_code if waiting else code
        if self.einvoice.status_code != shown:
            self.einvoice.status_code = shown
            self.einvoice.save(update_fields=["status_code"])

    def take_over(self, platform: StatusDetails) -> bool:
        """What the platform says now. True, and recorded, if somebody changed it there.

        Against changes that were made here the later one wins; the other is overruled. Where the
        platform does not say when, those made here win: a person is known to have wanted them.
        """
        before = self.platform_code
        if platform.code == before or platform.code in [change.to_code for change in self.to_send[:1]]:
            return False
        if before in BEFORE_DOWNLOADED and platform.code == DOWNLOADED:  # we have fetched it ourselves
            self.platform_has(platform.code)
            return False
        changed_on = platform.changed_on
        if changed_on:
            self.overrule([change for change in self.unsettled if change.changed_at <= changed_on])
        now = timezone.now()
        self.add(
            StatusChange(
                from_code=before,
                to_code=platform.code,
                state=State.OVERRULED if self.to_send else State.FOUND,
                changed_by=(platform.user_name or platform.account_name)[:_LONGEST_NAME],
                changed_at=changed_on or now,
                settled_at=now,
            )
        )
        self.platform_has(platform.code)
        return True

    def was_settled_since(self, moment: datetime) -> bool:
        return self.einvoice.status_changes.filter(settled_at__gte=moment).exists()


@contextmanager
def locked(einvoice_id: int) -> Iterator[Timeline]:
    """A transaction in which nobody else changes this e-invoice."""
    with transaction.atomic():
        yield Timeline(EInvoice.objects.select_for_update().get(pk=einvoice_id))


_LONGEST_NAME = StatusChange._meta.get_field("changed_by").max_length
