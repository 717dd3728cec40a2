"""A real browser on a real server, and people with and without rights."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import django_rq
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.test.testcases import FSFilesHandler
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from econnect_admin.sandbox.server import Sandbox
from tests.conftest import SAMPLES, grant_all

if TYPE_CHECKING:
    from batchjobs.models import Batchjob
    from econnect_admin.models import Administration, User

# Playwright runs a loop in this thread, and Django then thinks that it is called by asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]

VIEW_ALL = (
    "invoices.view_einvoice",
    "invoices.view_line",
    "invoices.view_original",
    "invoices.view_faileddocument",
    "batchjobs.view_batchjob",
    "batchjobs.view_batchjobrun",
)

MANAGING = (
    *VIEW_ALL,
    "batchjobs.add_batchjob",
    "batchjobs.change_batchjob",
    "batchjobs.execute_batchjob",
)

Import = Callable[..., None]


@cache
def _launched() -> Browser:
    """Once in a process, and until it ends: a second Playwright in it may find the loop of the first."""
    # The shell draws the same pages with half the work.
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no Chromium here (Debian: apt-get install chromium)")
    return sync_playwright().start().chromium.launch(executable_path=chromium, args=_ARGUMENTS)


@pytest.fixture(scope="session")
def chromium() -> Browser:
    return _launched()


_TELL_OF_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => console.error(
    "refused:", event.effectiveDirective, event.blockedURI, location.pathname, event.lineNumber));
"""


@pytest.fixture
def refused() -> list[str]:
    """What the content security policy has refused on the page, and nobody expected."""
    return []


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer, refused: list[str]) -> Iterator[Page]:
    """A page that fails its test when a script fails, or the content security policy refuses something."""
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", accept_downloads=True)
    context.set_default_timeout(10_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(_TELL_OF_VIOLATIONS)
    page.on("console", lambda said: refused.append(said.text) if said.text.startswith("refused:") else None)
    yield page
    context.close()
    assert errors + refused == []


@pytest.fixture
def person(administration: "Administration") -> "Callable[..., User]":
    """Somebody who is granted what these permissions need, for all administrations, and nothing else."""

    def make(*permissions: str, username: str = "clerk") -> "User":
        from econnect_admin.models import User

        user: User = User.objects.create_user(username, password="zomer-in-Delft")
        grant_all(user, *permissions)
        return user

    return make


@pytest.fixture
def clerk(person: "Callable[..., User]") -> "User":
    """May look at everything of the daily work."""
    return person(*VIEW_ALL)


@pytest.fixture
def reader(client: Client, clerk: "User") -> Client:
    """The clerk, logged in, without a browser."""
    client.force_login(clerk)
    return client


@pytest.fixture
def clerks_page(page: Page, clerk: "User", live_server: LiveServer) -> Page:
    """The clerk, logged in, in a browser."""
    return log_in(page, clerk, live_server)


@pytest.fixture
def batchjob(administration: "Administration") -> "Batchjob":
    """The import, planned as advised."""
    from batchjobs.setup import ensure_batchjobs

    return ensure_batchjobs(administration)[0]


@pytest.fixture
def manager(client: Client, person: "Callable[..., User]") -> Client:
    """Sees all of the daily work, and sets batch jobs; logged in. The queue is emptied."""
    with django_rq.get_connection() as redis:
        redis.flushdb()
    client.force_login(person(*MANAGING, username="manager"))
    return client


@pytest.fixture
def managers_page(page: Page, person: "Callable[..., User]", live_server: LiveServer) -> Page:
    """The same, in a browser."""
    return log_in(page, person(*MANAGING, "econnect_admin.view_administration"), live_server)


def log_in(page: Page, user: "User", live_server: LiveServer) -> Page:
    client = Client()
    client.force_login(user)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


@pytest.fixture
def imported(sandbox: Sandbox, administration: "Administration", run_import: Callable[..., Any]) -> Import:
    """Import these documents, the first of them last, so that the list shows them in this order."""

    def run(*contents: bytes) -> None:
        for content in reversed(contents):
            sandbox.account.add(content)
            run_import(administration)

    return run


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.xml").read_bytes()


@pytest.fixture(scope="session", autouse=True)
def static_files_as_in_production() -> Iterator[None]:
    """Served by whitenoise with its headers, which Django's handlers for tests would come before."""
    with pytest.MonkeyPatch.context() as patch:
        for handler in (StaticFilesHandler, FSFilesHandler):
            patch.setattr(handler, "_should_handle", lambda _self, _path: False)
        yield
