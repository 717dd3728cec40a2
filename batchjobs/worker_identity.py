"""Who a worker is, so that another process on the same machine can see that it is gone.

An identity is `host/process/start/numbers`: a process number alone is given out again, and
containers on one host have each their own set of numbers.
"""

import os
import socket
from pathlib import Path

import psutil


def own_identity() -> str:
    return f"{socket.gethostname()}/{os.getpid()}/{psutil.Process().create_time():.2f}/{_numbers()}"


def is_gone(identity: str) -> bool:
    """True only if that process ran on this machine and does not any more."""
    host, process, started, numbers = identity.split("/")
    if (host, numbers) != (socket.gethostname(), _numbers()):
        return False
    try:
        found = psutil.Process(int(process))
        return f"{found.create_time():.2f}" != started or found.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False


def host_and_process(identity: str) -> tuple[str, str]:
    """What a person can use of it."""
    host, process, *_ = identity.split("/")
    return host, process


def _numbers() -> str:
    """The set of process numbers that we see."""
    try:
        return Path("/proc/self/ns/pid").readlink().name
    except OSError:
        return ""
