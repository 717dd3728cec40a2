"""Every address of the web side."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    # In the place of the admin's own, which would not know our translations.
    path("jsi18n/", JavaScriptCatalog.as_view()),
    path("", admin.site.urls),
]
