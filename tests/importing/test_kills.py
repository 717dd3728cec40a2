"""A worker that is killed at any moment loses nothing and doubles nothing."""

import random
import time
from collections.abc import Callable

import psutil
import pytest
from django.db.models import Count

from batchjobs.models import BatchjobRun
from econnect_admin.models import Administration
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice, EInvoiceVersion, FailedDocument, Line, Party
from tests.conftest import GROUP_ID, connect_group, kill, kill_with_children, wait_until
from tests.documents import invoice
from tests.importing.test_by_a_worker import has_ended, start_run

DOCUMENTS = 500
KILLS = 10


@pytest.mark.timeout(240)
def test_five_hundred_documents_are_there_once_after_ten_kills(
    sandbox: Sandbox, administration: Administration, start_worker: Callable[..., psutil.Process]
) -> None:
    group = connect_group(administration)
    content, group_of = {}, {}
    for number in range(DOCUMENTS):
        document = invoice(f"2026-{number:04}", f"Leverancier {number}")
        is_of_group = number % 2 == 0
        external_id = sandbox.account.add(document, group_id=GROUP_ID if is_of_group else "")
        content[external_id], group_of[external_id] = document, group.pk if is_of_group else None
    moments = random.Random(20261124)
    worker = start_worker()
    left = []
    for _ in range(KILLS):
        run = start_run(administration)
        wait_until(lambda: BatchjobRun.objects.exclude(state="queued").filter(pk=run.pk).exists())  # noqa: B023
        time.sleep(moments.uniform(0, 0.3))
        left.append(DOCUMENTS - EInvoice.objects.count())
        if moments.random() < 0.5:
            kill(worker.children())
        else:
            kill_with_children(worker)
            worker = start_worker()
    last = start_run(administration)
    wait_until(lambda: has_ended(last), seconds=90)
    assert last.state == "succeeded"
    assert sum(1 for documents in left if documents) >= KILLS / 2, f"the kills came too late: {left}"
    stored = {
        einvoice.external_id: bytes(einvoice.current_version.original.content)
        for einvoice in EInvoice.objects.select_related("current__original")
    }
    assert stored == content
    assert dict(EInvoice.objects.values_list("external_id", "connection_user_group")) == group_of
    assert EInvoice.objects.count() == EInvoiceVersion.objects.count() == DOCUMENTS
    assert (Party.objects.count(), Line.objects.count()) == (2 * DOCUMENTS, DOCUMENTS)
    assert not FailedDocument.objects.exists()
    assert not EInvoiceVersion.objects.annotate(lines_here=Count("lines")).exclude(lines_here=1).exists()
    new = sum(BatchjobRun.objects.values_list("new", flat=True))
    assert new == DOCUMENTS, "the runs count what they stored, and nothing else"
