"""What the buttons on the page of an e-invoice do with its status, and what is said when that is done."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from econnect_admin.wording import gettext_noop
from invoices.models import EInvoice
from invoices.showing.timeline import LONGEST_REASON, StatusForm
from invoices.statuses.changing import CannotChange, change_status, retry, withdraw

_KEPT_REASON = "reason_that_came_too_late"


class NotFilledIn(CannotChange):
    template = gettext_noop("Choose a status, and give a reason of at most %(most)s characters.")


def set_status(request: HttpRequest, einvoice: EInvoice) -> str:
    """As the form says. Raises CannotChange."""
    form = StatusForm(request.POST)
    if not form.is_valid():
        raise NotFilledIn(most=str(LONGEST_REASON))
    change_status(einvoice, by=request.user.get_username(), **form.cleaned_data)
    return _("The status is changed here; the next run tells eConnect.")


def keep_reason(request: HttpRequest, einvoice: EInvoice) -> None:
    """It was typed for a change that could not be made, and may be wanted for the next."""
    reason = request.POST.get("reason", "")[:LONGEST_REASON]
    if reason.strip():
        request.session[_KEPT_REASON] = [einvoice.pk, reason]


def kept_reason(request: HttpRequest, einvoice: EInvoice) -> str:
    """Once: it is in the form then. "" if none was kept for this e-invoice."""
    key, reason = request.session.get(_KEPT_REASON, (None, ""))
    if key != einvoice.pk:
        return ""
    del request.session[_KEPT_REASON]
    return str(reason)


def send_again(einvoice: EInvoice, key: int) -> str:
    """Raises Http404 or CannotChange."""
    retry(get_object_or_404(einvoice.status_changes, pk=key))
    return _("The next run sends the status change again.")


def take_back(einvoice: EInvoice, key: int) -> str:
    """Raises Http404 or CannotChange."""
    withdraw(get_object_or_404(einvoice.status_changes, pk=key))
    return _("The status change is withdrawn.")
