"""Everything on one machine: servers, migrations, web, workers, scheduler; the demonstration if asked."""

import socket
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from batchjobs import demo
from econnect_admin.command_line import PlainCommand
from econnect_admin.embedded import servers
from econnect_admin.embedded.home import home
from econnect_admin.models import User
from econnect_admin.supervisor import Ended, Supervisor, own_service

_MIGRATING = 7_103_041_958  # names our advisory lock, for all machines on the database
_SECONDS_TO_ANSWER = 60
_GUNICORN = (
    *("-m", "gunicorn", "econnect_admin.wsgi", "--no-control-socket"),
    *("--workers", "2", "--threads", "4", "--graceful-timeout", "5"),
    *("--forwarded-allow-ips", ""),  # which proxies are believed is decided by TRUSTED_PROXIES
)


class Command(PlainCommand):
    help = (
        "Run everything on one machine until Ctrl-C or SIGTERM: embedded servers where no URL is given, "
        "migrations, the web interface, the workers and the scheduler."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="default: %(default)s")
        parser.add_argument("--port", type=_port, default=8000, help="of the web interface (%(default)s)")
        parser.add_argument("--workers", type=_count, default=2, metavar="N", help="default: %(default)s")
        parser.add_argument(
            "--demo", action="store_true", help="import from a sandbox, into an administration made for it"
        )
        parser.add_argument(
            "--documents", type=Path, metavar="DIR", help="with --demo: the UBL files in the sandbox's inbox"
        )
        parser.add_argument(
            "--once",
            action="store_true",
            help="with --demo: end after the import, with exit code 0 if every document is in",
        )

    def handle(self, *_arguments: object, **options: Any) -> None:
        if not options["demo"] and (options["once"] or options["documents"]):
            raise CommandError("--once and --documents go with --demo.")
        if options["demo"] and not options["workers"]:
            raise CommandError("--demo needs a worker.")
        if options["demo"] and not settings.ECONNECT["allow_private"]:
            raise CommandError("--demo has its eConnect on this machine: set ECONNECT_ALLOW_PRIVATE=true.")
        documents = demo.documents_directory(options["documents"]) if options["demo"] else None
        _check_free(options["bind"], options["port"])
        try:
            self._prepare()
            supervisor = Supervisor(self._say)
            with supervisor.running():
                self._run(supervisor, documents, options)
        except (Ended, KeyboardInterrupt):
            if options["once"]:
                raise CommandError("Ended before the documents were in.") from None
            self._say("Ended.")

    def _prepare(self) -> None:
        servers.ensure()
        logs = home().data_dir / "logs"
        try:
            logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise home().cannot_be_used(error) from None
        _migrate()
        self._has_nobody = not User.objects.exists()
        connection.close()  # nothing of it is for the processes that come

    def _run(self, supervisor: Supervisor, documents: Path | None, options: Mapping[str, Any]) -> None:
        bind, port = options["bind"], options["port"]
        web = own_service("web", *_GUNICORN, "--bind", f"{_bracketed(bind)}:{port}")
        supervisor.start(web)
        for number in range(1, options["workers"] + 1):
            supervisor.start(own_service(f"worker-{number}", "manage.py", "rqworker", "default", "checks"))
        supervisor.start(own_service("scheduler", "manage.py", "scheduler"))
        problem = demo.run(supervisor, documents, self._say) if documents else None
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104
        address = f"http://{_bracketed(host)}:{port}/"
        if not supervisor.wait(lambda: _answers(address), _SECONDS_TO_ANSWER):
            problem = f"The web interface does not answer: {web.last_words()} (log: {web.log})"
        if options["once"]:
            if problem:
                raise CommandError(problem)
            return
        self._say(f"The web interface: {address}")
        if problem:
            self.stderr.write(problem)
        if documents:
            self._say(f"Log in as {demo.USER} with {demo.password()}")
        elif self._has_nobody:
            self._say("There is no user yet. In another terminal: .venv/bin/python manage.py createsuperuser")
        self._say("Ctrl-C ends everything.")
        supervisor.wait(lambda: False)

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _port(text: str) -> int:
    if not 0 < int(text) < 65536:
        raise ArgumentTypeError("it must be from 1 to 65535")
    return int(text)


def _count(text: str) -> int:
    if int(text) < 0:
        raise ArgumentTypeError("it must be 0 or more")
    return int(text)


def _bracketed(host: str) -> str:
    """An IPv6 address as a URL has it."""
    return f"[{host}]" if ":" in host else host


def _check_free(bind: str, port: int) -> None:
    """Raises CommandError if nobody can listen there."""
    try:
        [(family, *_, address), *_] = socket.getaddrinfo(bind, port, type=socket.SOCK_STREAM)
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(
            f"Port {port} of {bind} cannot be used: {reason}. Take another with --port."
        ) from None


def _migrate() -> None:
    """Bring the database up to date; on several machines that start at once, one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5, allow_redirects=False).status_code < 500
    except requests.RequestException:
        return False
