"""Runs: a list, and the page of each, which follows it while it is at work."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from batchjobs.buttons import stop
from batchjobs.models import BatchjobRun
from batchjobs.showing import (
    EXECUTE_BATCHJOB,
    RunPage,
    duration,
    is_followed,
    starter_in_words,
    state_badge,
)
from econnect_admin.exporting.columns import Column
from econnect_admin.foreign_text import harmless
from econnect_admin.read_only import ReadOnlyAdmin
from econnect_admin.rights.scoped_admin import AdministrationFilter
from econnect_admin.saying import say_stored
from invoices.showing.formats import in_column


@admin.register(BatchjobRun)
class BatchjobRunAdmin(ReadOnlyAdmin):
    whence = _("A batch job that runs comes here.")
    page_template = "batchjobs/run.html"
    list_display = (
        "identity",
        "state_in_words",
        "queued_at",
        "lasted",
        "listed",
        "new",
        "revised",
        "skipped",
        "failed",
        "starter",
    )
    list_display_links = ("identity",)
    export_columns = (
        "id",
        "batchjob__administration",
        "batchjob__type",
        "state",
        "queued_at",
        "started_at",
        "ended_at",
        Column(_("seconds"), "seconds"),
        "listed",
        "new",
        "revised",
        "skipped",
        "failed",
        Column(_("started by"), starter_in_words),
        Column(_("error"), lambda run: say_stored(run.error)),
    )
    list_filter = (
        ("batchjob__administration", AdministrationFilter),
        ("batchjob__type", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
    )
    list_select_related = ("batchjob__administration",)

    def get_urls(self) -> list[URLPattern]:
        stop_view = self.admin_site.admin_view(self.stop_view)
        return [path("<int:key>/stop/", stop_view, name="batchjobs_batchjobrun_stop"), *super().get_urls()]

    def page_of(self, request: HttpRequest, row: BatchjobRun) -> RunPage:
        return RunPage(row, request)

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page: HttpResponse = super().change_view(request, *args, **kwargs)
        if isinstance(page, TemplateResponse) and is_followed(request):
            page.template_name = "batchjobs/run_live.html"
        return page

    @method_decorator(require_POST)
    def stop_view(self, request: HttpRequest, key: int) -> HttpResponse:
        run = get_object_or_404(BatchjobRun, pk=key)
        if not request.user.has_perm(EXECUTE_BATCHJOB, run):
            raise PermissionDenied
        stop(request, run)
        if request.POST.get("back") == "batchjob":
            return redirect("admin:batchjobs_batchjob_change", run.batchjob_id)
        return redirect("admin:batchjobs_batchjobrun_change", run.pk)

    @admin.display(description=_("run"), ordering="pk")
    def identity(self, run: BatchjobRun) -> str:
        return harmless(run)

    @admin.display(description=_("state"), ordering="state")
    def state_in_words(self, run: BatchjobRun) -> str:
        return state_badge(run.state)

    @admin.display(description=_("duration"), empty_value="")
    def lasted(self, run: BatchjobRun) -> str | None:
        return duration(run.seconds)

    @admin.display(description=_("started by"), ordering="started_by")
    def starter(self, run: BatchjobRun) -> str:
        return in_column(starter_in_words(run), "ec-short")
