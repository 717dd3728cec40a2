"""`manage.py`, each command in a process of its own, forked from one that has loaded the project already.

To load it takes longer than what most commands do.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

_LONGEST = 60  # seconds

_servers = multiprocessing.get_context("forkserver")
_servers.set_forkserver_preload(["tests.commands.preloaded"])


def run_command(
    arguments: Sequence[str], environment: Mapping[str, str], given: str = ""
) -> subprocess.CompletedProcess[str]:
    """`environment` must be the same each time: the project is loaded with that of the first."""
    with tempfile.TemporaryDirectory() as name:
        files = Path(name)
        (files / "in").write_text(given)
        process = _servers.Process(target=_main, args=(arguments, files))
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in environment.items():
                patch.setenv(variable, value)
            process.start()
        process.join(_LONGEST)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(list(arguments), _LONGEST)
        said, complained = ((files / name).read_text() for name in ("out", "err"))
    return subprocess.CompletedProcess(list(arguments), process.exitcode, said, complained)


def _main(arguments: Sequence[str], files: Path) -> None:
    for descriptor, name, mode in ((0, "in", os.O_RDONLY), (1, "out", _WRITE), (2, "err", _WRITE)):
        os.dup2(os.open(files / name, mode, 0o600), descriptor)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.argv = ["manage.py", *arguments]
    from manage import main

    main()


_WRITE = os.O_WRONLY | os.O_CREAT
