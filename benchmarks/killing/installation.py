"""An installation that is run by real processes, and what can be done to them."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from benchmarks.ground import start_python
from econnect_admin.embedded import postgres, servers, valkey
from econnect_admin.embedded.home import home

_SERVICES = {
    "worker-1": ("manage.py", "rqworker", "default", "checks"),
    "worker-2": ("manage.py", "rqworker", "default", "checks"),
    "scheduler-1": ("manage.py", "scheduler"),
    "scheduler-2": ("manage.py", "scheduler"),
}
_SECONDS_TO_END = 15


class Installation:
    """Two schedulers, two workers and the embedded servers. What has died is started again."""

    def __init__(self, data_dir: Path) -> None:
        self._logs = data_dir / "logs"
        self._processes: dict[str, psutil.Popen] = {}
        self._mends: list[tuple[float, Callable[[], None]]] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        self.keep_running()
        try:
            yield
        finally:
            self.mend_all()
            for process in self._processes.values():
                with suppress(psutil.NoSuchProcess):
                    process.terminate()
            psutil.wait_procs(list(self._processes.values()), timeout=_SECONDS_TO_END)

    def keep_running(self) -> None:
        for name, command in _SERVICES.items():
            if name not in self._processes or self._processes[name].poll() is not None:
                self._processes[name] = start_python(*command, log=self._logs / f"{name}.log")

    def workers(self) -> list[psutil.Process]:
        return self._named("worker")

    def schedulers(self) -> list[psutil.Process]:
        return self._named("scheduler")

    def work_horses(self) -> list[psutil.Process]:
        """Those that are at a run. (A worker that finds no server starts that, too.)"""
        found: list[psutil.Process] = []
        for worker in self.workers():
            with suppress(psutil.NoSuchProcess):
                found += [child for child in worker.children() if child.cmdline() == worker.cmdline()]
        return found

    def _named(self, name: str) -> list[psutil.Process]:
        return [process for key, process in self._processes.items() if key.startswith(name)]

    # Troubles, each with the moment of its end

    def later(self, seconds: float, mend: Callable[[], None]) -> None:
        self._mends.append((time.monotonic() + seconds, mend))

    def is_in_trouble(self) -> bool:
        return bool(self._mends)

    def mend_what_is_due(self) -> None:
        now = time.monotonic()
        due = [mend for at, mend in self._mends if at <= now]
        self._mends = [(at, mend) for at, mend in self._mends if at > now]
        for mend in due:
            mend()

    def mend_all(self) -> None:
        self._mends = [(0.0, mend) for _, mend in self._mends]
        self.mend_what_is_due()

    def stop(self, process: psutil.Process, seconds: float) -> None:
        """As a machine that is suspended, or a network that is cut. One that is stopped stays as it is."""

        def go_on() -> None:
            with suppress(psutil.NoSuchProcess):
                process.resume()

        with suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_STOPPED:
                process.suspend()
                self.later(seconds, go_on)

    def kill_valkey(self, seconds: float) -> None:
        """With all that is in it: it keeps nothing on disk."""
        socket = str(home().sockets / "valkey.sock")
        for process in psutil.process_iter(["cmdline"]):
            if any(socket in word for word in process.info["cmdline"] or []):
                process.kill()
        self.later(seconds, _start_servers)

    def crash_postgres(self, seconds: float) -> None:
        """In its immediate mode: nobody is asked, nothing is written, and the next start recovers."""
        if postgres.is_running(home()):
            pid_file = home().data_dir / "postgres" / "postmaster.pid"
            os.kill(int(pid_file.read_text().split("\n")[0]), signal.SIGQUIT)
        while postgres.is_running(home()):
            time.sleep(0.01)
        self.later(seconds, _start_servers)


def _start_servers() -> None:
    servers.restart_missing(lambda _words: None)
    assert postgres.is_running(home())
    assert valkey.is_running(home())
