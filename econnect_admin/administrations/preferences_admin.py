"""*Financieel voorkeuren administratie*: the account and the company on the platform."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldBooleanWidget

from econnect_admin.administrations.connection_test.panel import ConnectionPanel
from econnect_admin.administrations.connection_test.views import ConnectionTestPages, page_that_tests
from econnect_admin.administrations.models import AdministrationPreferences
from econnect_admin.administrations.quick_connect import Malformed, read_quick_connect
from econnect_admin.administrations.quick_connect_form import QuickConnectForm, faults_in_words
from econnect_admin.administrations.secret_input import (
    ECONNECT,
    WriteOnlySecretsAdmin,
    WriteOnlySecretsForm,
    ending,
)


class AdministrationPreferencesForm(QuickConnectForm, WriteOnlySecretsForm):
    secrets = clearable = ("consumer_key", "consumer_secret")
    only_input = ("quick_connect",)
    clear_consumer_key = forms.BooleanField(
        label=capfirst(gettext_lazy("clear the consumer key")), required=False, widget=UnfoldBooleanWidget
    )
    clear_consumer_secret = forms.BooleanField(
        label=capfirst(gettext_lazy("clear the consumer secret")), required=False, widget=UnfoldBooleanWidget
    )

    class Meta:
        help_texts = {
            "consumer_key": gettext_lazy("On the eConnect platform: Connections, at the one with Inventive."),
            "consumer_secret": gettext_lazy("On the eConnect platform, beside the key."),
            "created_by": gettext_lazy(
                "E-mail address of the user of the eConnect platform who made the connection."
            ),
            "delivery_email": gettext_lazy("Reports that need a person are sent to this address."),
            "company_id": gettext_lazy(
                "Of the company on the eConnect platform whose inbox is imported, for instance XCNL10017. "
                "A test of the connection lets you choose. Empty: all companies of the account."
            ),
        }


@admin.register(AdministrationPreferences)
class AdministrationPreferencesAdmin(ConnectionTestPages, WriteOnlySecretsAdmin):
    form = AdministrationPreferencesForm
    change_form_outer_after_template = "administrations/preferences_foot.html"
    fieldsets = (
        (None, {"fields": ("administration",)}),
        (
            ECONNECT,
            {
                "fields": (
                    "quick_connect",
                    "consumer_key",
                    "clear_consumer_key",
                    "consumer_secret",
                    "clear_consumer_secret",
                    "created_by",
                    "delivery_email",
                    "company_id",
                )
            },
        ),
    )
    list_display = ("administration", "company_id", "created_by", "delivery_email", "changed_at")
    export_columns = list_display
    list_select_related = ("administration",)
    search_fields = ("administration__name", "administration__code", "company_id")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("administration",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.quick_connect_view)
        name = "econnect_admin_administrationpreferences_quick_connect"
        return [path("quick-connect/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        preferences = kwargs.get("obj")
        context["panel"] = ConnectionPanel(request, preferences) if preferences else None
        context["also_saves"] = {"_test": gettext_lazy("Save and test connection")}
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def response_post_save_change(self, request: HttpRequest, obj: AdministrationPreferences) -> HttpResponse:
        return self._to_the_test(request, obj) or super().response_post_save_change(request, obj)

    def response_post_save_add(self, request: HttpRequest, obj: AdministrationPreferences) -> HttpResponse:
        return self._to_the_test(request, obj) or super().response_post_save_add(request, obj)

    def _to_the_test(self, request: HttpRequest, obj: AdministrationPreferences) -> HttpResponse | None:
        """Where the test begins, if it was asked for and may be had."""
        if "_test" not in request.POST or not self.has_change_permission(request, obj):
            return None
        kept = {"opts": self.opts, "preserved_filters": self.get_preserved_filters(request)}
        return redirect(add_preserved_filters(kept, page_that_tests(obj)))

    @method_decorator(require_POST)
    def quick_connect_view(self, request: HttpRequest) -> HttpResponse:
        """Where in the line each field stands, or what is wrong; nothing of the line itself goes back."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        try:
            parts = read_quick_connect(request.POST.get("line", ""))
        except Malformed as error:
            return JsonResponse({"faults": faults_in_words(error)})
        return JsonResponse({"places": {name: [part.start, part.end] for name, part in parts.items()}})

    @admin.display(description=gettext_lazy("consumer key"))
    def consumer_key_hint(self, preferences: AdministrationPreferences) -> str:
        return ending(preferences.consumer_key)

    @admin.display(description=gettext_lazy("consumer secret"))
    def consumer_secret_hint(self, preferences: AdministrationPreferences) -> str:
        return ending(preferences.consumer_secret)
