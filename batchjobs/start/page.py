"""The page that people come in on: how far the set-up is, what happened today, and what is going on."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from batchjobs.batchjob_page import next_in_words
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.showing import duration, state_badge
from batchjobs.signs_of_life import scheduler_is_alive, worker_is_alive
from batchjobs.start.chart import imported_per_day
from batchjobs.start.checklist import Checklist
from batchjobs.start.facts import Facts
from batchjobs.start.first_steps import first_steps
from econnect_admin.administrations.switching import choice_of
from econnect_admin.interface import may_do_something
from econnect_admin.models import Administration, User
from econnect_admin.rights.authorisation import permissions_for
from econnect_admin.rights.catalogue import CREATE_E_INVOICES
from invoices.models import EInvoice, FailedDocument, StatusChange

_RUNS = 6
_INVOICES = 6
_FOR_APPROVAL = "35"
# Who sees none of these has no use for the steps of the set-up.
_SETTING_UP = {
    "econnect_admin.view_databasepreferences",
    "econnect_admin.view_usergroup",
    "econnect_admin.view_administrationpreferences",
    "batchjobs.view_batchjob",
}


def add_start_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the user may see of the administration that they look at, for the template of the page."""
    if not may_do_something(request):
        context["administrators"] = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    administration = choice_of(request).administration
    if administration is None:
        context["first_steps"] = first_steps(request)
        return context
    may = permissions_for(request.user, administration)
    facts = Facts(administration)
    context |= {"administration": administration, "key": str(administration.pk)}
    if may & _SETTING_UP:
        context["checklist"] = Checklist(administration, may, facts)
    if "invoices.view_einvoice" in may:
        context |= _invoices(request, administration)
    if "invoices.view_faileddocument" in may:
        mine = FailedDocument.objects.visible_to(request.user)
        context["failed_documents"] = mine.filter(administration=administration).count()
    if "batchjobs.view_batchjobrun" in may:
        context |= _runs(facts)
    if "batchjobs.execute_batchjob" in may and CREATE_E_INVOICES.code in facts.active_functions:
        context["import_job"] = facts.batchjob_of(Batchjob.Type.IMPORT_E_INVOICES)
    return context


def _invoices(request: HttpRequest, administration: Administration) -> dict[str, Any]:
    mine = EInvoice.objects.visible_to(request.user).filter(administration=administration)
    waiting = StatusChange.objects.visible_to(request.user).filter(
        einvoice__administration=administration, state__in=StatusChange.OPEN
    )
    newest = mine.select_related("current__seller").order_by("-received_at", "-pk")
    return {
        "imported_today": mine.filter(received_at__gte=_midnight()).count(),
        "for_approval": mine.filter(status_code=_FOR_APPROVAL).count(),
        "statuses_to_send": waiting.count(),
        "newest_einvoices": newest[:_INVOICES],
        "per_day": imported_per_day(mine),
    }


def _runs(facts: Facts) -> dict[str, Any]:
    of_this = BatchjobRun.objects.filter(batchjob__in=[batchjob.pk for batchjob in facts.batchjobs])
    last = of_this.select_related("batchjob").order_by("-pk")[:_RUNS]
    return {
        "runs_today": of_this.filter(queued_at__gte=_midnight()).count(),
        "next_runs": [_next_run(batchjob) for batchjob in facts.batchjobs],
        "worker_is_alive": worker_is_alive(),
        "scheduler_is_alive": scheduler_is_alive(),
        "last_runs": [
            {"run": run, "badge": state_badge(run.state), "duration": duration(run.seconds)} for run in last
        ],
    }


def _next_run(batchjob: Batchjob) -> dict[str, str]:
    return {
        "name": batchjob.get_type_display(),
        "next": next_in_words(batchjob),
        "address": reverse("admin:batchjobs_batchjob_change", args=[batchjob.pk]),
    }


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
