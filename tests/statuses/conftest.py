"""Both batch jobs in this process, and an e-invoice that is in."""

from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.running import execute, request_run
from econnect_admin.models import Administration
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice
from tests.documents import invoice

Run = Callable[[Administration], BatchjobRun]


def batchjob_of(administration: Administration, type_: Batchjob.Type) -> Batchjob:
    return Batchjob.objects.get_or_create(administration=administration, type=type_)[0]


def run_now(administration: Administration, type_: Batchjob.Type) -> BatchjobRun:
    run = request_run(batchjob_of(administration, type_), started_by="test")
    execute(run.pk)
    run.refresh_from_db()
    return run


@pytest.fixture
def run_import() -> Run:
    return lambda administration: run_now(administration, Batchjob.Type.IMPORT_E_INVOICES)


@pytest.fixture
def run_statuses() -> Run:
    return lambda administration: run_now(administration, Batchjob.Type.UPDATE_E_INVOICE_STATUSES)


@pytest.fixture
def einvoice(sandbox: Sandbox, administration: Administration, run_import: Run) -> EInvoice:
    """One that was imported: its status is 30 on both sides."""
    sandbox.account.add(invoice())
    run_import(administration)
    return EInvoice.objects.get()


@pytest.fixture
def impatience(settings: Settings) -> None:
    """A platform that does not answer is waited for less long."""
    settings.ECONNECT = settings.ECONNECT | {"read_timeout": 0.5, "call_timeout": 1.5, "first_pause": 0.001}
