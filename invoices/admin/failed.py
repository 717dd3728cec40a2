"""Documents that could not be imported: why, and what came."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from econnect_admin.exporting.columns import Column
from econnect_admin.foreign_text import harmless
from econnect_admin.models import Administration
from econnect_admin.read_only import ReadOnlyAdmin
from econnect_admin.rights.scoped_admin import AdministrationFilter
from invoices.admin import downloads
from invoices.models import FailedDocument
from invoices.showing.failed import FailedDocumentPage, reason_in_words
from invoices.showing.formats import in_column


@admin.register(FailedDocument)
class FailedDocumentAdmin(ReadOnlyAdmin):
    page_template = "invoices/failed.html"
    whence = gettext_lazy("Every document that came could be imported.")
    list_display = ("name", "supplier", "reason_in_words", "attempts", "first_failed_at", "last_tried_at")
    list_display_links = ("name",)
    export_columns = (
        "administration",
        "external_id",
        "subject",
        "sender_name",
        Column(gettext_lazy("reason"), reason_in_words),
        "attempts",
        "first_failed_at",
        "last_tried_at",
        "created_on",
        Column(gettext_lazy("size in bytes"), "content_size"),
    )
    list_filter = (("administration", AdministrationFilter),)
    list_select_related = ("administration",)
    search_fields = ("external_id", "subject", "sender_name")
    search_help_text = gettext_lazy("Subject, supplier or external id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FailedDocument]:
        queryset: QuerySet[FailedDocument] = super().get_queryset(request)
        return queryset.defer("content").annotate(content_size=Length("content"))

    def page_of(self, request: HttpRequest, row: Any) -> FailedDocumentPage:  # noqa: ARG002
        return FailedDocumentPage(row)

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """With the administration, where there are several."""
        columns = list(super().get_list_display(request))
        if Administration.objects.where_may(request.user, "invoices.view_faileddocument").count() > 1:
            columns.insert(2, "administration")
        return columns

    @admin.display(description=gettext_lazy("document"), ordering="subject")
    def name(self, document: FailedDocument) -> str:
        return in_column(document)

    @admin.display(description=gettext_lazy("supplier"), ordering="sender_name", empty_value="")
    def supplier(self, document: FailedDocument) -> str | None:
        return in_column(document.sender_name) if document.sender_name else None

    @admin.display(description=gettext_lazy("reason"))
    def reason_in_words(self, document: FailedDocument) -> str:
        return format_html('<span class="ec-words">{}</span>', harmless(reason_in_words(document)))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.content_view)
        name = "invoices_faileddocument_content"
        return [path("<int:object_id>/content/", view, name=name), *super().get_urls()]

    @method_decorator(require_safe)
    def content_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        return downloads.failed_content(self.viewable(request, str(object_id)))
