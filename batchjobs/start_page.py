"""The page that people come in on: what happened today, and what is going on."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from batchjobs.models import BatchjobRun
from batchjobs.showing import duration, state_badge
from econnect_admin.interface import may_do_something
from econnect_admin.models import User
from invoices.models import EInvoice, FailedDocument

_RUNS = 6
_INVOICES = 6


def add_start_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the user may see of it, for the template of the start page."""
    may = request.user.has_perm
    if not may_do_something(request):
        context["administrators"] = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    if may("invoices.view_einvoice"):
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        mine = EInvoice.objects.visible_to(request.user)
        newest = mine.select_related("current__seller").order_by("-received_at", "-pk")
        context |= {
            "imported_today": mine.filter(received_at__gte=midnight).count(),
            "newest_einvoices": newest[:_INVOICES],
        }
    if may("invoices.view_faileddocument"):
        context["failed_documents"] = FailedDocument.objects.visible_to(request.user).count()
    if may("batchjobs.view_batchjobrun"):
        visible = BatchjobRun.objects.visible_to(request.user)
        runs = visible.select_related("batchjob__administration").order_by("-pk")[:_RUNS]
        context["last_runs"] = [
            {"run": run, "badge": state_badge(run.state), "duration": duration(run.seconds)} for run in runs
        ]
    return context
