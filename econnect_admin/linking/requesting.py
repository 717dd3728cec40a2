"""Sending an authorisation request: an e-mail goes out, so never twice by itself."""

import logging
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from econnect_admin.administrations.connection import connect
from econnect_admin.econnect.errors import EConnectError, TryLater, Unavailable
from econnect_admin.linking.models import AuthorisationRequest
from econnect_admin.linking.platform import CANNOT_BE_ASKED, in_words, limits
from econnect_admin.wording import Wording, gettext_noop

logger = logging.getLogger(__name__)

State = AuthorisationRequest.State

FIRST_CHECK = timedelta(minutes=1)

_MAY_NOT_SEND = Wording(
    gettext_noop(
        "eConnect does not let this account send authorisation requests. Ask eConnect to allow it, or send "
        "the request through another administration."
    )
)
CUT_OFF = Wording(
    gettext_noop("Sending was interrupted, so nobody knows whether the request has reached eConnect.")
)


class AlreadyOpen(Exception):
    """The administration has a request that is not settled yet: `request`."""

    def __init__(self, request: AuthorisationRequest) -> None:
        self.request = request
        super().__init__(str(request))


def begin(request: AuthorisationRequest) -> None:
    """Store it as being sent. Raises AlreadyOpen. `send` is for after the commit."""
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:
        others = AuthorisationRequest.objects.open().filter(administration=request.administration)
        other = others.first()
        if other is None:
            raise
        raise AlreadyOpen(other) from None


def send(request_id: int) -> None:
    """Tell eConnect, once, what is stored as being sent; and store what came of it.

    1. Ask something that changes nothing: what is wrong with the account is known before anything is sent.
    2. Send it. If the answer is lost, nobody knows whether an e-mail went out: a person decides.
    3. Store the token, by which eConnect is asked for the keys.
    """
    request = _with_accounts().get(pk=request_id)
    began_at = request.requested_at
    try:
        client = connect(request.requested_through, connections=1, limits=limits())
    except CANNOT_BE_ASKED as error:
        _settle(request_id, began_at, State.NOT_SENT, in_words(error))
        return
    with client:
        try:
            may_send = client.account_details().can_send_app_integration_requests
        except EConnectError as error:
            _settle(request_id, began_at, State.NOT_SENT, error.wording)
            return
        if not may_send:
            _settle(request_id, began_at, State.NOT_SENT, _MAY_NOT_SEND)
            return
        try:
            token = client.request_app_integration(
                request.reference, request.email_address, request.pay_by_requester
            )
        except EConnectError as error:
            _settle(request_id, began_at, _after(error), error.wording)
            return
    _settle(request_id, began_at, State.SENT, token=token)


def _after(error: EConnectError) -> AuthorisationRequest.State:
    """Whether it may have been carried out all the same."""
    perhaps = isinstance(error, TryLater) or (isinstance(error, Unavailable) and error.sent)
    return State.UNCERTAIN if perhaps else State.NOT_SENT


def _with_accounts() -> Any:
    return AuthorisationRequest.objects.select_related(
        "requested_through__database", "requested_through__preferences", "requested_through__security_token"
    )


def _settle(
    request_id: int,
    began_at: object,
    state: AuthorisationRequest.State,
    answer: Wording | None = None,
    token: str = "",
) -> None:
    """Of the sending that began then. What a person has decided meanwhile stays; the token is kept anyway."""
    with transaction.atomic():
        request = AuthorisationRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
        if request.requested_at != began_at:
            logger.warning("Authorisation request %s was sent again before its answer came", request_id)
            return
        if request.state in {State.SENDING, State.UNCERTAIN}:
            request.state = state
            request.answer = answer and answer.as_json()
            request.next_check_at = Now() + FIRST_CHECK if state == State.SENT else None
        request.integration_token = token
        request.save()


def send_again(request_id: int, by: str) -> bool:
    """What perhaps was not sent, because a person says so. False: it is settled, or another was first."""
    changed = change(
        request_id, [State.UNCERTAIN], state=State.SENDING, requested_by=by, requested_at=Now(), answer=None
    )
    if changed:
        send(request_id)
    return changed


def close(request_id: int) -> bool:
    """Wait for it no longer. eConnect knows no way to take it back: the owner may still accept."""
    states = [State.UNCERTAIN, State.SENT, State.WAITING]
    return change(request_id, states, state=State.CLOSED, next_check_at=None)


def mark_if_lost(request_id: int) -> bool:
    """Say of one whose sender was cut off that nobody knows whether it was sent."""
    if not AuthorisationRequest.objects.lost().filter(pk=request_id).exists():
        return False
    return change(request_id, [State.SENDING], state=State.UNCERTAIN, answer=CUT_OFF.as_json())


@transaction.atomic
def change(request_id: int, states: Collection[str], **values: Any) -> bool:
    """Set the values if it is in one of these states. False: it is not, any more."""
    rows = AuthorisationRequest.objects.select_for_update(of=("self",))
    request = rows.filter(pk=request_id, state__in=states).first()
    if request is None:
        return False
    for name, value in values.items():
        setattr(request, name, value)
    request.save(update_fields=list(values))
    return True
