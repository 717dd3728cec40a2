"""A deadline for a whole HTTP answer, headers included, however steadily it drips.

The time-outs of `requests` are between two pieces: a byte now and then would keep a thread for ever.
"""

import http.client
import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

_current = threading.local()


class DeadlinePassed(Exception):
    """The answer is not there yet, not wholly."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Within this, this thread's answers raise DeadlinePassed after so many seconds."""
    _current.deadline = time.monotonic() + seconds
    try:
        yield
    finally:
        del _current.deadline


class DeadlineAdapter(HTTPAdapter):
    """Makes connections that keep to the deadline of the thread that reads."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _hurry(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> ProxyManager:
        manager: ProxyManager = super().proxy_manager_for(*args, **kwargs)
        _hurry(manager)
        return manager


def _hurry(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


class _HurriedResponse(http.client.HTTPResponse):
    """What a connection makes of its socket, to read an answer from."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fp = io.BufferedReader(_HurriedReader(self.fp.detach()))


class _HurriedReader(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if time.monotonic() > _current.deadline:
            raise DeadlinePassed
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _HTTPConnection(HTTPConnection):
    response_class = _HurriedResponse


class _HTTPSConnection(HTTPSConnection):
    response_class = _HurriedResponse


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection
