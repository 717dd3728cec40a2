"""Every address of the web side."""

from django.contrib import admin
from django.contrib.auth.decorators import user_passes_test
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.urls import URLPattern, include, path
from django.views.i18n import JavaScriptCatalog
from django_rq.urls import urlpatterns as rq_pages


def _for_superusers(page: URLPattern) -> URLPattern:
    return URLPattern(page.pattern, _asks_for_a_superuser(page.callback), page.default_args, page.name)


def _is_superuser(user: AbstractUser | AnonymousUser) -> bool:
    return user.is_active and user.is_superuser


_asks_for_a_superuser = user_passes_test(_is_superuser, login_url="admin:login")

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    # In the place of the admin's own, which would not know our translations.
    path("jsi18n/", JavaScriptCatalog.as_view()),
    # RQ's own dashboard, for operators.
    path("wachtrijen/", include(([_for_superusers(page) for page in rq_pages], "django_rq"))),
    path("", admin.site.urls),
]
