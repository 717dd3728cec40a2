"""Runs the processes of `manage.py up`: starts again what dies, and leaves nothing behind.

A process that dies is started again after 1 second, then 2, 4, … at most 30; after a minute of
life it counts as well again. All processes end when the supervisor ends, in whatever way.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from econnect_admin.embedded import servers
from econnect_admin.embedded.home import PROJECT_DIR, home
from econnect_admin.processes import end_with

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds
_WELL_AFTER = 60.0
_SECONDS_TO_END = 7.0  # then it is killed; all is over within 10 seconds
_LOOK_EVERY = 0.1
_SECONDS_BETWEEN_SERVERS = 2.0  # looks at the embedded servers
_LONGEST_LOG = 5 * 1024 * 1024  # bytes; as much again of what was before it is kept


class Ended(Exception):
    """We were told to end."""


@dataclass
class Service:
    """A process that is to be running, in the project's directory. Its output goes to `log`."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    _process: subprocess.Popen[bytes] | None = None
    _started_at: float = 0.0
    _start_at: float = 0.0
    _pause: float = _FIRST_PAUSE

    def keep_running(self) -> str | None:
        """Start the process if it is time to. Gives what there is to say, if it has just died."""
        if self._process is None:
            if time.monotonic() >= self._start_at:
                self._start()
            return None
        code = self._process.poll()
        if code is None:
            return None
        now = time.monotonic()
        if now - self._started_at >= _WELL_AFTER:
            self._pause = _FIRST_PAUSE
        pause, self._pause = self._pause, min(2 * self._pause, _LONGEST_PAUSE)
        self._process, self._start_at = None, now + pause
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended: {self.last_words()}"
        return f"{self.name} {how}; it starts again in {pause:.0f} s (log: {self.log})"

    def _start(self) -> None:
        parent = os.getpid()
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=PROJECT_DIR,
                env={**os.environ, **self.environment},
                process_group=0,  # Ctrl-C in a terminal is for us alone
                preexec_fn=lambda: end_with(parent),  # noqa: PLW1509 - the supervisor has no threads
            )
        self._started_at = time.monotonic()

    def processes(self) -> list[psutil.Process]:
        """The process and all that came from it."""
        if self._process is None:
            return []
        try:
            process = psutil.Process(self._process.pid)
            return [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def ask_to_end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def last_words(self) -> str:
        with suppress(OSError):
            lines = _tail(self.log).splitlines()
            return next((line.strip() for line in reversed(lines) if line.strip()), "none")
        return "none"

    def shorten_log(self) -> None:
        """Keep the disk from filling; the process goes on writing to the same file."""
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > _LONGEST_LOG:
                self.log.with_suffix(".log.1").write_bytes(self.log.read_bytes())
                os.truncate(self.log, 0)


def own_service(name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Service:
    """Python with these arguments, and our data directory."""
    data_dir = home().data_dir
    return Service(
        name,
        [sys.executable, *arguments],
        log=data_dir / "logs" / f"{name}.log",
        environment={"DATA_DIR": str(data_dir), **(environment or {})},
    )


class Supervisor:
    """Keeps services running, from within `running()`."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._watched_at = time.monotonic()
        self._services: list[Service] = []
        self._told_to_end = False

    @contextmanager
    def running(self) -> Iterator["Supervisor"]:
        """Told to end by a signal, `wait()` raises Ended; at the end every service is ended."""
        signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        before = {number: signal.signal(number, self._end) for number in signals}
        try:
            yield self
        finally:
            self._end_services()
            for number, handler in before.items():
                signal.signal(number, handler)

    def start(self, service: Service) -> None:
        self._services.append(service)
        service.keep_running()

    def wait(self, until: Callable[[], bool], seconds: float = float("inf")) -> bool:
        """Keep the services running until something is so. False: it took longer. Raises Ended."""
        deadline = time.monotonic() + seconds
        while not until():
            if self._told_to_end:
                raise Ended
            if time.monotonic() > deadline:
                return False
            for service in self._services:
                if words := service.keep_running():
                    self._say(words)
                service.shorten_log()
            if time.monotonic() - self._watched_at > _SECONDS_BETWEEN_SERVERS:
                servers.restart_missing(self._say)
                self._watched_at = time.monotonic()
            time.sleep(_LOOK_EVERY)
        return True

    def _end(self, *_signal: object) -> None:
        self._told_to_end = True

    def _end_services(self) -> None:
        started = [process for service in self._services for process in service.processes()]
        for service in self._services:
            service.ask_to_end()
        deadline = time.monotonic() + _SECONDS_TO_END
        while time.monotonic() < deadline and not all(service.has_ended() for service in self._services):
            time.sleep(_LOOK_EVERY)
        # What a process had started may outlive it, or have been started while it was ending.
        left = {*started, *(process for service in self._services for process in service.processes())}
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=2)


def _tail(path: Path, size: int = 4096) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - size))
        return file.read().decode(errors="replace")
