"""Every address of the web side."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog

# "View on site" would look for other sites that show our rows: there are none.
_OF_ADMIN = [pattern for pattern in admin.site.get_urls() if getattr(pattern, "name", None) != "view_on_site"]

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    # In the place of the admin's own, which would not know our translations.
    path("jsi18n/", JavaScriptCatalog.as_view()),
    # The menu is by what people do, not by app: an app has no page of its own.
    re_path(
        r"^(?:auth|batchjobs|econnect_admin|invoices)/$", RedirectView.as_view(pattern_name="admin:index")
    ),
    path("", (_OF_ADMIN, "admin", admin.site.name)),
]
