"""The embedded servers of this data directory: started by whoever is first, stopped by whoever is last.

Every process that uses them holds a shared lock, which the kernel takes away when the process
dies in whatever way; who can have the lock alone is the last one.
"""

import atexit
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import IO

from econnect_admin.embedded.home import EmbeddedError, Home, home

_in_use: IO[str] | None = None


def wanted() -> list[str]:
    """The servers for which no URL is given."""
    urls = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
    return [server for server, variable in urls.items() if not _is_given(variable)]


def _is_given(variable: str) -> bool:
    """By itself, or as the path of a file that holds it."""
    return bool(os.environ.get(variable) or os.environ.get(f"{variable}_FILE"))


def ensure() -> None:
    """Have the wanted servers running until this process ends. Raises EmbeddedError."""
    global _in_use  # noqa: PLW0603 - one for the whole process
    if _in_use or not wanted():
        return
    here = home()
    here.make_data_dir()
    try:
        with _starting_or_stopping(here.data_dir):
            here.make_directories()
            _in_use = _open_private(here.data_dir / "in-use.lock")
            fcntl.flock(_in_use, fcntl.LOCK_SH)
            atexit.register(_release, here, os.getpid())
            for server in _modules().values():
                server.start(here)
    except OSError as error:
        raise here.cannot_be_used(error) from None


def restart_missing(say: Callable[[str], None]) -> None:
    """Start again what has ended, for a process that has called `ensure`; what it comes to is said."""
    here = home()
    for name, server in _modules().items():
        if server.is_running(here):
            continue
        try:
            with _starting_or_stopping(here.data_dir):
                server.start(here)
        except (EmbeddedError, OSError) as error:
            say(f"{name} has ended, and does not start again: {error}")
        else:
            say(f"{name} had ended; it was started again.")


def _release(here: Home, process: int) -> None:
    """Stop the servers if nobody else uses them. A forked child is not who started them."""
    global _in_use  # noqa: PLW0603 - one for the whole process
    if _in_use is None or os.getpid() != process:
        return
    with _starting_or_stopping(here.data_dir):
        try:
            fcntl.flock(_in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            for server in _modules().values():
                if server.is_running(here):
                    server.stop(here)
            with suppress(OSError):  # somebody else's file is in it
                here.sockets.rmdir()
        _in_use.close()
        _in_use = None


def _modules() -> dict[str, ModuleType]:
    from econnect_admin.embedded import postgres, valkey

    modules = {"postgres": ("PostgreSQL", postgres), "valkey": ("Valkey", valkey)}
    return dict(modules[name] for name in wanted())


@contextmanager
def _starting_or_stopping(data_dir: Path) -> Iterator[None]:
    with _open_private(data_dir / "start.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _open_private(path: Path) -> IO[str]:
    """Whoever can open a file can lock it, and so keep others waiting."""
    return open(path, "w", opener=partial(os.open, mode=0o600))
