"""`manage.py`, each command in a process of its own, forked from one that has loaded the project already.

To load it takes longer than what most commands do.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import import_module, reload
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import MappingProxyType

import django
import psutil
import pytest
from django.conf import settings

_LONGEST = 60  # seconds

_servers = multiprocessing.get_context("forkserver")
_servers.set_forkserver_preload(["tests.commands.preloaded"])


def run_command(
    arguments: Sequence[str], environment: Mapping[str, str], given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run it to its end.

    `environment` must be the same each time: the project is loaded with that of the first.
    """
    with tempfile.TemporaryDirectory() as name:
        given_file, said, complained = (Path(name) / stream for stream in ("in", "out", "err"))
        given_file.write_text(given)
        process = _start(arguments, environment, given_file, said, complained)
        process.join(_LONGEST)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(list(arguments), _LONGEST)
        return subprocess.CompletedProcess(
            list(arguments), process.exitcode, said.read_text(), complained.read_text()
        )


def start_command(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    more: Mapping[str, str],
    said: Path,
    complained: Path,
) -> psutil.Process:
    """Start it, for others to end.

    `environment` as above, and `more` on top of it; what it says is written to these files.
    """
    process = _start(arguments, environment, Path(os.devnull), said, complained, more)
    return psutil.Process(process.pid)


def _start(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    given: Path,
    said: Path,
    complained: Path,
    more: Mapping[str, str] = MappingProxyType({}),
) -> ForkServerProcess:
    process = _servers.Process(
        target=_main, args=(arguments, given, said, complained, dict(more)), daemon=True
    )
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in environment.items():
            patch.setenv(variable, value)
        process.start()
    return process


def _main(
    arguments: Sequence[str], given: Path, said: Path, complained: Path, more: Mapping[str, str]
) -> None:
    for descriptor, file, mode in ((0, given, os.O_RDONLY), (1, said, _WRITE), (2, complained, _WRITE)):
        os.dup2(os.open(file, mode, 0o600), descriptor)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.argv = ["manage.py", *arguments]
    if more:
        _load_settings_again(more)
    from manage import main

    main()


def _load_settings_again(more: Mapping[str, str]) -> None:
    os.environ |= more
    reload(import_module("econnect_admin.settings"))
    loaded = reload(import_module(os.environ["DJANGO_SETTINGS_MODULE"]))
    for name in filter(str.isupper, dir(loaded)):
        setattr(settings, name, getattr(loaded, name))
    reload(import_module("django_rq.settings"))
    django.setup()


_WRITE = os.O_WRONLY | os.O_CREAT | os.O_APPEND
