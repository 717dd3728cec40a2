"""What the buttons on the page of an authorisation request do, and what is said when that is done."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from econnect_admin.linking.checking import Outcome, check
from econnect_admin.linking.forms import may_replace_keys
from econnect_admin.linking.landing import fingerprint_of_keys
from econnect_admin.linking.models import AuthorisationRequest
from econnect_admin.linking.requesting import change, close, send_again
from econnect_admin.linking.showing import ADD
from econnect_admin.rights.authorisation import administrations_where

State = AuthorisationRequest.State


def check_now(request: HttpRequest, row: AuthorisationRequest) -> None:
    match check(row.pk):
        case Outcome.ACCEPTED:
            words = _("The owner has accepted: the keys are in the financial preferences.")
            messages.success(request, words)
        case Outcome.KEYS_STAY:
            messages.warning(request, _("The owner has accepted; the present keys were not replaced."))
        case Outcome.NOT_YET:
            messages.info(request, _("The owner has not accepted so far."))
        case Outcome.UNANSWERED:
            messages.error(request, _("eConnect could not be asked; below is why."))
        case Outcome.BUSY:
            messages.info(request, _("This request is being checked at this moment, or is settled."))


def send_once_more(request: HttpRequest, row: AuthorisationRequest) -> None:
    if not may_send_through(request, row):
        raise PermissionDenied
    if not send_again(row.pk, by=request.user.get_username()):
        messages.warning(request, _("Nothing was sent: somebody else was first, or the request is settled."))


def stop_waiting(request: HttpRequest, row: AuthorisationRequest) -> None:
    if not close(row.pk):
        messages.warning(request, _("The request is settled already."))


def take_keys(request: HttpRequest, row: AuthorisationRequest) -> None:
    """Replace the keys that are there by those that the owner gave."""
    present = fingerprint_of_keys(row.administration)
    if present and not may_replace_keys(request.user, row.administration):
        raise PermissionDenied
    change(row.pk, [State.WAITING], replaces=present)
    check_now(request, row)


def may_send_through(request: HttpRequest, row: AuthorisationRequest) -> bool:
    """Whether who asks may send requests from the account that this one went out from."""
    through = administrations_where(request.user, ADD)
    return through.filter(pk=row.requested_through_id).exists()
