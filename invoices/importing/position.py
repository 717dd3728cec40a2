"""How far an inbox was read: the watermarks, and the rules for moving them."""

from datetime import UTC, datetime, timedelta

from econnect_admin.administrations.connection import inbox_identity
from econnect_admin.models import Administration, ConnectionUserGroup
from invoices.models import InboxPosition

# A document may become visible some time after its CreatedOn; a list is cheap, a lost one is not.
OVERLAP = timedelta(days=1)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # no platform is older; some write odd moments


def position_of(administration: Administration, group: ConnectionUserGroup | None) -> InboxPosition:
    """How far this inbox was read; another account or company is read from its beginning."""
    position, _ = InboxPosition.objects.get_or_create(
        administration=administration, connection_user_group=group
    )
    position.administration, position.connection_user_group = administration, group
    _turn_to(position, inbox_identity(administration, group.group_id if group else None))
    return position


def move(position: InboxPosition, *watermarks: str) -> None:
    """Store these watermarks, and leave the others to whoever reads the inbox at the same time.

    To be called in a transaction.
    """
    stored = InboxPosition.objects.select_for_update().get(pk=position.pk)
    _turn_to(stored, position.inbox)
    for name in watermarks:
        setattr(stored, name, getattr(position, name))
    stored.save()


def overlapping(watermark: datetime | None) -> datetime | None:
    return watermark and max(watermark, _EARLIEST) - OVERLAP


def later(watermark: datetime | None, moment: datetime, began: datetime) -> datetime:
    """Never back: a list that came out shorter than before says nothing about the past.

    Never beyond the beginning of the run: a document dated in the future would hide those to come.
    """
    moment = min(moment, began)
    return max(watermark or moment, moment)


def _turn_to(position: InboxPosition, inbox: str) -> None:
    if position.inbox != inbox:
        position.inbox = inbox
        position.created_on = position.modified_on = position.statuses_on = None
