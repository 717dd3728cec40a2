"""The security token: obtained by logging in, shared by all threads, kept between runs."""

import threading
from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Protocol

from econnect_admin.econnect.errors import EConnectError, NeedsPerson

# The platform's tokens live 4 hours; ours is renewed before that.
TOKEN_LIFE = timedelta(hours=3, minutes=50)


class TokenStore(Protocol):
    """Where a token is kept between runs. What it keeps must be encrypted."""

    def load(self) -> str | None:
        """The token that is still good, if there is one."""
        ...

    def save(self, token: str, expires_at: datetime) -> None: ...


class TokenMemory:
    """A store that forgets the token with the process."""

    def __init__(self) -> None:
        self._token: str | None = None
        self._expires_at = datetime.min.replace(tzinfo=UTC)

    def load(self) -> str | None:
        return self._token if datetime.now(UTC) < self._expires_at else None

    def save(self, token: str, expires_at: datetime) -> None:
        self._token, self._expires_at = token, expires_at


class SharedToken:
    """One token for all threads: whoever finds it expired renews it, the others wait for the new one.

    They share a failure to log in too. One that a person must mend is never tried again.
    """

    def __init__(self, store: TokenStore, log_in: Callable[[], str]) -> None:
        self._store = store
        self._log_in = log_in
        self._lock = threading.Lock()
        self._token: str | None = None
        self._failures = 0
        self._last_failure: EConnectError | None = None

    def get(self) -> str:
        failures = self._failures
        with self._lock:
            if self._token is None:
                self._token = self._store.load() or self._new(failures)
            return self._token

    def renewed(self, expired: str) -> str:
        """A token that is not `expired`: another thread's, if that was renewed meanwhile."""
        failures = self._failures
        with self._lock:
            if self._token is None or self._token == expired:
                self._token = self._new(failures)
            return self._token

    def _new(self, failures_before: int) -> str:
        """Log in, unless that failed while the caller waited for its turn."""
        failure = self._last_failure
        if failure and (isinstance(failure, NeedsPerson) or self._failures > failures_before):
            raise copy(failure)
        obtained_at = datetime.now(UTC)
        try:
            token = self._log_in()
        except EConnectError as error:
            self._failures += 1
            self._last_failure = error
            raise
        self._store.save(token, obtained_at + TOKEN_LIFE)
        return token
