"""What was stored, as lines of JSON."""

import hashlib
import json
from collections.abc import Callable
from subprocess import CompletedProcess

from batchjobs.models import BatchjobRun
from econnect_admin.models import Administration
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import SAMPLES
from tests.documents import invoice

Manage = Callable[..., CompletedProcess[str]]
RunImport = Callable[[Administration], BatchjobRun]


def exported(manage: Manage) -> list[dict[str, object]]:
    result = manage("export_einvoices", "--administration", "REF")
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_e_invoice_is_a_line_in_the_order_received(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, manage: Manage
) -> None:
    first = sandbox.account.add(invoice("1"))
    second = sandbox.account.add(invoice("2"))
    run_import(administration)
    revised = invoice("1 again")
    sandbox.account.revise(first, revised)
    run_import(administration)
    lines = exported(manage)
    assert [line["external_id"] for line in lines] == [first, second]
    assert (lines[0]["version"], lines[0]["sha256"]) == (2, hashlib.sha256(revised).hexdigest())
    assert (lines[1]["version"], lines[1]["status"]) == (1, "30")
    facts = lines[0]["facts"]
    assert isinstance(facts, dict)
    assert (facts["number"], facts["payable"]) == ("1 again", "121.00")


def test_the_facts_are_those_that_parse_ubl_reads(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, manage: Manage
) -> None:
    files = sorted(SAMPLES.glob("*.xml"))
    for file in files:
        sandbox.account.add(file.read_bytes())
    run_import(administration)
    read = manage("parse_ubl", *map(str, files)).stdout
    assert [line["facts"] for line in exported(manage)] == [
        json.loads(line)["facts"] for line in read.splitlines()
    ]


def test_an_unknown_administration_is_said_in_one_line(transactional_db: None, manage: Manage) -> None:
    result = manage("export_einvoices", "--administration", "NONE")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.strip() == "CommandError: There is no administration 'NONE'; there are: none yet."
