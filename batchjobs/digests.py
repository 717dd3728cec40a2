"""The daily e-mail about what failed in the runs of a batch job."""

from abc import ABC, abstractmethod
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from typing import Generic, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from batchjobs import notifying
from batchjobs.clock import database_now
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.planning import zone_of
from batchjobs.schedule import ScheduleError
from econnect_admin.models import Administration
from econnect_admin.saying import say_stored
from invoices.models import FailedDocument, StatusChange

_LISTED = 50  # failures in one e-mail

Failure = TypeVar("Failure", bound=Model)


def tell_what_failed(run: BatchjobRun) -> None:
    """What failed since the last e-mail that was sent, be it in this run or before; once a day at most."""
    digest = _DIGESTS[run.batchjob.type](run.batchjob)
    if not digest.new.exists():
        return
    with transaction.atomic():
        now = database_now()
        if not notifying.it_is_our_turn(run) or _was_told_today(run, now):
            return
        with translation.override(run.batchjob.administration.language):
            sent = notifying.send(run, *digest.subject_and_text())
        if sent:
            Batchjob.objects.filter(pk=run.batchjob_id).update(failures_told_at=now)


def _was_told_today(run: BatchjobRun, now: datetime) -> bool:
    """By this run's batch job, as days are in the administration's time zone."""
    told_at = Batchjob.objects.values_list("failures_told_at", flat=True).get(pk=run.batchjob_id)
    if told_at is None:
        return False
    zone: tzinfo = UTC
    with suppress(ScheduleError):
        zone = zone_of(run.batchjob.administration)
    return told_at.astimezone(zone).date() == now.astimezone(zone).date()


class _Digest(ABC, Generic[Failure]):
    """Of a batch job: `failed` is all there is, `new` what has not been told."""

    moment: str  # the field that says when it failed

    def __init__(self, batchjob: Batchjob) -> None:
        self._administration = batchjob.administration
        self.failed = self.failures_of(batchjob.administration)
        since = batchjob.failures_told_at
        self.new = self.failed.filter(**{f"{self.moment}__gt": since}) if since else self.failed

    def subject_and_text(self) -> tuple[str, str]:
        count = self.new.count()
        lines = [f"- {self.line(failure)}" for failure in self.new.order_by("pk")[:_LISTED]]
        if count > _LISTED:
            lines.append(_("… and %(count)s more") % {"count": count - _LISTED})
        subject = self.subject(count) % {"count": count, "administration": self._administration}
        return subject, "\n".join([*lines, "", self.remark() % {"count": self.failed.count()}])

    @abstractmethod
    def failures_of(self, administration: Administration) -> QuerySet[Failure]: ...

    @abstractmethod
    def subject(self, count: int) -> str: ...

    @abstractmethod
    def line(self, failure: Failure) -> str: ...

    @abstractmethod
    def remark(self) -> str: ...


class _FailedDocuments(_Digest[FailedDocument]):
    moment = "first_failed_at"

    def failures_of(self, administration: Administration) -> QuerySet[FailedDocument]:
        return FailedDocument.objects.without_content().filter(administration=administration)

    def subject(self, count: int) -> str:
        return ngettext(
            "%(count)s e-invoice could not be imported: %(administration)s",
            "%(count)s e-invoices could not be imported: %(administration)s",
            count,
        )

    def line(self, failure: FailedDocument) -> str:
        name = " · ".join(part for part in (failure.subject, failure.sender_name) if part)
        return f"{name or failure.external_id}: {say_stored(failure.details)}"

    def remark(self) -> str:
        return _("Failed documents in all: %(count)s. They are tried again by themselves.")


class _RefusedStatusChanges(_Digest[StatusChange]):
    moment = "settled_at"

    def failures_of(self, administration: Administration) -> QuerySet[StatusChange]:
        refused = StatusChange.objects.filter(state=StatusChange.State.REFUSED)
        return refused.filter(einvoice__administration=administration).select_related("einvoice__current")

    def subject(self, count: int) -> str:
        return ngettext(
            "%(count)s status change was refused by eConnect: %(administration)s",
            "%(count)s status changes were refused by eConnect: %(administration)s",
            count,
        )

    def line(self, failure: StatusChange) -> str:
        return f"{failure.einvoice}, {failure}: {say_stored(failure.answer)}"

    def remark(self) -> str:
        return _("Refused status changes in all: %(count)s. Each can be retried or withdrawn.")


_DIGESTS: dict[str, type[_FailedDocuments] | type[_RefusedStatusChanges]] = {
    Batchjob.Type.IMPORT_E_INVOICES: _FailedDocuments,
    Batchjob.Type.UPDATE_E_INVOICE_STATUSES: _RefusedStatusChanges,
}
