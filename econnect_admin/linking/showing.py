"""An authorisation request as people see it: how far it is, what that means, and what to do next."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from econnect_admin.administrations.models import AdministrationPreferences
from econnect_admin.linking.checking import NOT_YET
from econnect_admin.linking.landing import fingerprint_of_keys
from econnect_admin.linking.models import AuthorisationRequest
from econnect_admin.rights.authorisation import administrations_where
from econnect_admin.saying import say_stored

ADD = "econnect_admin.add_authorisationrequest"

State = AuthorisationRequest.State

_COLOURS = {
    State.SENDING: "info",
    State.UNCERTAIN: "warning",
    State.NOT_SENT: "danger",
    State.SENT: "info",
    State.WAITING: "warning",
    State.ACCEPTED: "success",
    State.EXPIRED: "default",
    State.CLOSED: "default",
}
_MEANING = {
    State.SENDING: gettext_lazy("The request is on its way to eConnect."),
    State.UNCERTAIN: gettext_lazy(
        "Perhaps eConnect has sent the e-mail, perhaps not. Sent again, the owner may get a second one: "
        "ask the owner to accept the last one, because only by that one the keys come here."
    ),
    State.NOT_SENT: gettext_lazy("The request was not sent: the owner has got no e-mail."),
    State.SENT: gettext_lazy(
        "eConnect asks the owner by e-mail to grant access to the company. When the owner has accepted, "
        "the keys come into the financial preferences of the administration by themselves. Whether the "
        "owner has refused cannot be seen here: eConnect says the same then as before the owner has answered."
    ),
    State.WAITING: gettext_lazy(
        "The owner has accepted, but meanwhile the administration got other keys. They stay until you "
        "have them replaced."
    ),
    State.ACCEPTED: gettext_lazy(
        "The owner has accepted, and the keys are in the financial preferences of the administration."
    ),
    State.EXPIRED: gettext_lazy(
        "The owner has not accepted for two weeks, and the request is no longer checked by itself. If the "
        "owner accepts after all, check now and the keys come."
    ),
    State.CLOSED: gettext_lazy(
        "The request is no longer checked by itself. eConnect was not told: a request cannot be taken "
        "back. If the owner accepts after all, check now and the keys come."
    ),
}
_CLOSED_WITHOUT_TOKEN = gettext_lazy("The request was given up: nobody knows whether it was sent.")


def state_badge(state: str) -> SafeString:
    known = State(state)
    return render_to_string("unfold/helpers/label.html", {"text": known.label, "type": _COLOURS[known]})


class RequestPage:
    def __init__(self, row: AuthorisationRequest, request: HttpRequest) -> None:
        self.row = row
        self._request = request

    @property
    def may_change_by_itself(self) -> bool:
        return self.row.state in AuthorisationRequest.OPEN

    @property
    def badge(self) -> SafeString:
        return state_badge(self.row.state)

    @property
    def meaning(self) -> object:
        if self.row.state == State.CLOSED and not self.row.may_be_asked_about:
            return _CLOSED_WITHOUT_TOKEN
        return _MEANING[State(self.row.state)]

    @property
    def answer(self) -> str:
        """What eConnect said last, or why it could not be asked."""
        return say_stored(self.row.answer)

    @property
    def is_trouble(self) -> bool:
        """Whether the answer is more than what eConnect says until the owner has accepted."""
        answer = self.row.answer
        return answer is not None and answer["message"] != NOT_YET

    @property
    def facts(self) -> list[tuple[str, object]]:
        row = self.row
        facts: list[tuple[str, object]] = [
            (_("administration"), row.administration),
            (_("reference of the client"), row.reference),
            (_("e-mail address of the owner"), row.email_address),
            (_("requested through"), row.requested_through if self._may_know_through else None),
            (_("paid by us"), _("yes") if row.pay_by_requester else _("no")),
            (_("present keys"), _("to be replaced") if row.replaces else None),
            (_("requested by"), row.requested_by),
            (_("requested at"), row.requested_at),
            (_("last checked at"), row.last_checked_at),
            (_("next check"), row.next_check_at),
            (_("checked by itself until"), self._expires_at),
        ]
        return [(label, value) for label, value in facts if value]

    @property
    def _expires_at(self) -> datetime | None:
        return self.row.expires_at if self.row.state == State.SENT else None

    @property
    def _may_know_through(self) -> bool:
        known = administrations_where(self._request.user, "econnect_admin.view_authorisationrequest")
        return known.filter(pk=self.row.requested_through_id).exists()

    @cached_property
    def may_act(self) -> bool:
        return self._request.user.has_perm(ADD, self.row)

    @property
    def may_check(self) -> bool:
        return self.may_act and self.row.state != State.WAITING and self.row.may_be_asked_about

    @property
    def may_send_again(self) -> bool:
        through = administrations_where(self._request.user, ADD)
        is_uncertain = self.row.state == State.UNCERTAIN
        return self.may_act and is_uncertain and through.filter(pk=self.row.requested_through_id).exists()

    @property
    def may_close(self) -> bool:
        return self.may_act and self.row.state in {State.UNCERTAIN, State.SENT, State.WAITING}

    @property
    def may_take(self) -> bool:
        if not (self.may_act and self.row.state == State.WAITING):
            return False
        change = "econnect_admin.change_administrationpreferences"
        return not fingerprint_of_keys(self.row.administration) or self._request.user.has_perm(
            change, self._preferences
        )

    @property
    def again(self) -> str:
        """The address of a form filled in like this request; "" where it is of no use."""
        if not self.may_act or self.row.state not in {State.NOT_SENT, State.EXPIRED, State.CLOSED}:
            return ""
        names = ("administration", "requested_through")
        filled = {name: getattr(self.row, f"{name}_id") for name in names}
        filled |= {"reference": self.row.reference, "email_address": self.row.email_address}
        filled |= {"pay_by_requester": "1"} if self.row.pay_by_requester else {}
        return f"{reverse('admin:econnect_admin_authorisationrequest_add')}?{urlencode(filled)}"

    @cached_property
    def _preferences(self) -> AdministrationPreferences | None:
        return AdministrationPreferences.objects.filter(administration=self.row.administration).first()

    @property
    def follows(self) -> dict[str, Any] | None:
        """What is to be done when the keys are there: where they are, and what they lack."""
        preferences = self._preferences
        if self.row.state != State.ACCEPTED or preferences is None:
            return None
        may_view = self._request.user.has_perm("econnect_admin.view_administrationpreferences", preferences)
        page = reverse("admin:econnect_admin_administrationpreferences_change", args=[preferences.pk])
        return {
            "address": page if may_view else "",
            "company_id": preferences.company_id,
            "has_delivery_email": bool(preferences.delivery_email),
        }
