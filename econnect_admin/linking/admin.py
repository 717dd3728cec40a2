"""*E-verbinding koppelen*: authorisation requests, how far they are, and what a person can do about them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from econnect_admin.administrations.switching import choice_of
from econnect_admin.linking import buttons
from econnect_admin.linking.forms import AuthorisationRequestForm
from econnect_admin.linking.landing import fingerprint_of_keys
from econnect_admin.linking.models import AuthorisationRequest
from econnect_admin.linking.requesting import AlreadyOpen, begin, mark_if_lost, send
from econnect_admin.linking.showing import ADD, RequestPage, state_badge
from econnect_admin.read_only import ReadOnlyAdmin
from econnect_admin.rights.scoped_admin import AdministrationFilter, Scoped, may

_BUTTONS: dict[str, Callable[[HttpRequest, AuthorisationRequest], None]] = {
    "check": buttons.check_now,
    "send": buttons.send_once_more,
    "close": buttons.stop_waiting,
    "take": buttons.take_keys,
}


@admin.register(AuthorisationRequest)
class AuthorisationRequestAdmin(ReadOnlyAdmin):
    form = AuthorisationRequestForm
    page_template = "linking/request.html"
    add_form_template = "linking/add.html"
    fields = (*AuthorisationRequestForm.Meta.fields, "replace_keys")
    export_columns = (
        "administration",
        "reference",
        "email_address",
        "pay_by_requester",
        "state",
        "requested_by",
        "requested_at",
        "last_checked_at",
    )
    list_display = (
        "reference",
        "administration",
        "email_address",
        "state_in_words",
        "requested_at",
        "last_checked_at",
    )
    list_filter = (("administration", AdministrationFilter), ("state", ChoicesDropdownFilter))
    list_select_related = ("administration",)
    search_fields = ("reference", "email_address", "administration__name", "administration__code")
    search_help_text = gettext_lazy("Reference, e-mail address or administration")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return Scoped.has_add_permission(self, request)

    def get_urls(self) -> list[URLPattern]:
        name = "econnect_admin_authorisationrequest"
        pages = [path("add/", self.admin_site.admin_view(self.add_view), name=f"{name}_add")]
        for button in _BUTTONS:
            view = self.admin_site.admin_view(partial(self.button_view, button=button))
            pages.append(path(f"<int:key>/{button}/", view, name=f"{name}_{button}"))
        return [*pages, *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> Any:
        """What sends a request needs keys to do it with."""
        rows: Any = super().get_field_queryset(db, db_field, request)
        if db_field.name != "requested_through":
            return rows
        return rows.filter(preferences__isnull=False).exclude(
            Q(preferences__consumer_key="") | Q(preferences__consumer_secret="")
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Proposes the administration that is looked at, if it waits for keys; and to send it through that of
        the last request, or the only one that there is.

        Any other guess could have it sent from the account of a client.
        """
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        accounts = self.get_field_queryset(None, self.opts.get_field("requested_through"), request)
        last = self.get_queryset(request).filter(requested_through__in=accounts).first()
        possible = [last.requested_through_id] if last else [account.pk for account in accounts[:2]]
        proposed = {"requested_through": possible[0] if len(possible) == 1 else None}
        looked_at = choice_of(request).administration
        if looked_at and not fingerprint_of_keys(looked_at):
            proposed["administration"] = looked_at.pk
        return proposed | initial

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            answer: HttpResponse = super().add_view(request, form_url, extra_context)
        except AlreadyOpen as error:
            words = _("There is an open request for this administration already; nothing was sent.")
            messages.warning(request, words)
            return _page(request, error.request)
        return answer

    def save_model(self, request: HttpRequest, obj: AuthorisationRequest, form: Any, change: bool) -> None:  # noqa: ARG002
        """What is to be sent is stored for good before it is sent."""
        obj.requested_by = request.user.get_username()
        begin(obj)
        transaction.on_commit(partial(send, obj.pk))

    def response_add(
        self,
        request: HttpRequest,
        obj: AuthorisationRequest,
        post_url_continue: str | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        return _page(request, obj)

    def page_of(self, request: HttpRequest, row: AuthorisationRequest) -> RequestPage:
        if mark_if_lost(row.pk):
            row.refresh_from_db()
        return RequestPage(row, request)

    @method_decorator(require_POST)
    def button_view(self, request: HttpRequest, key: int, button: str) -> HttpResponse:
        row = get_object_or_404(AuthorisationRequest, pk=key)
        if not may(request, ADD, row):
            raise PermissionDenied
        _BUTTONS[button](request, row)
        return _page(request, row)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_in_words(self, row: AuthorisationRequest) -> str:
        return state_badge(row.state)


def _page(request: HttpRequest, row: AuthorisationRequest) -> HttpResponse:
    """That of the request; the start page for who may not view it."""
    if may(request, "econnect_admin.view_authorisationrequest", row):
        return redirect("admin:econnect_admin_authorisationrequest_change", row.pk)
    return redirect("admin:index")
