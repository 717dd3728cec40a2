"""The steps of testing a connection, each a call or two to eConnect, and what each says to a person."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice

from django.conf import settings

from econnect_admin.administrations.connection import (
    CannotDecrypt,
    NotConfigured,
    StoredToken,
    connect,
)
from econnect_admin.administrations.models import Administration
from econnect_admin.administrations.quick_connect import is_company
from econnect_admin.econnect.errors import (
    CredentialsRefused,
    EConnectError,
    NamespaceRefused,
    PreferencesUnusable,
    TryLater,
    Unavailable,
)
from econnect_admin.econnect.session import TOKEN_LIFE
from econnect_admin.econnect.transport import Limits
from econnect_admin.wording import Value, Wording, gettext_noop

# A person waits for each step: it is tried little, and not for long. In seconds.
_ATTEMPTS = 2
_LONGEST_READ, _LONGEST_CALL = 8.0, 12.0

_CHOICES = 200  # companies that are offered
_PAGE = 25  # documents that are looked at


class State(StrEnum):
    OK = "ok"
    ATTENTION = "attention"  # it works, and there is something to decide
    FAILED = "failed"


class Mend(StrEnum):
    """Where what is wrong can be mended."""

    NOWHERE = ""
    PREFERENCES = "preferences"
    DATABASE = "database"


@dataclass(frozen=True)
class Result:
    """What a step found. `choices` are companies of the account, as [id, name], if one is to be chosen."""

    state: State
    wording: Wording
    mend: Mend = Mend.NOWHERE
    choices: list[list[str]] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        more = {"state": self.state.value, "mend": self.mend.value, "choices": self.choices}
        return {**self.wording.as_json(), **more}


def _ok(template: str, **values: Value) -> Result:
    return Result(State.OK, Wording(template, values))


def check_keys(administration: Administration) -> list[Result]:
    """Whether there is all that is needed to log in. Asks eConnect nothing."""
    try:
        connect(administration, connections=1).close()
    except NotConfigured:
        if not administration.database.access_url:
            return [Result(State.FAILED, Wording(_NO_ACCESS_URL), Mend.DATABASE)]
        return [Result(State.FAILED, Wording(_NO_KEYS), Mend.PREFERENCES)]
    except CannotDecrypt:
        return [Result(State.FAILED, Wording(_UNREADABLE), Mend.PREFERENCES)]
    return [_ok(gettext_noop("Access URL, consumer key and consumer secret are there"))]


def log_in(administration: Administration) -> list[Result]:
    """With the keys, even if a token is kept. An answer at all proves the Name Space too."""
    began_at = datetime.now(UTC)
    with connect(administration, connections=1, limits=_limits()) as client:
        try:
            token = client.login()
        except EConnectError as error:
            return [_failed(error)]
    StoredToken(administration, administration.preferences).save(token, began_at + TOKEN_LIFE)
    return [_ok(gettext_noop("Logged in")), _ok(gettext_noop("The Name Space fits"))]


def find_company(administration: Administration) -> list[Result]:
    """Whether the company id is one of the account; else those that are."""
    company_id = administration.preferences.company_id
    companies: list[list[str]] = []
    with connect(administration, connections=1, limits=_limits()) as client:
        try:
            for party in islice(client.account_parties(), _CHOICES):
                if party.econnect_party_id == company_id:
                    said = {"name": party.name, "company": company_id}
                    return [_ok(gettext_noop("%(name)s (%(company)s) is of this account"), **said)]
                if is_company(party.econnect_party_id):
                    companies.append([party.econnect_party_id, party.name])
        except EConnectError as error:
            return [_failed(error)]
    return [_without_company(company_id, companies)]


def read_inbox(administration: Administration) -> list[Result]:
    with connect(administration, connections=1, limits=_limits()) as client:
        try:
            page = client.inbox_page(party_id=administration.preferences.company_id or None, limit=_PAGE)
        except EConnectError as error:
            return [_failed(error)]
    count = len(page.documents) + len(page.unreadable)
    if page.next_page:
        return [_ok(gettext_noop("The inbox can be read: more than %(count)s invoices"), count=count)]
    if count == 1:
        return [_ok(gettext_noop("The inbox can be read: 1 invoice"))]
    return [_ok(gettext_noop("The inbox can be read: %(count)s invoices"), count=count)]


STEPS: dict[str, Callable[[Administration], list[Result]]] = {
    "keys": check_keys,
    "login": log_in,
    "company": find_company,
    "inbox": read_inbox,
}


def after(step: str) -> str:
    """The name of the next step; "" after the last."""
    names = [*STEPS, ""]
    return names[names.index(step) + 1]


def _limits() -> Limits:
    usual = Limits(**settings.ECONNECT)
    return replace(
        usual,
        attempts=_ATTEMPTS,
        read_timeout=min(usual.read_timeout, _LONGEST_READ),
        call_timeout=min(usual.call_timeout, _LONGEST_CALL),
    )


def _without_company(company_id: str, companies: list[list[str]]) -> Result:
    if company_id:
        missing = Wording(_NOT_OF_ACCOUNT, {"company": company_id})
        return Result(State.FAILED, missing, Mend.PREFERENCES, companies)
    if not companies:
        return Result(State.ATTENTION, Wording(_NO_COMPANIES))
    return Result(State.ATTENTION, Wording(_ALL_COMPANIES), Mend.PREFERENCES, companies)


def _failed(error: EConnectError) -> Result:
    wording = error.wording
    now_and_not_later = _HERE_AND_NOW.get(wording.template, wording.template)
    return Result(State.FAILED, Wording(now_and_not_later, wording.values), _mended_at(error))


def _mended_at(error: EConnectError) -> Mend:
    if isinstance(error, CredentialsRefused):
        return Mend.PREFERENCES
    if isinstance(error, NamespaceRefused | PreferencesUnusable | Unavailable):
        return Mend.DATABASE
    return Mend.NOWHERE


# Errors whose own words promise that it is tried again, as a run does, and what a test says.
_HERE_AND_NOW = {
    "eConnect could not be reached: %(why)s. It is tried again.": gettext_noop(
        "eConnect could not be reached: %(why)s. Check the Access URL, or test again later."
    ),
    "eConnect's answer cannot be used: %(why)s. It is tried again.": gettext_noop(
        "eConnect's answer cannot be used: %(why)s. Check the Access URL, or test again later."
    ),
    "eConnect's answer took more than %(seconds)s seconds. It is tried again.": gettext_noop(
        "eConnect's answer took more than %(seconds)s seconds. Test again later."
    ),
    TryLater.template: gettext_noop(
        "eConnect could not do it now: %(message)s [%(code)s]. Test again later."
    ),
}

_NO_KEYS = gettext_noop(
    "The consumer key or secret is missing: paste the Quick Connect line of the eConnect platform and save."
)
_NO_ACCESS_URL = gettext_noop("The Access URL is missing: enter it in the financial preferences db.")
_UNREADABLE = gettext_noop(
    "The keys cannot be decrypted: the setting FIELD_ENCRYPTION_KEYS lacks the key that they were encrypted "
    "with. Put that key back, or enter the keys anew."
)
_NOT_OF_ACCOUNT = gettext_noop(
    "%(company)s is no company of this account: choose the company of this administration."
)
_ALL_COMPANIES = gettext_noop(
    "No company id is filled in, so the invoices of all companies of the account are imported. "
    "Choose the company of this administration."
)
_NO_COMPANIES = gettext_noop("No company id is filled in, and eConnect names no companies of this account.")
