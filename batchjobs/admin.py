"""Batch jobs: a list, and the page of each with its tabs."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.datasets import BaseDataset

from batchjobs import run_admin
from batchjobs.batchjob_page import BatchjobPage, error_in_words, next_in_words, planned_in_words
from batchjobs.buttons import run_now, set_enabled
from batchjobs.clock import database_now
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.planning import ADVISED, plan, row_of
from batchjobs.preview import Preview, preview_of, preview_typed
from batchjobs.running import is_possible
from batchjobs.runs_tab import RunsTab
from batchjobs.schedule import ScheduleError
from batchjobs.schedule_forms import PlanningScheduleInline
from batchjobs.showing import (
    EXECUTE_BATCHJOB,
    is_followed,
    may_view_runs,
    state_badge,
)
from econnect_admin.exporting.columns import Column
from econnect_admin.foreign_text import harmless, isolated
from econnect_admin.rights.authorisation import administrations_where
from econnect_admin.rights.scoped_admin import AdministrationFilter, ScopedAdmin

__all__ = ["BatchjobAdmin", "run_admin"]


@admin.register(Batchjob)
class BatchjobAdmin(ScopedAdmin):
    list_display = ("name", "administration", "planned", "next_run", "last_state")
    list_display_links = ("name",)
    list_filter = (("administration", AdministrationFilter), "enabled")
    export_columns = (
        "administration",
        "type",
        "description",
        "enabled",
        Column(_("planned"), planned_in_words),
        "next_at",
    )
    list_select_related = ("administration",)
    show_facets = admin.ShowFacets.NEVER
    ordering = ("administration__name", "type")
    fields = ("administration", "type", "description", "enabled")
    inlines = (PlanningScheduleInline,)
    change_form_outer_before_template = "batchjobs/batchjob_head.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """It is enabled and disabled by a button: a page that was opened before would undo that."""
        fields = super().get_fields(request, obj)
        return [field for field in fields if obj is None or field != "enabled"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("administration", "type") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What ran stays; it can be disabled."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.runs.exists())

    def get_urls(self) -> list[URLPattern]:
        return [
            path("<int:key>/run/", self._of_the_site(self.run_view), name="batchjobs_batchjob_run"),
            path("preview/", self._of_the_site(self.preview_view), name="batchjobs_batchjob_preview"),
            path(
                "<int:key>/preview/", self._of_the_site(self.preview_view), name="batchjobs_batchjob_preview"
            ),
            path("<int:key>/enable/", self._of_the_site(self.enable_view), name="batchjobs_batchjob_enable"),
            *super().get_urls(),
        ]

    def exported(self, rows: QuerySet[Batchjob]) -> QuerySet[Batchjob]:
        return rows.prefetch_related("schedules")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changelist: ChangeList = super().get_changelist_instance(request)
        newest = BatchjobRun.objects.filter(batchjob=OuterRef("pk")).order_by("-pk")
        changelist.result_list = changelist.result_list.prefetch_related("schedules").annotate(
            last_run=Subquery(newest.values("pk")[:1]), last_run_state=Subquery(newest.values("state")[:1])
        )
        return changelist

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Batchjob, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """A new batch job is proposed what users are advised."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj.pk is None and request.method == "GET":
            kwargs["initial"] = [model_to_dict(row_of(schedule)) for schedule in ADVISED]
        return kwargs

    def save_model(self, request: HttpRequest, obj: Batchjob, form: Any, change: bool) -> None:
        """Only what was changed: a scheduler may have written the rest meanwhile."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        Batchjob.objects.select_for_update().get(pk=obj.pk)
        names = {field.name for field in self.opts.fields}
        obj.save(update_fields=[name for name in form.changed_data if name in names])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and not any(rows.has_changed() for rows in formsets):
            return
        try:
            plan(Batchjob.objects.get(pk=form.instance.pk), database_now())
        except ScheduleError as error:
            messages.error(request, error_in_words(error))

    def get_changeform_datasets(self, request: HttpRequest) -> list[type[BaseDataset]]:
        is_of_a_batchjob = request.resolver_match and "object_id" in request.resolver_match.kwargs
        return [RunsTab] if is_of_a_batchjob and may_view_runs(request.user) else []

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_followed(request):
            return self._live(request, object_id)
        page: HttpResponse = super().change_view(request, object_id, *args, **kwargs)
        return page

    def _live(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What changes on the page while a run is at work. Raises Http404 or PermissionDenied."""
        batchjob = self.get_object(request, object_id)
        if batchjob is None:
            raise Http404
        if not (self.has_view_permission(request, batchjob) and may_view_runs(request.user, batchjob)):
            raise PermissionDenied
        page = BatchjobPage(batchjob, request)
        return TemplateResponse(request, "batchjobs/batchjob_live.html", {"page": page})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        batchjob = kwargs.get("obj")
        may_change = batchjob and self.has_change_permission(request, batchjob)
        context |= {
            "page": BatchjobPage(batchjob, request) if batchjob else None,
            "may_change": may_change,
            "may_execute": batchjob and _may_execute(request, batchjob),
            "may_view_runs": may_view_runs(request.user, batchjob),
            "preview": self._preview(request, batchjob),
        }
        if may_change or not batchjob:
            context["preview_address"] = _preview_address(batchjob)
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    @method_decorator(require_POST)
    def run_view(self, request: HttpRequest, key: int) -> HttpResponse:
        batchjob = get_object_or_404(Batchjob, pk=key)
        if not _may_execute(request, batchjob):
            raise PermissionDenied
        run = run_now(request, batchjob)
        if may_view_runs(request.user, batchjob):
            return redirect("admin:batchjobs_batchjobrun_change", run.pk)
        messages.success(request, _("The batch job runs as soon as a worker is free."))
        return redirect("admin:batchjobs_batchjob_change", batchjob.pk)

    @method_decorator(require_POST)
    def enable_view(self, request: HttpRequest, key: int) -> HttpResponse:
        batchjob = self._changeable(request, key)
        try:
            batchjob = set_enabled(batchjob.pk, request.POST.get("enabled") == "1")
            self.log_change(request, batchjob, [{"changed": {"fields": ["enabled"]}}])
        except ScheduleError as error:
            messages.error(request, error_in_words(error))
        return redirect("admin:batchjobs_batchjob_change", batchjob.pk)

    @method_decorator(require_POST)
    def preview_view(self, request: HttpRequest, key: int | None = None) -> HttpResponse:
        """The moments of the schedules that are typed in the form of a batch job, or of a new one."""
        batchjob = self._changeable(request, key) if key else None
        if batchjob is None and not self.has_add_permission(request):
            raise PermissionDenied
        context = {
            "preview": self._preview(request, batchjob),
            "preview_address": _preview_address(batchjob),
            "page": BatchjobPage(batchjob, request) if batchjob else None,
        }
        return TemplateResponse(request, "batchjobs/preview.html", context)

    def _preview(self, request: HttpRequest, batchjob: Batchjob | None) -> Preview:
        if request.method != "POST":
            return preview_of(batchjob)
        administrations = administrations_where(request.user, "batchjobs.add_batchjob")
        return preview_typed(request.POST, batchjob, administrations)

    def _changeable(self, request: HttpRequest, key: int) -> Batchjob:
        """Raises Http404 or PermissionDenied."""
        batchjob = get_object_or_404(Batchjob, pk=key)
        if not self.has_change_permission(request, batchjob):
            raise PermissionDenied
        return batchjob

    def _of_the_site(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        guarded: Callable[..., HttpResponse] = self.admin_site.admin_view(view)
        return guarded

    @admin.display(description=_("batch job"), ordering="type")
    def name(self, batchjob: Batchjob) -> str:
        return harmless(batchjob.description) or batchjob.get_type_display()

    @admin.display(description=_("planned"))
    def planned(self, batchjob: Batchjob) -> str:
        return format_html('<span class="ec-words">{}</span>', isolated(planned_in_words(batchjob)))

    @admin.display(description=_("next run"), ordering="next_at")
    def next_run(self, batchjob: Batchjob) -> str:
        return next_in_words(batchjob)

    @admin.display(description=_("last run"), empty_value="")
    def last_state(self, batchjob: Any) -> str | None:
        if not batchjob.last_run:
            return None
        address = reverse("admin:batchjobs_batchjobrun_change", args=[batchjob.last_run])
        return format_html('<a href="{}">{}</a>', address, state_badge(batchjob.last_run_state))


def _may_execute(request: HttpRequest, batchjob: Batchjob) -> bool:
    return is_possible(batchjob) and request.user.has_perm(EXECUTE_BATCHJOB, batchjob)


def _preview_address(batchjob: Batchjob | None) -> str:
    return reverse("admin:batchjobs_batchjob_preview", args=[batchjob.pk] if batchjob else [])
