"""A run that finds nothing is cheap: most runs are."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from batchjobs.models import Batchjob
from batchjobs.running import execute, request_run
from econnect_admin.sandbox.server import Sandbox
from tests.documents import invoice


def test_an_empty_run_takes_two_calls_and_fifteen_statements_at_most(
    sandbox: Sandbox, import_job: Batchjob
) -> None:
    sandbox.account.add(invoice())
    assert execute(request_run(import_job, "test").pk)
    costs = []
    for _ in range(3):  # on a busy machine a run may take seconds, and gives a sign of life in each
        run = request_run(import_job, "test")
        before = len(sandbox.calls)
        with CaptureQueriesContext(connection) as statements:
            assert execute(run.pk)
        run.refresh_from_db()
        assert (run.state, run.listed, run.new) == ("succeeded", 1, 0)
        costs.append((len(sandbox.calls) - before, len(statements)))
    calls, statements_of_the_quickest = min(costs)
    assert calls <= 2
    assert statements_of_the_quickest <= 15
