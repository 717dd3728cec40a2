"""Every address of the web side."""

from csp.decorators import csp_replace
from django.contrib import admin
from django.contrib.auth.decorators import user_passes_test
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.urls import URLPattern, include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog
from django_rq.urls import urlpatterns as rq_pages

from econnect_admin.content_security import FOR_RQ_DASHBOARD
from econnect_admin.manual.views import manual_view


def _for_superusers(page: URLPattern) -> URLPattern:
    view = csp_replace(FOR_RQ_DASHBOARD)(_asks_for_a_superuser(page.callback))
    return URLPattern(page.pattern, view, page.default_args, page.name)


def _is_superuser(user: AbstractUser | AnonymousUser) -> bool:
    return user.is_active and user.is_superuser


_asks_for_a_superuser = user_passes_test(_is_superuser, login_url="admin:login")

# "View on site" would look for other sites that show our rows: there are none.
_OF_ADMIN = [pattern for pattern in admin.site.get_urls() if getattr(pattern, "name", None) != "view_on_site"]

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("econnect_admin.users.urls")),
    path("handleiding/", admin.site.admin_view(manual_view), name="manual"),
    # In the place of the admin's own, which would not know our translations.
    path("jsi18n/", JavaScriptCatalog.as_view()),
    # RQ's own dashboard, for operators.
    path("wachtrijen/", include(([_for_superusers(page) for page in rq_pages], "django_rq"))),
    # The menu is by what people do, not by app: an app has no page of its own.
    re_path(
        r"^(?:auth|batchjobs|econnect_admin|invoices)/$", RedirectView.as_view(pattern_name="admin:index")
    ),
    path("", (_OF_ADMIN, "admin", admin.site.name)),
]
