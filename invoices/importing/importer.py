"""The import: from an inbox on the platform to e-invoices in the administration.

1. List what was created, and what was modified, since the last watermarks, with an overlap.
2. Drop what is here already and was not modified. What failed earlier comes last, and only when it is
   due again: so it never stands in the way of what is new.
3. Fetch with bounded concurrency, in the order of the list; read and check; store in batches.
4. Move the watermarks, if the lists were read to their ends and each document was stored or
   recorded as failed. Until then the next run lists the same again and drops what it knows.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from econnect_admin.econnect.errors import EConnectError, NeedsPerson
from econnect_admin.econnect.results import Document, InboxDocument, InboxPage
from econnect_admin.econnect.soap import EConnect
from econnect_admin.models import Administration
from econnect_admin.wording import Wording, gettext_noop
from invoices.importing.position import later, move, overlapping, position_of
from invoices.importing.progress import Interrupted, Progress
from invoices.importing.received import Failed, Received, not_fetched, read_document
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
_Moments = tuple[datetime, datetime]  # CreatedOn, ModifiedOn


class PlatformGone(Exception):
    """Document after document could not be fetched; what is left waits for the next run."""

    def __init__(self, last: EConnectError) -> None:
        super().__init__(str(last))
        self.wording = last.wording


def import_einvoices(administration: Administration, client: EConnect, progress: Progress) -> None:
    """Import what is new. Raises EConnectError, PlatformGone or Interrupted where it has to end early."""
    _Import(administration, client, progress).run()


class _Import:
    """One import: what was asked for and is under way, and the batch that is to be stored next."""

    def __init__(self, administration: Administration, client: EConnect, progress: Progress) -> None:
        self._administration = administration
        self._began = timezone.now()
        self._client = client
        self._progress = progress
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="fetch")
        self._asked: deque[tuple[str, Document | None, Future[InboxDocument]]] = deque()
        self._batch: list[Received | Failed] = []
        self._batch_bytes = 0
        self._seen: set[str] = set()
        self._failed_before: dict[str, Document] = {}  # on a list, and asked for after what is new
        self._failures_in_a_row = 0
        self._ahead = 1  # grows with each small document, and shrinks with a large one

    def run(self) -> None:
        position = position_of(self._administration)
        try:
            listed, broken_off = self._take_lists(position)
            if not broken_off:
                self._take_failed()
            self._settle_all()
        except (EConnectError, PlatformGone, Interrupted):
            self._flush()
            raise
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)
        if broken_off:
            raise broken_off
        self._move(position, listed)

    def _take_lists(self, position: InboxPosition) -> tuple[list[_Moments], EConnectError | None]:
        """Both lists; what was listed before one broke off is still worth having."""
        listed: list[_Moments] = []
        pages = self._client.inbox_pages
        try:
            listed += self._take_listed(partial(pages, created_from=overlapping(position.created_on)))
            if position.modified_on:
                listed += self._take_listed(partial(pages, modified_from=overlapping(position.modified_on)))
        except NeedsPerson:
            raise
        except EConnectError as error:
            return [], error
        return listed, None

    def _take_listed(self, inbox_pages: Callable[..., Iterator[InboxPage]]) -> list[_Moments]:
        """Read a list to its end and ask for what is new on it. Gives its CreatedOn and ModifiedOn."""
        pages = inbox_pages(party_id=self._administration.preferences.company_id or None)
        moments = []
        while page := self._wait(self._threads.submit(next, pages, None)):
            self._take_page(page)
            moments += [(document.created_on, document.modified_on) for document in page.documents]
        return moments

    def _take_page(self, page: InboxPage) -> None:
        documents = {d.external_id: d for d in page.documents if d.external_id not in self._seen}
        self._put_off_failed(documents)
        wanted: dict[str, Document | None] = {**self._new_or_modified(documents)}
        wanted |= {external_id: None for external_id in page.unreadable if external_id not in self._seen}
        for external_id in [name for name in wanted if not 0 < len(name) <= MAX_EXTERNAL_ID]:
            documents.pop(external_id, None)
            del wanted[external_id]
            shown = external_id[:40]
            self._progress.log("error", Wording(_UNUSABLE_NAME, {"name": shown, "most": MAX_EXTERNAL_ID}))
            self._progress.advance({"listed": 1, "failed": 1})
        known = len(documents) - sum(1 for document in wanted.values() if document)
        self._progress.advance({"listed": len(wanted) + known, "skipped": known})
        self._seen |= documents.keys() | wanted.keys()
        for external_id, document in wanted.items():
            self._ask(external_id, document)

    def _put_off_failed(self, documents: dict[str, Document]) -> None:
        failed = FailedDocument.objects.filter(
            administration=self._administration, external_id__in=documents
        ).values_list("external_id", flat=True)
        for external_id in failed:
            self._failed_before[external_id] = documents.pop(external_id)

    def _new_or_modified(self, documents: dict[str, Document]) -> dict[str, Document]:
        here = {"administration": self._administration, "external_id__in": documents}
        present = dict(EInvoice.objects.filter(**here).values_list("external_id", "modified_on"))
        return {
            external_id: document
            for external_id, document in documents.items()
            if document.modified_on != present.get(external_id)
        }

    def _take_failed(self) -> None:
        """Ask again for what failed earlier, on the lists or not."""
        failures = FailedDocument.objects.filter(
            administration=self._administration, last_tried_at__lt=self._began
        ).without_content()
        for failure in failures:
            listed = self._failed_before.get(failure.external_id)
            if failure.is_due(listed.modified_on if listed else None):
                self._progress.advance({"listed": 1})
                self._ask(failure.external_id, listed)
            elif listed:
                self._progress.advance({"listed": 1, "skipped": 1})

    def _ask(self, external_id: str, listed: Document | None) -> None:
        while len(self._asked) >= self._ahead:
            self._settle_oldest()
        fetch = self._threads.submit(self._client.inbox_document, external_id)
        self._asked.append((external_id, listed, fetch))

    def _settle_oldest(self) -> None:
        external_id, listed, fetch = self._asked.popleft()
        try:
            item = read_document(external_id, self._wait(fetch), listed)
            self._failures_in_a_row = 0
        except NeedsPerson:
            raise
        except EConnectError as error:
            item = not_fetched(external_id, error, listed)
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

    def _move(self, position: InboxPosition, listed: list[_Moments]) -> None:
        before = (position.created_on, position.modified_on)
        for created_on, modified_on in listed:
            position.created_on = later(position.created_on, created_on, self._began)
            position.modified_on = later(position.modified_on, modified_on, self._began)
        if (position.created_on, position.modified_on) == before:
            return
        with transaction.atomic():
            self._progress.advance({})  # only if the work is still ours
            move(position, "created_on", "modified_on")

    def _wait(self, future: Future[T]) -> T:
        return wait(future, self._progress)


_UNUSABLE_NAME = gettext_noop(
    'eConnect lists a document that cannot be asked for: its ExternalId "%(name)s" is missing, '
    "or longer than %(most)s characters."
)
