"""What bin/demo and bin/test do before anything else: a Python, a .venv, and what the lock names."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

INSTALLING = "Installing what requirements.txt names"
TOOLS = ("cat", "dirname", "flock", "grep", "id", "readlink", "rm", "sha256sum", "tail", "touch", "mkdir")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """One that needs no packages, and says what it is asked to do."""
    directory = tmp_path / "checkout"
    shutil.copytree(PROJECT / "bin", directory / "bin")
    (directory / "requirements.txt").write_text("")
    (directory / "manage.py").write_text("import sys; print(*sys.argv[1:])")
    return directory


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A PATH with this Python and the few tools that every system has."""
    directory = tmp_path / "path"
    directory.mkdir()
    for tool in TOOLS:
        (directory / tool).symlink_to(shutil.which(tool) or "")
    (directory / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    return directory


def demo(checkout: Path, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(checkout / "bin" / "demo")],
        env={"PATH": str(path), "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_packages_are_installed_once_for_each_lock_and_each_place_and_never_by_half(
    checkout: Path, path: Path, tmp_path: Path
) -> None:
    lock = checkout / "requirements.txt"
    interrupt_the_first(checkout, path)
    lock.write_text("")
    first, second = demo(checkout, path), demo(checkout, path)
    assert (first.stdout, second.stdout) == ("up --demo\n", "up --demo\n")
    assert INSTALLING in first.stderr
    assert not (checkout / ".venv" / "half").exists()
    assert second.stderr == ""

    lock.write_text("not-there==1 --hash=sha256:" + "0" * 64)
    failed = demo(checkout, path)
    assert failed.returncode == 1
    [_, line] = failed.stderr.splitlines()
    assert line.startswith("The packages cannot be installed: ERROR: ")
    assert "not-there==1" in line

    lock.write_text("# changed\n")
    assert INSTALLING in demo(checkout, path).stderr

    copy = tmp_path / "copy"
    shutil.copytree(checkout, copy, symlinks=True)
    assert demo(copy, path).stdout == "up --demo\n"
    assert str(copy) in (copy / ".venv" / "pyvenv.cfg").read_text()


def interrupt_the_first(checkout: Path, path: Path) -> None:
    """Kill bin/demo while it installs, with a part of the packages there."""
    os.mkfifo(checkout / "more.txt")
    (checkout / "requirements.txt").write_text("-r more.txt")
    interrupted = subprocess.Popen([str(checkout / "bin" / "demo")], env={"PATH": str(path)})
    with (checkout / "more.txt").open("w"):  # waits for pip to read
        interrupted.kill()
        interrupted.wait()
    (checkout / "more.txt").unlink()
    (checkout / ".venv" / "half").touch()


def test_a_python_that_is_too_old_is_one_clear_line(checkout: Path, path: Path) -> None:
    (path / "python3").unlink()
    (path / "python3").symlink_to("/bin/false")
    result = demo(checkout, path)
    assert result.returncode == 1
    assert result.stderr == (
        "Python 3.11 or newer with venv is needed (Debian: apt-get install python3-venv).\n"
    )
