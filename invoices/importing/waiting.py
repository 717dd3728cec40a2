"""Waiting for the platform without falling silent."""

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import TypeVar

from invoices.importing.progress import Progress

_TICK = 0.5  # seconds

T = TypeVar("T")


def wait(future: Future[T], progress: Progress) -> T:
    """The result of what another thread does. Raises what that raised, or Interrupted."""
    return _wait(future, progress.tick)


def wait_to_the_end(future: Future[T], progress: Progress) -> T:
    """The same for what must not be left alone: a request to stop is heard after it."""
    return _wait(future, progress.stay_alive)


def _wait(future: Future[T], give_sign_of_life: Callable[[], None]) -> T:
    while True:
        give_sign_of_life()
        try:
            return future.result(timeout=_TICK)
        except NotYet:
            if future.done():  # it timed out itself, or ended this very moment
                return future.result()
