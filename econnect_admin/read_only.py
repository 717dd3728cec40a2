"""The base of the admins of what came from elsewhere: people look at it, and nobody changes it here."""

from abc import abstractmethod
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise

from econnect_admin.foreign_text import harmless
from econnect_admin.rights.scoped_admin import ScopedAdmin

_PAGES = ("changelist", "change", "export_csv", "export_xlsx")


@method_decorator(require_safe, name="change_view")
class ReadOnlyAdmin(ScopedAdmin):
    """A list, and a page of each: `page_template` with what `page_of` gives as `page`."""

    page_template: str
    whence: StrOrPromise = ""  # the rows come from; said where there are none
    list_filter_submit = True
    list_fullwidth = True
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @abstractmethod
    def page_of(self, request: HttpRequest, row: Any) -> object:
        """What the template of the page shows. May raise Http404."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What is sent to a list is an action on rows of it."""
        if request.method not in ("GET", "HEAD") and not self.get_actions(request):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 - there is no form
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.viewable(request, object_id)
        if row is None:
            redirect: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return redirect
        return self.show(request, row, self.page_of(request, row), **(extra_context or {}))

    def show(self, request: HttpRequest, row: Any, page: object, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": harmless(row),
            "original": row,
            "preserved_filters": self.get_preserved_filters(request),
            "page": page,
            **more,
        }
        return TemplateResponse(request, self.page_template, context)

    def get_urls(self) -> list[URLPattern]:
        """Those of the list and the page; forms and the history of what nobody changes are no use."""
        names = {f"{self.opts.app_label}_{self.opts.model_name}_{page}" for page in _PAGES}
        return [pattern for pattern in super().get_urls() if pattern.name in names]

    def viewable(self, request: HttpRequest, object_id: str) -> Any:
        """The row, None if there is none. Raises PermissionDenied."""
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row
