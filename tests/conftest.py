"""The real servers that the tests talk to, and an administration whose eConnect is the sandbox."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

import django_rq
import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.models.signals import post_migrate
from pytest_django import DjangoDbBlocker

from econnect_admin.embedded import servers
from econnect_admin.embedded.home import home
from econnect_admin.sandbox.account import Account
from econnect_admin.sandbox.server import Sandbox
from tests.commands.running import run_command, start_command

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from batchjobs.models import BatchjobRun
    from econnect_admin.models import Administration, ConnectionUserGroup, User

PROJECT = Path(__file__).resolve().parents[1]
SAMPLES = PROJECT / "econnect_admin" / "sandbox" / "samples"
# Real documents, where somebody has put them beside the project.
SHARED_SAMPLES = PROJECT.parent / "shared" / "samples"

T = TypeVar("T")

GROUP_ID = "GRNL10017"  # a group of the account
CONSUMER_KEY = "klant-key-7f3b1c"
CONSUMER_SECRET = "klant-geheim-9e8d7c6b5a"


def pytest_configure() -> None:
    servers.ensure()
    _write_without_waiting_for_the_disk()


def _write_without_waiting_for_the_disk() -> None:
    """Emptying all tables between tests is most of what the disk does; nobody pulls the plug on this data."""
    if os.environ.get("DATABASE_URL"):
        return
    with psycopg.connect(
        dbname="postgres",
        user="postgres",
        password=home().secret("postgres-superuser"),
        host=connection.settings_dict["HOST"],
        port=connection.settings_dict["PORT"],
        autocommit=True,
    ) as postgres:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            postgres.execute(f"ALTER SYSTEM SET {setting} = off")
        postgres.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Nothing is filled again after each test: tests.database has not emptied it."""
    post_migrate.receivers = []
    with django_db_blocker.unblock():
        _count_on_as_after_years()


def _count_on_as_after_years() -> None:
    """Keys get thousands, which a page must not write as it writes amounts; those of two tables differ."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::regclass FROM pg_class WHERE relkind = 'S' ORDER BY 1")
        for at, (sequence,) in enumerate(cursor.fetchall(), 1):
            cursor.execute(f"ALTER SEQUENCE {sequence} RESTART WITH {at}000001")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """eConnect, with an empty inbox; `sandbox.account` is what the platform knows."""
    account = Account(
        consumer_key=CONSUMER_KEY,
        consumer_secret=CONSUMER_SECRET,
        party_id="XCNL10017",
        party_name="Ref Bouw B.V.",
    )
    with Sandbox(account) as running:
        yield running


@pytest.fixture
def administration(transactional_db: None, sandbox: Sandbox) -> "Administration":
    """Ref Bouw B.V., coupled to the sandbox."""
    from econnect_admin.administrations.setup import setup_administration

    administration, _ = setup_administration(
        "REF",
        name="Ref Bouw B.V.",
        access_url=sandbox.access_url,
        namespace=sandbox.namespace,
        consumer_key=CONSUMER_KEY,
        consumer_secret=CONSUMER_SECRET,
        created_by="inkoop@refbouw.example",
        delivery_email="crediteuren@refbouw.example",
        company_id="XCNL10017",
    )
    return administration


@pytest.fixture
def elsewhere(administration: "Administration") -> "Administration":
    """Another administration, with a database of its own."""
    from econnect_admin.models import Administration, DatabasePreferences
    from econnect_admin.rights.activating import activate_all

    database = DatabasePreferences.objects.create(name="elsewhere")
    other = Administration.objects.create(code="B", name="Elders B.V.", database=database)
    activate_all(other, "vendor")
    return other


@pytest.fixture
def run_import() -> "Callable[[Administration], BatchjobRun]":
    """Run the import in this process, and give the run as it ended."""

    def run(administration: "Administration") -> "BatchjobRun":
        from batchjobs.running import execute, request_run
        from batchjobs.setup import ensure_batchjobs

        batchjob, _ = ensure_batchjobs(administration)
        run = request_run(batchjob, started_by="test")
        execute(run.pk)
        run.refresh_from_db()
        return run

    return run


@pytest.fixture
def environment(transactional_db: None) -> dict[str, str]:
    """For processes of their own: the database of this test, and its Redis, emptied."""
    with django_rq.get_connection() as redis:
        redis.flushdb()
    database = connection.settings_dict
    user, password = quote(database["USER"] or ""), quote(database["PASSWORD"] or "")
    host, name = database["HOST"] or "", database["NAME"]
    at_host = f"/{host}" if host.startswith("/") else f"{host}:{database['PORT'] or 5432}"
    return os.environ | {
        "DATABASE_URL": f"postgres://{user}:{password}@{at_host}/{name}",
        "REDIS_URL": settings.REDIS_URL,
    }


@pytest.fixture
def manage(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `manage.py` as a user does; with another `environment` too, if a test changes that."""
    usual = dict(environment)

    def run(*arguments: str, input: str = "") -> subprocess.CompletedProcess[str]:  # noqa: A002
        if environment == usual:
            return run_command(arguments, environment, input)
        return subprocess.run(
            [sys.executable, str(PROJECT / "manage.py"), *arguments],
            input=input,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def start_worker(environment: dict[str, str]) -> Iterator[Callable[..., psutil.Process]]:
    """Start a real worker process; all are killed in the end, with the runs that they are at."""
    started: list[psutil.Process] = []

    def start(log: Path = Path(os.devnull), **more: str) -> psutil.Process:
        worker = start_command(("rqworker", "default", "checks"), environment, more, log, log)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        kill_with_children(worker)


def grant_all(user: "User", *permissions: str) -> None:
    """Grant what these permissions need, for all administrations that there are."""
    from econnect_admin.models import Administration, UserGroup
    from econnect_admin.rights.catalogue import grant_for
    from econnect_admin.rights.granting import grant

    group = UserGroup.objects.create(name=f"group of {user}")
    group.administrations.set(Administration.objects.all())
    group.members.add(user)
    grants = [grant_for(permission) for permission in permissions]
    assert None not in grants, permissions
    grant(group, [granted for granted in grants if granted])


def connect_group(
    administration: "Administration", group_id: str = GROUP_ID, name: str = "Directie"
) -> "ConnectionUserGroup":
    """A user group whose inbox is that of a group on the platform."""
    from econnect_admin.models import ConnectionUserGroup, UserGroup

    user_group = UserGroup.objects.create(name=name)
    user_group.administrations.add(administration)
    connected: ConnectionUserGroup = ConnectionUserGroup.objects.create(
        administration=administration, group_id=group_id, user_group=user_group
    )
    return connected


def kill_with_children(process: psutil.Process) -> None:
    """SIGKILL, first to the process, so that it cannot see its children die."""
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    kill(family)


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=10)


def wait_until(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def json_of(result: subprocess.CompletedProcess[str]) -> dict[str, object]:
    answer: dict[str, object] = json.loads(result.stdout)
    return answer


def begin(job: Callable[[], T]) -> "Future[T]":
    """Do it beside the test."""

    def run() -> T:
        try:
            return job()
        finally:
            connection.close()

    return ThreadPoolExecutor(1).submit(run)


def wait_for_a_lock() -> None:
    """Until somebody waits in the database for what the test holds."""
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")
