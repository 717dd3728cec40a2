"""The platform as the status job talks to it: call after call, never silent, and not in vain for ever."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ParamSpec, TypeVar

from econnect_admin.econnect.errors import EConnectError, unusable
from econnect_admin.econnect.results import InboxPage, StatusDetails
from econnect_admin.econnect.soap import EConnect
from econnect_admin.wording import gettext_noop
from invoices.importing.importer import PlatformGone
from invoices.importing.inboxes import pages_of
from invoices.importing.progress import Progress
from invoices.importing.waiting import wait
from invoices.models import EInvoice, InboxPosition

_GIVE_UP_AFTER = 10  # calls in a row that failed on the way
_LONGEST_CODE = EInvoice._meta.get_field("status_code").max_length or 0

P = ParamSpec("P")
T = TypeVar("T")


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
        status = self._call(self._client.inbox_document_status, external_id)
        if not is_status(status.code):
            raise unusable(gettext_noop('it has "%(code)s", which is no status'), code=status.code[:40])
        return status

    def set_status(self, external_id: str, code: str) -> None:
        self._call(self._client.set_inbox_document_status, external_id, code)

    def modified_since(self, moment: datetime | None, inbox: InboxPosition) -> Iterator[InboxPage]:
        pages = pages_of(inbox, self._client, modified_from=moment)
        while page := self._call(next, pages, None):
            yield page

    def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            result = wait(self._thread.submit(function, *args, **kwargs), self._progress)
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
