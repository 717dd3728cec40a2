"""Going over the inboxes of an administration: those of its user groups, and its own."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from econnect_admin.econnect.errors import EConnectError, NeedsPerson
from econnect_admin.econnect.results import InboxPage
from econnect_admin.econnect.soap import EConnect
from econnect_admin.models import Administration
from econnect_admin.wording import Wording, gettext_noop
from invoices.importing.position import position_of
from invoices.importing.progress import Progress
from invoices.models import InboxPosition


class Unread(Exception):
    """One inbox could not be read, and others were; `wording` says which and why."""

    def __init__(self, wording: Wording) -> None:
        super().__init__(str(wording))
        self.wording = wording


def inboxes_of(administration: Administration) -> list[InboxPosition]:
    """How far each inbox was read. Those of groups come first: what is in two of them is a group's."""
    groups = administration.connection_user_groups.active().select_related("user_group").order_by("pk")
    return [position_of(administration, group) for group in [*groups, None]]


def pages_of(
    inbox: InboxPosition,
    client: EConnect,
    *,
    created_from: datetime | None = None,
    modified_from: datetime | None = None,
) -> Iterator[InboxPage]:
    """Its invoices since a moment. Raises EConnectError on the way."""
    group = inbox.connection_user_group
    company_id = inbox.administration.preferences.company_id
    return client.inbox_pages(
        group_id=group.group_id if group else None,
        party_id=None if group else company_id or None,
        created_from=created_from,
        modified_from=modified_from,
    )


def read_each(
    inboxes: Iterable[InboxPosition], read: Callable[[InboxPosition], None], progress: Progress
) -> tuple[list[InboxPosition], EConnectError | Unread | None]:
    """Read one after the other; one that cannot be read keeps none of the others from it.

    Gives those that were read, and what is to be raised when all else is done. Raises what `read` does
    if that is not about the inbox.
    """
    done: list[InboxPosition] = []
    errors: list[tuple[EConnectError, Wording]] = []
    for inbox in inboxes:
        try:
            read(inbox)
        except NeedsPerson:
            raise
        except EConnectError as error:
            errors.append((error, _wording(inbox, error)))
        else:
            done.append(inbox)
    if not done:
        return done, errors[-1][0]
    for _, wording in errors:
        progress.log("error", wording)
    return done, Unread(errors[0][1]) if errors else None


def _wording(inbox: InboxPosition, error: EConnectError) -> Wording:
    group = inbox.connection_user_group
    if group is None:
        return error.wording
    said = {"group": group.user_group.name, "group_id": group.group_id, "why": error.wording.template}
    return Wording(_GROUPS_INBOX, {**said, **error.wording.values})


_GROUPS_INBOX = gettext_noop(
    "The inbox of the user group %(group)s (GroupId %(group_id)s) could not be read: %(why)s"
)
