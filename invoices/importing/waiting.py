"""Waiting for the platform without falling silent."""

from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import TypeVar

from invoices.importing.progress import Progress

_TICK = 0.5  # seconds

T = TypeVar("T")


def wait(future: Future[T], progress: Progress) -> T:
    """The result of what another thread does. Raises what that raised, or Interrupted."""
    while True:
        progress.tick()
        try:
            return future.result(timeout=_TICK)
        except NotYet:
            if future.done():  # it timed out itself, or ended this very moment
                return future.result()
