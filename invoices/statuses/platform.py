"""The platform as the status job talks to it: call after call, never silent, and not in vain for ever."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Protocol, TypeVar

from econnect_admin.econnect.errors import EConnectError, Unavailable
from econnect_admin.econnect.results import InboxPage, StatusDetails
from econnect_admin.econnect.soap import EConnect
from econnect_admin.wording import Wording, gettext_noop
from invoices.importing.importer import PlatformGone
from invoices.importing.inboxes import pages_of
from invoices.importing.progress import Progress
from invoices.importing.waiting import wait, wait_to_the_end
from invoices.models import EInvoice, InboxPosition

_GIVE_UP_AFTER = 10  # calls in a row that failed on the way
_LONGEST_CODE = EInvoice._meta.get_field("status_code").max_length or 0

_NO_STATUS = gettext_noop(
    'eConnect\'s answer cannot be used: it has "%(code)s", which is no status. It is tried again.'
)

T = TypeVar("T")


class _Wait(Protocol):
    def __call__(self, future: Future[T], progress: Progress) -> T: ...


class NoStatus(Unavailable):
    """The platform has answered, with what cannot be kept as a status."""

    def __init__(self, code: str) -> None:
        super().__init__(Wording(_NO_STATUS, {"code": code[:40]}))


class Platform:
    """Each method raises EConnectError, PlatformGone or Interrupted. Also a context manager."""

    def __init__(self, client: EConnect, progress: Progress) -> None:
        self._client = client
        self._progress = progress
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="statuses")
        self._failures_in_a_row = 0

    def __enter__(self) -> "Platform":
        return self

    def __exit__(self, *_error: object) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def status(self, external_id: str) -> StatusDetails:
        status = self._result(self._thread.submit(self._client.inbox_document_status, external_id))
        if not is_status(status.code):
            raise NoStatus(status.code)
        return status

    def set_status(self, external_id: str, code: str) -> None:
        """Is not stopped while it is under way: nobody would know whether it arrived."""
        sending = self._thread.submit(self._client.set_inbox_document_status, external_id, code)
        self._result(sending, wait_to_the_end)

    def modified_since(self, moment: datetime | None, inbox: InboxPosition) -> Iterator[InboxPage]:
        pages = pages_of(inbox, self._client, modified_from=moment)
        while page := self._result(self._thread.submit(next, pages, None)):
            yield page

    def _result(self, call: Future[T], wait_for: _Wait = wait) -> T:
        try:
            result = wait_for(call, self._progress)
        except EConnectError as error:
            self._failures_in_a_row = self._failures_in_a_row + 1 if error.retryable else 0
            if self._failures_in_a_row >= _GIVE_UP_AFTER:
                raise PlatformGone(error) from None
            raise
        self._failures_in_a_row = 0
        return result


def is_status(code: str) -> bool:
    """Any code that can be kept: the platform may know more of them than we do."""
    return 0 < len(code) <= _LONGEST_CODE
