"""Starting a server that goes on in the background, and waiting until it answers."""

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from econnect_admin.embedded.home import EmbeddedError, Home, reason_in

_SECONDS_TO_START = 120  # a PostgreSQL that recovers from a crash takes its time
_LONGEST_LOG = 1024 * 1024  # bytes; the log before it is kept as well

_started: list[subprocess.Popen[bytes]] = []  # a forgotten one would be complained about


def start(home: Home, name: str, command: Sequence[str | Path], is_ready: Callable[[], bool]) -> None:
    """Start it as the servers' account, its output in logs/NAME.log. Raises EmbeddedError, OSError."""
    log = home.data_dir / "logs" / f"{name.lower()}.log"
    if log.exists() and log.stat().st_size > _LONGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        earlier = output.tell()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **home.as_account(),
        )
    _started.append(process)
    deadline = time.monotonic() + _SECONDS_TO_START
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            words = log.read_bytes()[earlier:].decode(errors="replace")
            raise EmbeddedError(f"{name} does not start: {reason_in(words) or 'no word why'} (log: {log})")
        time.sleep(0.02)


def working_in(directory: Path) -> list[psutil.Process]:
    """Each server has the directory of its data as its working directory; so do its children."""
    place = str(directory.resolve())
    return [process for process in psutil.process_iter(["cwd"]) if process.info["cwd"] == place]


def remaining_in(directory: Path, seconds: float) -> list[psutil.Process]:
    """Wait until nobody works there any more, at most so long. Gives who still does."""
    deadline = time.monotonic() + seconds
    while (remaining := working_in(directory)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return remaining
