"""Batch jobs, their runs, and what a run had to say."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.showing import RunPage, duration, state_badge
from econnect_admin.read_only import ReadOnlyAdmin


@admin.register(Batchjob)
class BatchjobAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "administration", "enabled", "last_state", "last_queued_at")
    list_display_links = ("name",)
    list_filter = (("administration", RelatedDropdownFilter), "enabled")
    list_select_related = ("administration",)
    show_facets = admin.ShowFacets.NEVER
    fields = ("administration", "type", "description", "enabled")
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("administration", "type") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What ran stays; it can be disabled."""
        may: bool = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.runs.exists())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batchjob]:
        newest = BatchjobRun.objects.filter(batchjob=OuterRef("pk")).order_by("-pk")
        queryset: QuerySet[Batchjob] = super().get_queryset(request)
        return queryset.annotate(
            last_run=Subquery(newest.values("pk")[:1]),
            last_run_state=Subquery(newest.values("state")[:1]),
            last_run_queued_at=Subquery(newest.values("queued_at")[:1]),
        )

    @admin.display(description=_("batch job"), ordering="type")
    def name(self, batchjob: Batchjob) -> str:
        return batchjob.description or batchjob.get_type_display()

    @admin.display(description=_("last run"), empty_value="")
    def last_state(self, batchjob: Any) -> str | None:
        if not batchjob.last_run:
            return None
        address = reverse("admin:batchjobs_batchjobrun_change", args=[batchjob.last_run])
        return format_html('<a href="{}">{}</a>', address, state_badge(batchjob.last_run_state))

    @admin.display(description=_("queued at"), empty_value="")
    def last_queued_at(self, batchjob: Any) -> Any:
        return batchjob.last_run_queued_at


@admin.register(BatchjobRun)
class BatchjobRunAdmin(ReadOnlyAdmin):
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
        "started_by",
    )
    list_display_links = ("identity",)
    list_filter = (
        ("batchjob__administration", RelatedDropdownFilter),
        ("state", ChoicesDropdownFilter),
    )
    list_select_related = ("batchjob__administration",)

    def page_of(self, request: HttpRequest, row: BatchjobRun) -> RunPage:
        return RunPage(row, request)

    @admin.display(description=_("run"), ordering="pk")
    def identity(self, run: BatchjobRun) -> str:
        return str(run)

    @admin.display(description=_("state"), ordering="state")
    def state_in_words(self, run: BatchjobRun) -> str:
        return state_badge(run.state)

    @admin.display(description=_("duration"), empty_value="")
    def lasted(self, run: BatchjobRun) -> str | None:
        return duration(run.seconds)
