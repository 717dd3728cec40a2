"""Asking eConnect whether the owner has accepted, and taking the keys over if so."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto

from django.db.models.functions import Now

from econnect_admin.administrations.connection import connect
from econnect_admin.administrations.encryption import Unreadable
from econnect_admin.econnect.errors import EConnectError, Refused
from econnect_admin.econnect.results import AppCredentials
from econnect_admin.linking.landing import KeysStay, find_company_id, take_over
from econnect_admin.linking.models import AuthorisationRequest
from econnect_admin.linking.platform import CANNOT_BE_ASKED, CANNOT_DECRYPT, in_words, limits
from econnect_admin.linking.requesting import change
from econnect_admin.wording import Wording, gettext_noop

State = AuthorisationRequest.State

# The contract has one fault for all that is not (yet) accepted.
NOT_YET = gettext_noop("Not accepted so far. eConnect says: %(message)s [%(code)s]")
_NO_COMPANY_YET = Wording(
    gettext_noop(
        "The owner has accepted, but eConnect could not say yet which company it is. It is tried again; if "
        "that stays so, check the Access URL of the administration in the financial preferences db."
    )
)


class Outcome(Enum):
    ACCEPTED = auto()
    KEYS_STAY = auto()  # accepted, but a person is to say whether the present keys go
    NOT_YET = auto()
    UNANSWERED = auto()  # eConnect could not be asked, or not understood
    BUSY = auto()  # somebody else is asking, or there is nothing to ask


def check(request_id: int) -> Outcome:
    """Ask once. Nothing is lost by a crash: the keys can be asked for again until they are stored."""
    if not AuthorisationRequest.objects.claim(request_id):
        return Outcome.BUSY
    with _released_in_the_end(request_id):
        outcome, answer = _ask(request_id)
        if answer is not None:
            change(request_id, AuthorisationRequest.ASKABLE, answer=answer.as_json())
        return outcome


@contextmanager
def _released_in_the_end(request_id: int) -> Iterator[None]:
    try:
        yield
    finally:
        claimed = AuthorisationRequest.objects.filter(pk=request_id)
        claimed.update(checking_since=None, last_checked_at=Now())


def _ask(request_id: int) -> tuple[Outcome, Wording | None]:
    request = _with_accounts(request_id)
    if isinstance(request.integration_token, Unreadable):
        return Outcome.UNANSWERED, CANNOT_DECRYPT
    try:
        with connect(request.requested_through, connections=1, limits=limits()) as client:
            credentials = client.app_integration_credentials(request.integration_token)
    except Refused as error:
        return Outcome.NOT_YET, Wording(NOT_YET, error.wording.values)
    except CANNOT_BE_ASKED as error:
        return Outcome.UNANSWERED, in_words(error)
    return _land(request, credentials)


def _land(request: AuthorisationRequest, credentials: AppCredentials) -> tuple[Outcome, Wording | None]:
    try:
        company_id = find_company_id(request, credentials)
    except EConnectError:
        return Outcome.UNANSWERED, _NO_COMPANY_YET
    try:
        take_over(request.pk, credentials, company_id)
    except KeysStay:
        waiting = {"state": State.WAITING, "answer": None, "next_check_at": None}
        change(request.pk, AuthorisationRequest.ASKABLE, **waiting)
        return Outcome.KEYS_STAY, None
    except EConnectError as error:
        return Outcome.UNANSWERED, error.wording
    return Outcome.ACCEPTED, None


def _with_accounts(request_id: int) -> AuthorisationRequest:
    through = "requested_through"
    rows = AuthorisationRequest.objects.select_related(
        "administration__database",
        *(f"{through}__{name}" for name in ("database", "preferences", "security_token")),
    )
    return rows.get(pk=request_id)
