"""Running a batch job from the command line."""

from collections.abc import Callable
from subprocess import CompletedProcess

from batchjobs.models import BatchjobRun
from batchjobs.running import request_run
from batchjobs.setup import ensure_batchjobs
from batchjobs.worker_identity import own_identity
from econnect_admin.models import Administration
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import connect_group, json_of
from tests.documents import invoice

Manage = Callable[..., CompletedProcess[str]]
IMPORT = ("run_batchjob", "import", "--administration", "REF")


def test_it_imports_and_tells_the_counts(
    sandbox: Sandbox, administration: Administration, manage: Manage
) -> None:
    sandbox.account.add(invoice("good"))
    sandbox.account.add(invoice("bad", payable="1e3"))
    result = manage(*IMPORT, "--json")
    answer = json_of(result)
    run = BatchjobRun.objects.get()
    assert result.returncode == 0
    assert answer.pop("seconds") == round(run.seconds or 0, 3)
    assert answer == {
        "run": run.pk,
        "state": "partly failed",
        "listed": 2,
        "new": 1,
        "revised": 0,
        "skipped": 0,
        "failed": 1,
        "error": None,
    }


def test_a_failed_run_exits_with_1_and_says_why(
    sandbox: Sandbox, administration: Administration, manage: Manage
) -> None:
    sandbox.account.revoke_key()
    result = manage(*IMPORT, "--json")
    answer = json_of(result)
    assert result.returncode == 1
    assert answer["state"] == "failed"
    assert "ERRIAU6000007" in str(answer["error"])
    assert "check consumer key and consumer secret" in str(answer["error"])
    assert "Traceback" not in result.stderr


def test_an_inbox_that_could_not_be_read_is_told_with_the_counts(
    sandbox: Sandbox, administration: Administration, manage: Manage
) -> None:
    connect_group(administration, "GRNL99999", "Onbekend")
    sandbox.account.add(invoice())
    result = manage(*IMPORT)
    assert "partly failed; 1 listed, 1 new" in result.stdout
    assert "The inbox of the user group Onbekend (GroupId GRNL99999) could not be read" in result.stdout


def test_an_unknown_administration_is_said_in_one_line(
    administration: Administration, manage: Manage
) -> None:
    result = manage("run_batchjob", "import", "--administration", "NONE")
    assert result.returncode == 1
    assert result.stderr.strip() == "CommandError: There is no administration 'NONE'; there are: REF."


def test_a_run_at_work_is_not_started_again(administration: Administration, manage: Manage) -> None:
    batchjob, _ = ensure_batchjobs(administration)
    run = request_run(batchjob, "test")
    assert BatchjobRun.objects.claim(run.pk, own_identity())
    result = manage(*IMPORT, "--json")
    assert result.returncode == 1
    assert json_of(result)["run"] == run.pk
    assert "at work already" in result.stderr


def test_a_run_that_waits_in_the_queue_is_done_instead_of_a_new_one(
    sandbox: Sandbox, administration: Administration, manage: Manage
) -> None:
    sandbox.account.add(invoice())
    batchjob, _ = ensure_batchjobs(administration)
    waiting = request_run(batchjob, "test")
    answer = json_of(manage(*IMPORT, "--json"))
    assert (answer["run"], answer["state"], answer["new"]) == (waiting.pk, "succeeded", 1)


def test_a_run_whose_process_is_gone_is_closed_and_the_next_one_goes_on(
    sandbox: Sandbox, administration: Administration, manage: Manage
) -> None:
    sandbox.account.add(invoice())
    batchjob, _ = ensure_batchjobs(administration)
    lost = request_run(batchjob, "test")
    host, _, started, numbers = own_identity().split("/")
    BatchjobRun.objects.claim(lost.pk, f"{host}/{2**22 + 1}/{started}/{numbers}")
    assert json_of(manage(*IMPORT, "--json"))["new"] == 1
    lost.refresh_from_db()
    assert lost.state == "failed"
    assert "The worker was lost" in (lost.error or {})["message"]


def test_without_a_worker_the_run_stays_queued_and_that_is_said(
    administration: Administration, manage: Manage
) -> None:
    result = manage(*IMPORT, "--queue", "--json")
    assert result.returncode == 1
    assert json_of(result)["state"] == "queued"
    assert "No worker is running" in result.stderr


def test_an_administration_without_keys_is_told_where_to_enter_them(
    administration: Administration, manage: Manage
) -> None:
    administration.preferences.delete()
    result = manage(*IMPORT)
    assert result.returncode == 1
    assert "no consumer key and secret yet" in result.stderr
