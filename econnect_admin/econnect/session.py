"""The security token: obtained by logging in, shared by all threads, kept between runs."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

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
    """One token for all threads: whoever finds it expired renews it, the others wait for the new one."""

    def __init__(self, store: TokenStore, log_in: Callable[[], str]) -> None:
        self._store = store
        self._log_in = log_in
        self._lock = threading.Lock()
        self._token: str | None = None

    def get(self) -> str:
        with self._lock:
            if self._token is None:
                self._token = self._store.load() or self._new()
            return self._token

    def renewed(self, expired: str) -> str:
        """A token that is not `expired`: another thread's, if that was renewed meanwhile."""
        with self._lock:
            if self._token is None or self._token == expired:
                self._token = self._new()
            return self._token

    def _new(self) -> str:
        obtained_at = datetime.now(UTC)
        token = self._log_in()
        self._store.save(token, obtained_at + TOKEN_LIFE)
        return token
