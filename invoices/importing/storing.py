"""Storing a batch of documents: each in full or not at all, and never twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from econnect_admin.econnect.results import StatusDetails
from econnect_admin.models import Administration
from econnect_admin.wording import Wording, gettext_noop
from invoices.importing.progress import Progress
from invoices.importing.received import Failed, Received
from invoices.importing.rows import Rows, allowed_statuses
from invoices.models import EInvoice, EInvoiceVersion, FailedDocument
from invoices.statuses.timeline import BEFORE_DOWNLOADED, DOWNLOADED, Timeline

_PROGRAM_LIMIT_EXCEEDED = "54"  # the class of SQLSTATEs


def store(
    administration: Administration, batch: Sequence[Received | Failed], progress: Progress, began: datetime
) -> None:
    """Store a batch in one transaction. What the database refuses becomes a failed document.

    `began`: when the import did; its documents were fetched later.
    Raises Interrupted, or DatabaseError if it is not the documents' fault; nothing is stored then.
    """
    try:
        with transaction.atomic():
            _store(administration, batch, progress, began)
    except DatabaseError as error:
        if not _is_fault_of_content(error):
            raise
        if len(batch) > 1:
            for item in batch:
                store(administration, [item], progress, began)
        elif isinstance(batch[0], Received):
            store(administration, [_refused(batch[0], error)], progress, began)
        else:
            raise
    else:
        for item in batch:
            if isinstance(item, Failed):
                progress.log("error", item.wording, item.external_id)


def _store(
    administration: Administration, batch: Sequence[Received | Failed], progress: Progress, began: datetime
) -> None:
    now = timezone.now()
    received = {item.external_id: item for item in batch if isinstance(item, Received)}
    failed = [item for item in batch if isinstance(item, Failed)]
    present = {
        einvoice.external_id: einvoice
        for einvoice in EInvoice.objects.select_for_update(of=("self",))
        .filter(administration=administration, external_id__in=received)
        .select_related("current")
    }
    new = [item for external_id, item in received.items() if external_id not in present]
    again = [(present[external_id], item) for external_id, item in received.items() if external_id in present]
    revised = [(einvoice, item) for einvoice, item in again if einvoice.current_version.sha256 != item.sha256]
    progress.advance(
        {
            "new": len(new),
            "revised": len(revised),
            "skipped": len(again) - len(revised),
            "failed": len(failed),
        }
    )
    rows = Rows(administration, now)
    for item in new:
        rows.add_version(rows.add_einvoice(item, _status_after_fetching(item).code), 1, item)
    for einvoice, item in revised:
        rows.add_version(einvoice, einvoice.current_version.version + 1, item)
    rows.insert()
    for einvoice, item in again:
        einvoice.subject = item.document.details.subject
        einvoice.modified_on = item.document.details.modified_on
        einvoice.allowed_statuses = allowed_statuses(item)
        einvoice.save(update_fields=["subject", "modified_on", "allowed_statuses"])
        _take_over_status(einvoice, item, began)
    _point_to_newest_version(
        administration, [item.external_id for item in new] + [e.external_id for e, _ in revised]
    )
    FailedDocument.objects.filter(administration=administration, external_id__in=received).delete()
    for failure in failed:
        _record(administration, failure, now)


def _point_to_newest_version(administration: Administration, external_ids: list[str]) -> None:
    newest = EInvoiceVersion.objects.filter(einvoice=OuterRef("pk")).order_by("-version").values("pk")[:1]
    EInvoice.objects.filter(administration=administration, external_id__in=external_ids).update(
        current=Subquery(newest)
    )


def _status_after_fetching(received: Received) -> StatusDetails:
    status = received.document.status
    return replace(status, code=DOWNLOADED) if status.code in BEFORE_DOWNLOADED else status


def _take_over_status(einvoice: EInvoice, received: Received, began: datetime) -> None:
    """What others made of the status. What is being changed here is left to the status job."""
    status = _status_after_fetching(received)
    if status.code == einvoice.status_code:
        return
    timeline = Timeline(einvoice)
    if not timeline.to_send and not timeline.was_settled_since(began):
        timeline.take_over(status)


def _record(administration: Administration, failure: Failed, now: datetime) -> None:
    """Insert the failure, or count one more attempt."""
    listed = failure.wanted.listed
    values = {
        "reason": failure.reason,
        "details": failure.wording.as_json(),
        "last_tried_at": now,
    }
    if failure.content is not None:
        values["content"] = failure.content
    if listed is not None:
        values |= {
            "subject": listed.subject,
            "sender_name": listed.sender.name,
            "created_on": listed.created_on,
            "modified_on": listed.modified_on,
        }
    FailedDocument.objects.without_content().update_or_create(
        administration=administration,
        external_id=failure.external_id,
        defaults=values | {"attempts": F("attempts") + 1},
        create_defaults=values
        | {"first_failed_at": now, "connection_user_group_id": failure.wanted.connection_user_group_id},
    )


def _is_fault_of_content(error: DatabaseError) -> bool:
    """Whether the database refused what was to be stored, and is not itself in trouble."""
    sqlstate = getattr(error.__cause__, "sqlstate", None) or ""
    return isinstance(error, DataError | IntegrityError) or sqlstate.startswith(_PROGRAM_LIMIT_EXCEEDED)


def _refused(received: Received, error: DatabaseError) -> Failed:
    template = gettext_noop("The document does not fit into the database: %(reason)s")
    reason = str(error).partition("\n")[0][:200]
    return Failed(
        replace(received.wanted, listed=received.document.details),
        "does-not-fit",
        Wording(template, {"reason": reason}),
        received.content,
    )
