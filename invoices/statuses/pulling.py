"""Finding the statuses that were changed elsewhere: ModifiedOn changes whenever a status does."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min

from econnect_admin.econnect.errors import EConnectError, NeedsPerson, Refused
from econnect_admin.econnect.results import InboxPage, StatusDetails
from econnect_admin.models import Administration
from invoices.importing.inboxes import inboxes_of, read_each
from invoices.importing.position import later, move, overlapping
from invoices.importing.progress import Progress
from invoices.models import EInvoice, InboxPosition
from invoices.statuses.platform import NoStatus, Platform, is_status
from invoices.statuses.taking_over import take_over
from invoices.statuses.timeline import locked


def pull(administration: Administration, platform: Platform, progress: Progress, began: datetime) -> None:
    """Take over what others changed. Raises EConnectError, Unread, PlatformGone or Interrupted.

    In each inbox:

    1. List what was modified since the watermark, with an overlap.
    2. Ask for the status of what is here with another one: who changed it, and when.
    3. Move the watermark, if the list was read to its end and each question was answered.

    A revision is none of this: the import has a watermark of its own, and `modified_on` is left to it.
    """

    def read(inbox: InboxPosition) -> None:
        _Pull(inbox, platform, progress).run(began)

    _, problem = read_each(inboxes_of(administration), read, progress)
    if problem:
        raise problem


class _Pull:
    def __init__(self, inbox: InboxPosition, platform: Platform, progress: Progress) -> None:
        self._administration = inbox.administration
        self._inbox = inbox
        self._platform = platform
        self._progress = progress
        self._unanswered = False

    def run(self, began: datetime) -> None:
        inbox, before = self._inbox, self._inbox.statuses_on
        since = overlapping(before or self._first_received() or began)
        for page in self._platform.modified_since(since, inbox):
            self._compare(page)
            for document in page.documents:
                inbox.statuses_on = later(inbox.statuses_on, document.modified_on, began)
        if inbox.statuses_on != before and not self._unanswered:
            self._move()

    def _first_received(self) -> datetime | None:
        """What was modified before the first e-invoice came in came in with its status."""
        received = EInvoice.objects.filter(administration=self._administration)
        first: datetime | None = received.aggregate(first=Min("received_at"))["first"]
        return first

    def _move(self) -> None:
        with transaction.atomic():
            self._progress.advance({})  # only if the work is still ours
            move(self._inbox, "statuses_on")

    def _compare(self, page: InboxPage) -> None:
        listed = dict.fromkeys(page.unreadable, "")
        listed |= {document.external_id: document.status.code for document in page.documents}
        einvoices = EInvoice.objects.filter(administration=self._administration, external_id__in=listed)
        differing = [
            einvoice
            for einvoice in einvoices.only("external_id", "status_code")
            if einvoice.status_code != listed[einvoice.external_id]
        ]
        if listed:
            self._progress.advance({"listed": len(listed), "skipped": len(listed) - len(differing)})
        for einvoice in differing:
            self._settle(einvoice, listed[einvoice.external_id])

    def _settle(self, einvoice: EInvoice, listed_code: str) -> None:
        try:
            platform_has = self._ask(einvoice.external_id, listed_code)
        except NeedsPerson:
            raise
        except EConnectError as error:
            self._progress.advance({"failed": 1})
            self._progress.log("error", error.wording, einvoice.external_id)
            self._unanswered |= error.retryable and not isinstance(error, NoStatus)
            return
        with locked(einvoice.pk) as timeline:
            unchanged_here = timeline.einvoice.status_code == einvoice.status_code
            taken_over = unchanged_here and take_over(timeline, platform_has, self._progress)
            self._progress.advance({"revised" if taken_over else "skipped": 1})

    def _ask(self, external_id: str, listed_code: str) -> StatusDetails:
        """The status, and who changed it when; where the platform refuses to say that, what it listed."""
        try:
            return self._platform.status(external_id)
        except Refused:
            if is_status(listed_code):
                return StatusDetails(code=listed_code)
            raise
