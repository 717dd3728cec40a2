"""*Handleiding*: the manual, for whoever has logged in."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from econnect_admin.manual.rendering import manual

# By the model that a page is about; the manual's headings are Dutch, and so are its anchors.
_CHAPTERS = {
    "administration": "inrichten",
    "administrationpreferences": "inrichten",
    "databasepreferences": "inrichten",
    "administrationfunctions": "inrichten",
    "authorisationrequest": "e-verbinding-koppelen",
    "batchjob": "batchjobs",
    "batchjobrun": "batchjobs",
    "connectionusergroup": "rechten",
    "einvoice": "e-inkoopfacturen",
    "faileddocument": "mislukte-documenten",
    "purchaseinvoice": "van-e-factuur-naar-inkoopfactuur",
    "supplier": "crediteuren",
    "user": "rechten",
    "usergroup": "rechten",
}


def chapter_about(options: Any) -> str:
    """The anchor of what the manual says about a page; "" is its beginning."""
    return _CHAPTERS.get(getattr(options, "model_name", ""), "")


@require_safe
def manual_view(request: HttpRequest) -> HttpResponse:
    context = admin.site.each_context(request) | {"title": _("Manual"), "manual": manual()}
    return TemplateResponse(request, "manual/manual.html", context)
