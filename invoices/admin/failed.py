"""Documents that could not be imported: why, and what came."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RelatedDropdownFilter

from econnect_admin.saying import say_stored
from invoices.admin import downloads
from invoices.models import FailedDocument


@admin.register(FailedDocument)
class FailedDocumentAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "supplier", "reason_in_words", "attempts", "first_failed_at", "last_tried_at")
    list_display_links = ("name",)
    list_filter = (("administration", RelatedDropdownFilter),)
    list_filter_submit = True
    list_fullwidth = True
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ("administration",)
    search_fields = ("external_id", "subject", "sender_name")
    search_help_text = gettext_lazy("Subject, supplier or external id")
    actions = None
    fieldsets = (
        (None, {"fields": ("reason_in_words", "raw")}),
        (
            gettext_lazy("Document"),
            {
                "fields": (
                    "administration",
                    "subject",
                    "sender_name",
                    "external_id",
                    "created_on",
                    "modified_on",
                )
            },
        ),
        (gettext_lazy("Attempts"), {"fields": ("attempts", "first_failed_at", "last_tried_at")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[FailedDocument]:
        queryset: QuerySet[FailedDocument] = super().get_queryset(request)
        return queryset.defer("content").annotate(content_size=Length("content"))

    @admin.display(description=gettext_lazy("document"), ordering="subject")
    def name(self, document: FailedDocument) -> str:
        return format_html('<span class="ec-clip">{}</span>', document)

    @admin.display(description=gettext_lazy("supplier"), ordering="sender_name")
    def supplier(self, document: FailedDocument) -> str:
        return format_html('<span class="ec-clip">{}</span>', document.sender_name)

    @admin.display(description=gettext_lazy("reason"))
    def reason_in_words(self, document: FailedDocument) -> str:
        words = say_stored(document.details) or document.reason
        return format_html('<span class="ec-words">{}</span>', words)

    @admin.display(description=gettext_lazy("what came"))
    def raw(self, document: Any) -> str:
        if not document.content_size:
            return _("Nothing: there is nothing to download.")
        address = reverse("admin:invoices_faileddocument_content", args=[document.pk])
        return format_html(
            '<a class="ec-link" href="{}">{}</a> ({})',
            address,
            _("Download"),
            filesizeformat(document.content_size),
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.content_view)
        name = "invoices_faileddocument_content"
        return [path("<int:object_id>/content/", view, name=name), *super().get_urls()]

    def content_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        document = self.get_object(request, str(object_id))
        if not self.has_view_permission(request, document):
            raise PermissionDenied
        return downloads.failed_content(document)
