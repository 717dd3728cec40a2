"""The supervisor with programs that misbehave."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from econnect_admin.supervisor import Service, Supervisor
from tests.ground.processes import wait_until


def service(directory: Path, program: str) -> Service:
    return Service("program", [sys.executable, "-c", program], log=directory / "program.log")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Iterator[Supervisor]:
    with Supervisor(said.append).running() as supervisor:
        yield supervisor


def test_a_program_that_keeps_dying_is_started_less_and_less_often(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    supervisor.start(service(tmp_path, "print('started')"))
    supervisor.wait(lambda: False, seconds=4.5)
    assert [line.partition("again in ")[2][:1] for line in said] == ["1", "2", "4"]
    assert (tmp_path / "program.log").read_text().split() == ["started"] * 3


def test_what_a_program_said_last_is_told_when_it_dies(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    supervisor.start(service(tmp_path, "raise SystemExit('the reason')"))
    supervisor.wait(lambda: bool(said), seconds=10)
    assert said[0].startswith("program ended: the reason; it starts again in 1 s")


def test_a_program_that_does_not_want_to_end_is_killed_with_what_it_started(tmp_path: Path) -> None:
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "subprocess.Popen([sys.executable, '-c', sys.argv[1], 'child'], start_new_session=True); "
        "time.sleep(600)"
    )
    marker = f"import time; time.sleep(600)  # {tmp_path}"
    program = service(tmp_path, stubborn)
    program.command = [*program.command, marker]

    def its_child() -> list[psutil.Process]:
        processes = psutil.process_iter(["cmdline"])
        return [process for process in processes if (process.info["cmdline"] or [])[2:] == [marker, "child"]]

    with Supervisor(print).running() as supervisor:
        supervisor.start(program)
        wait_until(lambda: bool(its_child()))
        told_at = time.monotonic()
    assert time.monotonic() - told_at < 10
    assert its_child() == []


def test_a_log_does_not_fill_the_disk(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(
        service(tmp_path, "import time; print('x' * 6_000_000, flush=True); print('on'); time.sleep(9)")
    )
    assert supervisor.wait((tmp_path / "program.log.1").exists, seconds=10)
    assert (tmp_path / "program.log").stat().st_size < 1_000_000
