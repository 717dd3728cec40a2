"""The way from an administration to its account on the platform."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import DatabaseError, connection

from econnect_admin.administrations.encryption import Unreadable
from econnect_admin.administrations.models import Administration, AdministrationPreferences, SecurityToken
from econnect_admin.econnect.soap import EConnect
from econnect_admin.econnect.transport import Limits

logger = logging.getLogger(__name__)


class NotConfigured(Exception):
    """The administration has no preferences for eConnect yet."""


class CannotDecrypt(Exception):
    """The preferences were encrypted with a key that is not among FIELD_ENCRYPTION_KEYS."""


def connect(
    administration: Administration, *, connections: int = 8, limits: Limits | None = None
) -> EConnect:
    """A client with the administration's preferences and its cached token.

    `limits`: instead of those of everywhere. Raises NotConfigured or CannotDecrypt.
    """
    try:
        preferences = administration.preferences
    except AdministrationPreferences.DoesNotExist:
        raise NotConfigured from None
    database = administration.database
    secrets = (database.access_url, preferences.consumer_key, preferences.consumer_secret)
    if any(isinstance(secret, Unreadable) for secret in secrets):
        raise CannotDecrypt
    if not all(secrets):
        raise NotConfigured
    return EConnect(
        database.access_url,
        database.namespace,
        preferences.consumer_key,
        preferences.consumer_secret,
        tokens=StoredToken(administration, preferences),
        limits=limits or Limits(**settings.ECONNECT),
        connections=connections,
    )


def inbox_identity(administration: Administration, group_id: str | None = None) -> str:
    """A fingerprint of which inbox on which account is the administration's, or that of a group."""
    preferences = administration.preferences
    owner = group_id or preferences.company_id
    return _fingerprint(administration.database.access_url, preferences.consumer_key, owner)


def connection_identity(administration: Administration) -> str:
    """A fingerprint of all preferences that decide whether the connection works."""
    database = administration.database
    preferences = AdministrationPreferences.objects.filter(administration=administration).first()
    keys = (
        (preferences.consumer_key, preferences.consumer_secret, preferences.company_id) if preferences else ()
    )
    return _fingerprint(database.access_url, database.namespace, *keys)


def _fingerprint(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()


class StoredToken:
    """The administration's token in the database; another key, secret or URL makes it useless.

    Read when this is made, and not by the thread that needs it first, which would connect for it.
    """

    def __init__(self, administration: Administration, preferences: AdministrationPreferences) -> None:
        database = administration.database
        self._administration = administration
        self._credentials = _fingerprint(
            *(database.access_url, database.namespace),
            *(preferences.consumer_key, preferences.consumer_secret),
        )

        self._stored: SecurityToken | None = getattr(administration, "security_token", None)

    def load(self) -> str | None:
        stored = self._stored
        return stored.token or None if stored and stored.is_good(self._credentials) else None

    def save(self, token: str, expires_at: datetime) -> None:
        stored = SecurityToken.objects.filter(administration=self._administration)
        values = {"token": token, "credentials": self._credentials, "expires_at": expires_at}
        try:
            with _connection_of_thread():
                if not stored.update(**values):
                    SecurityToken.objects.create(administration=self._administration, **values)
        except DatabaseError:
            # The token is good without being kept; the next run logs in again.
            logger.warning("The token of %s could not be kept.", self._administration)


@contextmanager
def _connection_of_thread() -> Iterator[None]:
    """A thread that fetches has no other use for a connection to the database."""
    try:
        yield
    finally:
        if threading.current_thread() is not threading.main_thread():
            connection.close()
