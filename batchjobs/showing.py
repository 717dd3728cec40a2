"""Runs as people see them."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from batchjobs.estimate import left_in_words, seconds_left
from batchjobs.models import Batchjob, BatchjobRun, RunLogLine
from batchjobs.signs_of_life import worker_is_alive
from batchjobs.worker_identity import host_and_process
from econnect_admin.rights.authorisation import Person
from econnect_admin.rights.querysets import ScopedQuerySet
from econnect_admin.saying import say, say_stored
from invoices.models import EInvoice, FailedDocument
from invoices.showing.badges import badge

LINES_PER_PAGE = 200
_SHOWN = 6  # e-invoices that came in
_CLOCKS_DIFFER = timedelta(seconds=1)
EXECUTE_BATCHJOB = "batchjobs.execute_batchjob"

_COLOURS = {
    BatchjobRun.State.QUEUED: "default",
    BatchjobRun.State.RUNNING: "info",
    BatchjobRun.State.SUCCEEDED: "success",
    BatchjobRun.State.PARTLY_FAILED: "warning",
    BatchjobRun.State.FAILED: "danger",
    BatchjobRun.State.STOPPED: "default",
}
_LEVEL_COLOURS = {"info": "info", "warning": "warning", "error": "danger"}


def state_badge(state: str) -> SafeString:
    known = BatchjobRun.State(state)
    return badge(known.label, _COLOURS[known])


def may_view_runs(user: Person, batchjob: Batchjob | None = None) -> bool:
    """Those of the batch job, or any."""
    return user.has_perm("batchjobs.view_batchjobrun", batchjob)


def is_followed(request: HttpRequest) -> bool:
    """Whether batchjobs.js asks for what has changed on a page."""
    return "X-Live" in request.headers


def duration(seconds: float | None) -> str | None:
    """`4,2 s`, `3 min 20 s`, `1 u 5 min`, never broken over two lines; None while there is none."""
    if seconds is None:
        return None
    if seconds < 60:
        said = _("%(seconds)s s") % {"seconds": number_format(round(seconds, 1), decimal_pos=1)}
    elif (whole := round(seconds)) < 3600:
        said = _("%(minutes)s min %(seconds)s s") % {"minutes": whole // 60, "seconds": whole % 60}
    else:
        said = _("%(hours)s h %(minutes)s min") % {"hours": whole // 3600, "minutes": whole // 60 % 60}
    return said.replace(" ", "\u00a0")


def starter_in_words(run: BatchjobRun) -> str:
    """A user's name is never translated, whatever it is."""
    return run.started_by or _("scheduler")


def worker_in_words(identity: str) -> str:
    """The machine and the process, for who wants to look there; "" while there is none."""
    if not identity:
        return ""
    host, process = host_and_process(identity)
    return _("%(host)s, process %(process)s") % {"host": host, "process": process}


class RunPage:
    """A run with its log, a page of it at a time, in the language of who reads it."""

    def __init__(self, run: BatchjobRun, request: HttpRequest) -> None:
        self.run = run
        self._request = request

    @property
    def is_active(self) -> bool:
        return self.run.state in BatchjobRun.ACTIVE

    @property
    def done(self) -> int:
        run = self.run
        return min(run.new + run.revised + run.skipped + run.failed, run.listed)

    @property
    def progress(self) -> str:
        return _("%(done)s of %(listed)s") % {"done": self.done, "listed": self.run.listed}

    @property
    def said(self) -> str:
        """The state, and how far it is, for who does not see the bar."""
        state = self.run.get_state_display()
        return f"{state}: {self.progress}" if self.run.listed else state

    @property
    def summary(self) -> str:
        """`126 new · 2 failed · about 20 s left`."""
        run = self.run
        counts = [
            (_("%(count)s new"), run.new),
            (_("%(count)s revised"), run.revised),
            (_("%(count)s skipped"), run.skipped),
            (_("%(count)s failed"), run.failed),
        ]
        said = [words % {"count": number_format(count)} for words, count in counts if count]
        left = left_in_words(seconds_left(run, timezone.now()))
        return " · ".join([*said, left] if left else said)

    @property
    def may_stop(self) -> bool:
        may = self._request.user.has_perm
        return self.is_active and not self.run.stop_requested and may(EXECUTE_BATCHJOB, self.run)

    @property
    def badge(self) -> SafeString:
        return state_badge(self.run.state)

    @property
    def reason(self) -> str:
        """Why it ended as it did; "" if it went well."""
        return say_stored(self.run.error)

    @property
    def has_no_worker(self) -> bool:
        """Whether it waits for somebody to start one."""
        return self.run.state == BatchjobRun.State.QUEUED and worker_is_alive() is False

    @property
    def counts(self) -> list[tuple[str, int]]:
        run = self.run
        return [
            (_("listed"), run.listed),
            (_("new"), run.new),
            (_("revised"), run.revised),
            (_("skipped"), run.skipped),
            (_("failed"), run.failed),
        ]

    @cached_property
    def came_in(self) -> QuerySet[EInvoice]:
        """The new e-invoices that the reader may see, newest first."""
        run = self.run
        if not run.new or run.batchjob.type != Batchjob.Type.IMPORT_E_INVOICES or run.started_at is None:
            return EInvoice.objects.none()
        mine = EInvoice.objects.visible_to(self._request.user)
        return (
            mine.filter(administration=run.batchjob.administration_id, received_at__range=self._period)
            .select_related("current__seller")
            .order_by("-received_at", "-pk")
        )

    @property
    def first_that_came_in(self) -> list[EInvoice]:
        return list(self.came_in[:_SHOWN])

    @property
    def list_of_what_came_in(self) -> str:
        """The address of the list of e-invoices, narrowed to those of this run."""
        first, last = (moment.isoformat() for moment in self._period)
        query = urlencode(
            {
                "administration__id__exact": self.run.batchjob.administration_id,
                "received": f"{first}_{last}",
            }
        )
        return f"{reverse('admin:invoices_einvoice_changelist')}?{query}"

    @property
    def _period(self) -> tuple[datetime, datetime]:
        """With some time around it: documents are dated by the clock of the worker."""
        run = self.run
        begin, end = run.started_at or run.queued_at, run.ended_at or timezone.now()
        return begin - _CLOCKS_DIFFER, end + _CLOCKS_DIFFER

    @property
    def facts(self) -> list[tuple[str, object]]:
        run = self.run
        facts: list[tuple[str, object]] = [
            (_("administration"), run.batchjob.administration),
            (_("started by"), starter_in_words(run)),
            (_("queued at"), run.queued_at),
            (_("started at"), run.started_at),
            (_("ended at"), run.ended_at),
            (_("duration"), duration(run.seconds)),
            (_("worker"), worker_in_words(run.worker)),
        ]
        return [(label, value) for label, value in facts if value]

    @cached_property
    def log(self) -> Page[RunLogLine]:
        """While somebody follows the run, the last page, if they chose none."""
        pages = Paginator(self.run.log_lines.order_by("pk"), LINES_PER_PAGE)
        follows = self.is_active or is_followed(self._request)
        return pages.get_page(self._request.GET.get("page", pages.num_pages if follows else 1))

    @property
    def lines(self) -> list[dict[str, object]]:
        addresses = self._addresses()
        return [
            {
                "at": line.at,
                "level": line.get_level_display(),
                "colour": _LEVEL_COLOURS.get(line.level, "default"),
                "words": say(line.message, line.values),
                "external_id": line.external_id,
                "address": addresses.get(line.external_id),
            }
            for line in self.log
        ]

    def _addresses(self) -> dict[str, str]:
        """Where the documents of the log lines are now, by external id, as far as the user may see them."""
        mentioned = {line.external_id for line in self.log if line.external_id}
        of_this = {"administration": self.run.batchjob.administration_id, "external_id__in": mentioned}
        user = self._request.user
        places: dict[str, ScopedQuerySet[Any]] = {
            "admin:invoices_einvoice_change": EInvoice.objects.visible_to(user),
            "admin:invoices_faileddocument_change": FailedDocument.objects.visible_to(user),
        }
        return {
            external_id: reverse(page, args=[key])
            for page, documents in places.items()
            for external_id, key in documents.filter(**of_this).values_list("external_id", "pk")
        }
