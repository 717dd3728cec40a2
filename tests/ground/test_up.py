"""`manage.py up`: everything on one machine, and nothing of it left afterwards."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
import requests

from tests.conftest import kill
from tests.ground.processes import free_port, manage, processes_of, read_until, start, wait_until


@contextmanager
def running_up(data_dir: Path, port: int | None = None) -> Iterator["subprocess.Popen[str]"]:
    """`up` with one worker, serving the web interface."""
    up = start(data_dir, "manage.py", "up", "--workers", "1", "--port", str(port or free_port()))
    try:
        read_until(up, "The web interface")
        yield up
    finally:
        up.terminate()
        up.communicate(timeout=30)


def end(up: "subprocess.Popen[str]", number: signal.Signals = signal.SIGTERM) -> float:
    """Give it a signal and wait for its end. Gives the seconds."""
    told_at = time.monotonic()
    up.send_signal(number)
    up.communicate(timeout=30)
    return time.monotonic() - told_at


def asks_who_you_are(port: int) -> bool:
    page = requests.get(f"http://127.0.0.1:{port}/login/", timeout=10)
    return page.status_code == 200 and 'name="password"' in page.text


def server_processes(data_dir: Path, server: str) -> set[psutil.Process]:
    found = set()
    for process in processes_of(data_dir):
        with suppress(psutil.NoSuchProcess):
            if process.name().startswith(server):
                found.add(process)
    return found


def worker_of(up: "subprocess.Popen[str]") -> psutil.Process | None:
    for child in psutil.Process(up.pid).children():
        with suppress(psutil.Error):
            if "rqworker" in child.cmdline():
                return child
    return None


def test_it_serves_and_starts_again_what_was_killed_and_sigterm_ends_it(data_dir: Path) -> None:
    port = free_port()
    with running_up(data_dir, port) as up:
        assert "manage.py createsuperuser" in read_until(up, "There is no user yet")
        assert asks_who_you_are(port)
        killed = worker_of(up)
        assert killed
        killed.kill()
        wait_until(lambda: worker_of(up) not in (None, killed))
        assert "worker-1 was ended by SIGKILL; it starts again in 1 s" in read_until(up, "worker-1")
        for server in ("postgres", "valkey"):
            killed_ones = server_processes(data_dir, server)
            kill(list(killed_ones))
            wait_until(lambda: server_processes(data_dir, server) - killed_ones != set())  # noqa: B023
            wait_until(lambda: asks_who_you_are(port))
        assert end(up) < 20  # seconds: after 7 they are killed
        assert up.returncode == 0
        assert processes_of(data_dir) == []


def test_sigterm_ends_everything_while_an_import_waits_for_the_platform(
    data_dir: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as silent_platform, running_up(data_dir) as up:
        address = f"http://127.0.0.1:{silent_platform.getsockname()[1]}/soap/v3.1?subscriptionKey=key"
        manage(
            data_dir,
            *("setup_administration", "REF", "--name", "Ref Bouw B.V.", "--access-url", address),
            *("--consumer-key", "key", "--consumer-secret-file", str(secret)),
        )
        start(data_dir, "manage.py", "run_batchjob", "import", "--administration", "REF", "--queue")
        silent_platform.settimeout(30)
        silent_platform.accept()  # the import is at work
        assert end(up) < 20  # seconds: after 7 they are killed
    states = "from batchjobs.models import *; print(*BatchjobRun.objects.values_list('state', flat=True))"
    assert manage(data_dir, "shell", "-v", "0", "-c", states).stdout.split() == ["failed"]


def test_it_listens_on_an_ipv6_address_and_nothing_outlives_it_when_it_is_killed(data_dir: Path) -> None:
    up = start(data_dir, "manage.py", "up", "--workers", "1", "--bind", "::1", "--port", str(free_port()))
    assert "http://[::1]:" in read_until(up, "The web interface")
    end(up, signal.SIGKILL)
    wait_until(lambda: processes_of(data_dir) == [])


def test_a_port_in_use_is_one_clear_line_before_anything_starts(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = manage(data_dir, "up", "--port", str(port))
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert f"Port {port} of 127.0.0.1 cannot be used: Address already in use" in result.stderr
    assert not (data_dir / "postgres").exists()


def test_two_may_start_on_a_new_database_at_the_same_moment(data_dir: Path) -> None:
    both = [
        start(data_dir, "manage.py", "up", "--workers", "0", "--port", str(free_port())) for _ in range(2)
    ]
    for up in both:
        read_until(up, "The web interface")
    for up in both:
        end(up)
    assert [up.returncode for up in both] == [0, 0]


@pytest.mark.parametrize("arguments", [("--port", "0"), ("--port", "99999"), ("--workers", "-3")])
def test_a_number_that_cannot_be_is_refused_at_once(data_dir: Path, arguments: tuple[str, str]) -> None:
    result = manage(data_dir, "up", *arguments)
    assert result.returncode == 2
    assert "it must be" in result.stderr
    assert processes_of(data_dir) == []
