"""Statuses of what came in by the inboxes of user groups."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from batchjobs.models import BatchjobRun
from econnect_admin.models import Administration
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice
from invoices.statuses.changing import change_status
from tests.conftest import GROUP_ID, connect_group
from tests.documents import invoice
from tests.statuses.reading import codes, counts, said

Run = Callable[[Administration], BatchjobRun]


@pytest.fixture
def theirs(sandbox: Sandbox, administration: Administration, run_import: Run) -> EInvoice:
    """An e-invoice that came in for a user group."""
    connect_group(administration)
    external_id = sandbox.account.add(invoice("theirs"), group_id=GROUP_ID)
    run_import(administration)
    return EInvoice.objects.get(external_id=external_id)


def test_changes_on_both_sides_meet(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice, theirs: EInvoice
) -> None:
    sandbox.account.set_status(einvoice.external_id, "35")
    sandbox.account.set_status(theirs.external_id, "40")
    run = run_statuses(administration)
    assert (run.state, counts(run)) == ("succeeded", {"listed": 2, "revised": 2})
    assert (codes(sandbox, einvoice), codes(sandbox, theirs)) == (("35", "35"), ("40", "40"))
    change_status(theirs, "60", by="jan")
    assert run_statuses(administration).new == 1
    assert codes(sandbox, theirs) == ("60", "60")


def test_each_inbox_has_a_watermark_of_its_own(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice, theirs: EInvoice
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=30)
    EInvoice.objects.update(received_at=long_ago - timedelta(days=1))
    documents = sandbox.account.documents
    documents[theirs.external_id] = replace(documents[theirs.external_id], modified_on=long_ago)
    run_statuses(administration)
    late = replace(documents[theirs.external_id], status_code="40", modified_on=long_ago + timedelta(hours=1))
    documents[theirs.external_id] = late
    assert counts(run_statuses(administration)) == {"listed": 2, "revised": 1, "skipped": 1}
    assert codes(sandbox, theirs) == ("40", "40")


def test_an_inbox_that_is_refused_keeps_the_others_from_nothing(
    sandbox: Sandbox, administration: Administration, run_statuses: Run, einvoice: EInvoice, theirs: EInvoice
) -> None:
    connect_group(administration, "GRNL99999", "Onbekend")
    sandbox.account.set_status(einvoice.external_id, "35")
    sandbox.account.set_status(theirs.external_id, "40")
    run = run_statuses(administration)
    assert (run.state, counts(run)) == ("partly failed", {"listed": 2, "revised": 2})
    assert "The inbox of the user group Onbekend (GroupId GRNL99999) could not be read" in said(run)
    assert (codes(sandbox, einvoice), codes(sandbox, theirs)) == (("35", "35"), ("40", "40"))
