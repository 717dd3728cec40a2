"""The import: from an inbox on the platform to e-invoices in the administration.

1. List what was created, and what was modified, since the last watermarks, with an overlap: in the
   inboxes of user groups, then in the administration's own.
2. Drop what is here already and was not modified. What failed earlier comes last, and only when it is
   due again: so it never stands in the way of what is new.
3. Fetch with bounded concurrency, in the order of the list; read and check; store in batches.
4. Move the watermarks of each inbox whose lists were read to their ends, if each document was stored or
   recorded as failed. Until then the next run lists the same again and drops what it knows.

What is on the list of a group's inbox is that group's, also if it came in otherwise before. It never becomes
the whole administration's again.
"""

from collections import deque
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from econnect_admin.econnect.errors import EConnectError, NeedsPerson
from econnect_admin.econnect.results import Document, InboxDocument, InboxPage
from econnect_admin.econnect.soap import EConnect
from econnect_admin.models import Administration, ConnectionUserGroup
from econnect_admin.wording import Wording, gettext_noop
from invoices.importing.inboxes import inboxes_of, pages_of, read_each
from invoices.importing.position import later, move, overlapping
from invoices.importing.progress import Interrupted, Progress
from invoices.importing.received import Failed, Received, Wanted, not_fetched, read_document
from invoices.importing.storing import store
from invoices.importing.waiting import wait
from invoices.models import MAX_EXTERNAL_ID, EInvoice, FailedDocument, InboxPosition

CONNECTIONS = 8

_MOST_AHEAD = 2 * CONNECTIONS  # documents asked for before the oldest of them is stored
_AHEAD_BYTES = 32 * 1024 * 1024  # and so few that they are about as large together
_BATCH = 50
_BATCH_BYTES = 8 * 1024 * 1024
_GIVE_UP_AFTER = 10  # documents in a row that could not be fetched: the platform is gone

T = TypeVar("T")


class PlatformGone(Exception):
    """Document after document could not be fetched; what is left waits for the next run."""

    def __init__(self, last: EConnectError) -> None:
        super().__init__(str(last))
        self.wording = last.wording


def import_einvoices(administration: Administration, client: EConnect, progress: Progress) -> None:
    """Import what is new. Raises EConnectError, PlatformGone or Interrupted where it has to end early.

    Raises Unread, when the rest is done, if an inbox could not be read.
    """
    _Import(administration, client, progress).run()


class _Import:
    """One import: what was asked for and is under way, and the batch that is to be stored next."""

    def __init__(self, administration: Administration, client: EConnect, progress: Progress) -> None:
        self._administration = administration
        self._began = timezone.now()
        self._client = client
        self._progress = progress
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="fetch")
        self._asked: deque[tuple[Wanted, Future[InboxDocument]]] = deque()
        self._batch: list[Received | Failed] = []
        self._batch_bytes = 0
        self._seen: set[str] = set()
        self._failed_before: dict[str, Document | None] = {}  # on a list, and asked for after what is new
        self._further: list[InboxPosition] = []  # read to the end, and their watermarks are to be moved
        self._failures_in_a_row = 0
        self._ahead = 1  # grows with each small document, and shrinks with a large one

    def run(self) -> None:
        try:
            read, problem = read_each(inboxes_of(self._administration), self._take_lists, self._progress)
            if read:
                self._take_failed()
            self._settle_all()
        except (EConnectError, PlatformGone, Interrupted):
            self._flush()
            raise
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)
        self._move()
        if problem:
            raise problem

    def _take_lists(self, inbox: InboxPosition) -> None:
        """Ask for what is new on both lists; what was listed before one broke off is still worth having."""
        before = (inbox.created_on, inbox.modified_on)
        created_from, modified_from = map(overlapping, before)
        self._take_listed(inbox, pages_of(inbox, self._client, created_from=created_from))
        if modified_from:
            self._take_listed(inbox, pages_of(inbox, self._client, modified_from=modified_from))
        if (inbox.created_on, inbox.modified_on) != before:
            self._further.append(inbox)

    def _take_listed(self, inbox: InboxPosition, pages: Iterator[InboxPage]) -> None:
        """Read a list to its end. The watermarks are moved, and not stored yet."""
        while page := self._wait(self._threads.submit(next, pages, None)):
            self._take_page(inbox, page)
            for document in page.documents:
                inbox.created_on = later(inbox.created_on, document.created_on, self._began)
                inbox.modified_on = later(inbox.modified_on, document.modified_on, self._began)

    def _take_page(self, inbox: InboxPosition, page: InboxPage) -> None:
        listed: dict[str, Document | None] = {d.external_id: d for d in page.documents}
        listed |= dict.fromkeys(page.unreadable)
        listed = {name: document for name, document in listed.items() if name not in self._seen}
        self._seen |= listed.keys()
        self._refuse_unusable(listed)
        if inbox.connection_user_group:
            self._make_theirs(inbox.connection_user_group, listed)
        self._put_off_failed(listed)
        wanted = self._new_or_modified(listed, inbox)
        self._progress.advance({"listed": len(listed), "skipped": len(listed) - len(wanted)})
        for document in wanted:
            self._ask(document)

    def _refuse_unusable(self, listed: dict[str, Document | None]) -> None:
        for external_id in [name for name in listed if not 0 < len(name) <= MAX_EXTERNAL_ID]:
            del listed[external_id]
            shown = external_id[:40]
            self._progress.log("error", Wording(_UNUSABLE_NAME, {"name": shown, "most": MAX_EXTERNAL_ID}))
            self._progress.advance({"listed": 1, "failed": 1})

    def _make_theirs(self, group: ConnectionUserGroup, external_ids: Collection[str]) -> None:
        """What came in by another inbox."""
        with transaction.atomic():
            self._progress.advance({})  # only if the work is still ours
            for model in (EInvoice, FailedDocument):
                here = model._default_manager.filter(
                    administration=self._administration, external_id__in=external_ids
                )
                here.exclude(connection_user_group=group).update(connection_user_group=group)

    def _put_off_failed(self, listed: dict[str, Document | None]) -> None:
        failed = FailedDocument.objects.filter(
            administration=self._administration, external_id__in=listed
        ).values_list("external_id", flat=True)
        for external_id in failed:
            self._failed_before[external_id] = listed.pop(external_id)

    def _new_or_modified(self, listed: dict[str, Document | None], inbox: InboxPosition) -> list[Wanted]:
        """What is here already stays whose it is."""
        here = EInvoice.objects.filter(administration=self._administration, external_id__in=listed)
        rows = here.values_list("external_id", "modified_on", "connection_user_group")
        present = {external_id: (modified_on, group) for external_id, modified_on, group in rows}
        wanted = []
        for external_id, document in listed.items():
            modified_on, group = present.get(external_id, (None, inbox.connection_user_group_id))
            if document is None or document.modified_on != modified_on:
                wanted.append(Wanted(external_id, document, group))
        return wanted

    def _take_failed(self) -> None:
        """Ask again for what failed earlier, on the lists or not."""
        failures = FailedDocument.objects.filter(
            administration=self._administration, last_tried_at__lt=self._began
        ).without_content()
        for failure in failures:
            listed = self._failed_before.get(failure.external_id)
            if failure.is_due(listed.modified_on if listed else None):
                self._progress.advance({"listed": 1})
                self._ask(Wanted(failure.external_id, listed, failure.connection_user_group_id))
            elif failure.external_id in self._failed_before:
                self._progress.advance({"listed": 1, "skipped": 1})

    def _ask(self, wanted: Wanted) -> None:
        while len(self._asked) >= self._ahead:
            self._settle_oldest()
        fetch = self._threads.submit(self._client.inbox_document, wanted.external_id)
        self._asked.append((wanted, fetch))

    def _settle_oldest(self) -> None:
        wanted, fetch = self._asked.popleft()
        try:
            item = read_document(wanted, self._wait(fetch))
            self._failures_in_a_row = 0
        except NeedsPerson:
            raise
        except EConnectError as error:
            item = not_fetched(wanted, error)
            # A refusal, or a broken answer, is about this document only.
            gone = error.retryable and item.content is None
            self._failures_in_a_row = self._failures_in_a_row + 1 if gone else 0
            if self._failures_in_a_row >= _GIVE_UP_AFTER:
                raise PlatformGone(error) from None
        size = len(item.content or b"")
        self._ahead = max(1, min(2 * self._ahead, _MOST_AHEAD, _AHEAD_BYTES // (size + 1)))
        self._batch.append(item)
        self._batch_bytes += size
        if len(self._batch) >= _BATCH or self._batch_bytes >= _BATCH_BYTES:
            self._flush()

    def _settle_all(self) -> None:
        while self._asked:
            self._settle_oldest()
        self._flush()

    def _flush(self) -> None:
        batch, self._batch, self._batch_bytes = self._batch, [], 0
        if batch:
            store(self._administration, batch, self._progress, self._began)

    def _move(self) -> None:
        if not self._further:
            return
        with transaction.atomic():
            self._progress.advance({})  # only if the work is still ours
            for inbox in self._further:
                move(inbox, "created_on", "modified_on")

    def _wait(self, future: Future[T]) -> T:
        return wait(future, self._progress)


_UNUSABLE_NAME = gettext_noop(
    'eConnect lists a document that cannot be asked for: its ExternalId "%(name)s" is missing, '
    "or longer than %(most)s characters."
)
