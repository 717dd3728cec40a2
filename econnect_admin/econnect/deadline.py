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


class HurriedResponse(http.client.HTTPResponse):
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
