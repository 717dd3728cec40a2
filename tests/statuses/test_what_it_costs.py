"""A run that finds nothing is what nearly all runs are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test.utils import CaptureQueriesContext

from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.running import execute, request_run
from econnect_admin.models import Administration, SecurityToken
from econnect_admin.sandbox.server import Sandbox
from tests.documents import invoice
from tests.statuses.conftest import batchjob_of

Run = Callable[[Administration], BatchjobRun]


@contextmanager
def all_statements() -> Iterator[list[str]]:
    """Of this thread, and of those that connect by themselves."""
    statements: list[str] = []
    others: dict[int, BaseDatabaseWrapper] = {}

    def watch(connection: BaseDatabaseWrapper, **_more: object) -> None:
        connection.force_debug_cursor = True
        others[id(connection)] = connection

    connection_created.connect(watch, weak=False)
    try:
        with CaptureQueriesContext(connection) as queries:
            yield statements
    finally:
        connection_created.disconnect(watch)
    statements += [query["sql"] for query in queries]
    statements += [query["sql"] for other in others.values() for query in other.queries_log]


@pytest.mark.parametrize("logged_in", [True, False])
@pytest.mark.parametrize("documents", [0, 20])
def test_an_empty_run_costs_at_most_two_calls_and_fifteen_statements(
    sandbox: Sandbox,
    administration: Administration,
    run_import: Run,
    run_statuses: Run,
    documents: int,
    logged_in: bool,
) -> None:
    for number in range(documents):
        sandbox.account.add(invoice(str(number)))
    run_import(administration)
    run_statuses(administration)
    if not logged_in:
        SecurityToken.objects.update(expires_at=datetime.now(UTC))
    sandbox.calls.clear()
    run = request_run(batchjob_of(administration, Batchjob.Type.UPDATE_E_INVOICE_STATUSES), "test")
    with all_statements() as statements:
        execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.skipped) == ("succeeded", documents)
    assert sandbox.calls == (["GetInboxDocuments"] if logged_in else ["Login", "GetInboxDocuments"])
    assert len(statements) <= 15, "\n".join(statements)


@pytest.mark.parametrize("documents", [0, 20])
def test_an_empty_import_costs_at_most_two_calls_and_fifteen_statements(
    sandbox: Sandbox, administration: Administration, run_import: Run, documents: int
) -> None:
    for number in range(documents):
        sandbox.account.add(invoice(str(number)))
    run_import(administration)
    run_import(administration)
    sandbox.calls.clear()
    run = request_run(batchjob_of(administration, Batchjob.Type.IMPORT_E_INVOICES), "test")
    with all_statements() as statements:
        execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.skipped) == ("succeeded", documents)
    assert set(sandbox.calls) == {"GetInboxDocuments"}
    assert len(sandbox.calls) <= 2
    assert len(statements) <= 15, "\n".join(statements)


def test_an_empty_run_opens_no_connection_to_the_database_of_its_own(
    sandbox: Sandbox, administration: Administration, run_import: Run, run_statuses: Run
) -> None:
    run_import(administration)
    opened: list[BaseDatabaseWrapper] = []

    def watch(connection: BaseDatabaseWrapper, **_more: object) -> None:
        opened.append(connection)

    connection_created.connect(watch)
    try:
        run_import(administration)
        run_statuses(administration)
    finally:
        connection_created.disconnect(watch)
    assert sandbox.calls_of("Login") == 1
    assert not opened
