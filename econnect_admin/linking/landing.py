"""The keys that the owner has given, on their way into the financial preferences."""

from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from econnect_admin.administrations.encryption import Unreadable
from econnect_admin.administrations.models import Administration, AdministrationPreferences
from econnect_admin.econnect.errors import EConnectError, unusable
from econnect_admin.econnect.results import AppCredentials
from econnect_admin.econnect.soap import EConnect
from econnect_admin.linking.models import AuthorisationRequest
from econnect_admin.linking.platform import limits
from econnect_admin.linking.references import is_company_id
from econnect_admin.wording import gettext_noop

State = AuthorisationRequest.State


class KeysStay(Exception):
    """The administration has other keys, and nobody has said that they may be replaced."""


def fingerprint_of_keys(administration: Administration) -> str:
    """Of those that could be overwritten, also if they cannot be decrypted any more; "" if there are none."""
    preferences = AdministrationPreferences.objects.filter(administration=administration).first()
    return _fingerprint(preferences) if preferences else ""


def find_company_id(request: AuthorisationRequest, credentials: AppCredentials) -> str:
    """The company on the platform, asked for with its owner's keys; "" if eConnect will not say.

    Raises EConnectError where asking again may help: without a company too much would be imported.
    """
    if is_company_id(request.reference):
        return request.reference
    database = request.administration.database
    keys = (credentials.consumer_key, credentials.consumer_secret)
    try:
        with EConnect(
            database.access_url, database.namespace, *keys, limits=limits(), connections=1
        ) as client:
            return client.party(request.reference).econnect_party_id
    except EConnectError as error:
        if error.retryable:
            raise
        return ""


@transaction.atomic
def take_over(request_id: int, credentials: AppCredentials, company_id: str) -> None:
    """Put the keys into the preferences, and the request at its end; both or neither.

    Raises KeysStay, or EConnectError if they are no keys.
    """
    rows = AuthorisationRequest.objects.select_for_update(of=("self",)).select_related("administration")
    request = rows.get(pk=request_id)
    if request.state not in AuthorisationRequest.ASKABLE:
        return
    _store(request, _usable(credentials, company_id))
    request.state, request.answer, request.next_check_at = State.ACCEPTED, None, None
    request.save(update_fields=["state", "answer", "next_check_at"])


def _store(request: AuthorisationRequest, values: dict[str, str]) -> None:
    preferences, created = AdministrationPreferences.objects.get_or_create(
        administration=request.administration, defaults=values
    )
    if created:
        return
    preferences = AdministrationPreferences.objects.select_for_update().get(pk=preferences.pk)
    if _fingerprint(preferences) not in {"", request.replaces} and not _has(preferences, values):
        raise KeysStay
    for name, value in values.items():
        setattr(preferences, name, value)
    preferences.save()


def _fingerprint(preferences: AdministrationPreferences) -> str:
    keys = (preferences.consumer_key, preferences.consumer_secret)
    stored = [key.token if isinstance(key, Unreadable) else key for key in keys]
    return sha256("\0".join(stored).encode()).hexdigest() if any(stored) else ""


def _has(preferences: AdministrationPreferences, values: dict[str, str]) -> bool:
    return all(getattr(preferences, name) == values[name] for name in ("consumer_key", "consumer_secret"))


def _usable(credentials: AppCredentials, company_id: str) -> dict[str, str]:
    """What of it can be stored; of the address and the company nothing, if they are none."""
    values: dict[str, Any] = {
        "consumer_key": credentials.consumer_key,
        "consumer_secret": credentials.consumer_secret,
        "created_by": credentials.email_address,
        "company_id": company_id,
    }
    try:
        others = {"administration", "delivery_email"}
        AdministrationPreferences(**values).clean_fields(exclude=others)
    except ValidationError as error:
        wrong = error.message_dict.keys()
        if wrong & {"consumer_key", "consumer_secret"}:
            raise unusable(gettext_noop("its keys have signs that cannot be stored")) from None
        values = {name: value for name, value in values.items() if name not in wrong}
    return {name: value for name, value in values.items() if value}
