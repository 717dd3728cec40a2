"""Processes as a user starts them: with a data directory of their own, and what is left of them."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.conftest import PROJECT

USE_SERVERS = (
    "import sys; from econnect_admin.embedded import servers; servers.ensure(); "
    "print('here we are', flush=True); sys.stdin.read()"
)


@contextmanager
def data_directory(name: str = "data") -> Iterator[Path]:
    """A place that root's unprivileged account can reach too; nothing goes on in it afterwards."""
    parent = Path(tempfile.mkdtemp())
    parent.chmod(0o711)
    try:
        yield parent / name
    finally:
        for process in processes_of(parent):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        shutil.rmtree(parent)


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """That of a newcomer: no servers of their own."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**inherited, "DATA_DIR": str(data_dir), "PYTHONPATH": str(PROJECT), **more}


def manage(data_dir: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), *arguments],
        env=environment(data_dir, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def start(data_dir: Path, *arguments: str, **more: str) -> "subprocess.Popen[str]":
    """Python with these arguments, in the background."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=environment(data_dir, **more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=PROJECT,
    )


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    """What the process says, up to the line with these words; fails if it ends without them."""
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"{words!r} was not said, but:\n{said}")


def finish(process: "subprocess.Popen[str]") -> int:
    """Let a process that reads its input come to its end. Gives the exit code."""
    process.communicate(timeout=30)
    return process.returncode


def processes_of(data_dir: Path) -> list[psutil.Process]:
    """Whatever has the directory in its command line or its environment; dead processes do not count."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            words = [*process.cmdline(), process.environ().get("DATA_DIR", "")]
            if process.pid != os.getpid() and any(str(data_dir) in word for word in words):
                found.append(process)
    return [process for process in found if _is_alive(process)]


def _is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
