"""The document beside the data of an e-invoice: its PDF, a readable sheet, and its XML."""

from typing import Any

from csp.decorators import csp_replace
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from econnect_admin.content_security import FOR_PDF_VIEWER
from econnect_admin.foreign_text import harmless
from econnect_admin.read_only import ReadOnlyAdmin
from econnect_admin.saying import say
from invoices.admin import downloads
from invoices.documents.pdf import NoPdf, StillBeingMade, fetch_pdf
from invoices.documents.xml import pretty_xml
from invoices.models import EInvoice, EInvoiceVersion
from invoices.showing.sheet import Sheet

_OF_VERSION = "<int:object_id>/versions/<int:version>"


class DocumentPages(ReadOnlyAdmin):
    """An admin of e-invoices whose documents can be looked at."""

    def get_urls(self) -> list[URLPattern]:
        def named(route: str, view: Any, name: str) -> URLPattern:
            pattern: URLPattern = path(
                route, self.admin_site.admin_view(view), name=f"invoices_einvoice_{name}"
            )
            return pattern

        return [
            named(f"{_OF_VERSION}/pdf/", self.pdf_view, "pdf"),
            named(f"{_OF_VERSION}/sheet/", self.sheet_view, "sheet"),
            named(f"{_OF_VERSION}/xml/", self.xml_view, "xml"),
            named("pdf-viewer/", self.pdf_viewer_view, "pdf_viewer"),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def pdf_view(self, request: HttpRequest, object_id: int, version: int) -> HttpResponseBase:
        """GET: the PDF. POST: see to it that there is one; says how far that is."""
        einvoice, shown = self._version(request, object_id, version)
        if request.method != "POST":
            return downloads.pdf(shown)
        try:
            fetch_pdf(einvoice, shown, by=request.user.get_username())
        except StillBeingMade:
            words = _("eConnect is still making the PDF. It appears here by itself.")
            return JsonResponse({"state": "being made", "words": words})
        except NoPdf as error:
            words = say(error.wording.template, error.wording.values)
            return JsonResponse({"state": "refused", "words": words})
        return JsonResponse({"state": "ready", "words": ""})

    @method_decorator(require_safe)
    def sheet_view(self, request: HttpRequest, object_id: int, version: int) -> HttpResponse:
        """The invoice as a page to read and to print; also what the pane of the document shows of it."""
        einvoice, shown = self._version(request, object_id, version)
        context = {"sheet": Sheet(einvoice, shown, request.user), "title": harmless(shown)}
        return TemplateResponse(request, "invoices/sheet_page.html", context)

    @method_decorator(require_safe)
    def xml_view(self, request: HttpRequest, object_id: int, version: int) -> HttpResponse:
        """The original in lines, as JSON. `words` says what of it is not there."""
        einvoice, shown = self._version(request, object_id, version)
        if not request.user.has_perm("invoices.view_original", einvoice):
            raise PermissionDenied
        pretty = pretty_xml(downloads.content_of(shown))
        if pretty is None:
            words = [_("This XML is too large to be shown here. Download it to see it.")]
            return JsonResponse({"lines": [], "words": words})
        words = []
        if pretty.is_cut:
            words.append(_("Only the beginning of this XML is shown. Download it to see all of it."))
        if pretty.clipped:
            words.append(
                _("Of long texts, as of attachments, only the beginning is shown and how long they are.")
            )
        return JsonResponse({"lines": [harmless(line) for line in pretty.lines], "words": words})

    @method_decorator(require_safe)
    @method_decorator(csp_replace(FOR_PDF_VIEWER))
    @method_decorator(xframe_options_sameorigin)
    def pdf_viewer_view(self, request: HttpRequest) -> HttpResponse:
        """The frame that draws a PDF; it is given the bytes by the page around it, and fetches nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return TemplateResponse(request, "invoices/pdf_viewer.html")

    def _version(
        self, request: HttpRequest, object_id: int, version: int
    ) -> tuple[EInvoice, EInvoiceVersion]:
        """Raises Http404 or PermissionDenied."""
        einvoice: EInvoice | None = self.viewable(request, str(object_id))
        found = EInvoiceVersion.objects.select_related("seller", "buyer").filter(
            einvoice=einvoice, version=version
        )
        if einvoice is None or not found:
            raise Http404
        return einvoice, found[0]
