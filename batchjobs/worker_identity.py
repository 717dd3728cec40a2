"""Who a worker is, so that another process on the same machine can see that it is gone."""

import os
import socket
from pathlib import Path

import psutil


def own_identity() -> str:
    """The machine, and the process by its number and its start: a number alone is given out again."""
    return f"{_machine()}/{os.getpid()}/{psutil.Process().create_time():.2f}"


def is_gone(identity: str) -> bool:
    """True only if that process ran on this machine and does not any more."""
    machine, _, process = identity.partition("/")
    number, _, started = process.partition("/")
    if machine != _machine() or not number.isdigit():
        return False
    try:
        found = psutil.Process(int(number))
        return f"{found.create_time():.2f}" != started or found.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False


def _machine() -> str:
    """The host, and the set of process numbers that we see: containers have each their own."""
    try:
        numbers = Path("/proc/self/ns/pid").readlink().name
    except OSError:
        numbers = ""
    return f"{socket.gethostname()}{numbers}"
