"""What the script on the page of the preferences asks for, a step at a time."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from econnect_admin.administrations.connection_test import testing
from econnect_admin.administrations.connection_test.models import ConnectionTest
from econnect_admin.administrations.connection_test.panel import ConnectionPanel
from econnect_admin.administrations.models import AdministrationPreferences

_NAME = "econnect_admin_administrationpreferences"


class ConnectionTestPages:
    """To stand before the admin of the preferences. Who may change them may test them."""

    admin_site: Any
    has_change_permission: Any
    log_change: Any

    def get_urls(self) -> list[URLPattern]:
        def named(route: str, view: Any, name: str) -> URLPattern:
            pattern: URLPattern = path(route, self.admin_site.admin_view(view), name=f"{_NAME}_{name}")
            return pattern

        return [
            named("<int:key>/test/", self.test_view, "test"),
            named("<int:key>/test/<int:test>/", self.test_step_view, "test_step"),
            named("<int:key>/company/", self.company_view, "company"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    @method_decorator(require_POST)
    def test_view(self, request: HttpRequest, key: int) -> HttpResponse:
        preferences = self._changeable(request, key)
        test = testing.begin(preferences.administration, by=request.user.get_username())
        return self._after_a_step(request, preferences, test)

    @method_decorator(require_POST)
    def test_step_view(self, request: HttpRequest, key: int, test: int) -> HttpResponse:
        preferences = self._changeable(request, key)
        tests = ConnectionTest.objects.filter(administration=preferences.administration_id)
        return self._after_a_step(request, preferences, get_object_or_404(tests, pk=test))

    @method_decorator(require_POST)
    def company_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Take one of the companies that a test of the present preferences offered, and test again."""
        preferences = self._changeable(request, key)
        company_id = request.POST.get("company_id", "")
        with transaction.atomic():  # nobody saves other keys meanwhile, to whose account it would not belong
            preferences = AdministrationPreferences.objects.select_for_update().get(pk=key)
            if company_id in testing.offered_companies(preferences.administration):
                preferences.company_id = company_id
                preferences.save(update_fields=["company_id", "changed_at"])
                self.log_change(request, preferences, [{"changed": {"fields": ["company id"]}}])
            else:
                words = _("This company is not offered any more: test the connection again.")
                messages.error(request, words)
        return redirect(page_that_tests(preferences))

    def _changeable(self, request: HttpRequest, key: int) -> AdministrationPreferences:
        """Raises Http404 or PermissionDenied."""
        rows = AdministrationPreferences.objects.select_related("administration__database")
        preferences = get_object_or_404(rows, pk=key)
        if not self.has_change_permission(request, preferences):
            raise PermissionDenied
        return preferences

    def _after_a_step(
        self, request: HttpRequest, preferences: AdministrationPreferences, test: ConnectionTest
    ) -> HttpResponse:
        test.administration = preferences.administration
        note = ""
        try:
            test = testing.take_step(test)
        except testing.Overtaken:
            note = _("The preferences were changed meanwhile: test the connection again.")
        panel = ConnectionPanel(request, preferences, test, note)
        return TemplateResponse(request, "administrations/connection_test.html", {"panel": panel})


def page_that_tests(preferences: AdministrationPreferences) -> str:
    """The address of the page of the preferences on which the test begins by itself."""
    return reverse(f"admin:{_NAME}_change", args=[preferences.pk]) + "?test=now"
