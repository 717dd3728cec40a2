"""The inboxes of user groups: what comes in by one is that group's, and nothing is lost between them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from batchjobs.models import BatchjobRun
from econnect_admin.administrations.setup import setup_administration
from econnect_admin.models import Administration, ConnectionUserGroup
from econnect_admin.rights.activating import deactivate
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.account import Account
from econnect_admin.sandbox.exchange import Exchange, Misbehaviour
from econnect_admin.sandbox.server import Sandbox
from econnect_admin.wording import Wording
from invoices.models import EInvoice, FailedDocument
from tests.conftest import GROUP_ID, connect_group
from tests.documents import invoice

RunImport = Callable[[Administration], BatchjobRun]
UNKNOWN = "GRNL99999"


@pytest.fixture
def group(administration: Administration) -> ConnectionUserGroup:
    return connect_group(administration)


def owners() -> dict[str, str | None]:
    """Whose each e-invoice is: the GroupId, by invoice number."""
    rows = EInvoice.objects.values_list("current__number", "connection_user_group__group_id")
    return dict(rows)


def counts(run: BatchjobRun) -> tuple[int, int, int, int, int]:
    return run.listed, run.new, run.revised, run.skipped, run.failed


def said(run: BatchjobRun) -> str:
    assert run.error
    return str(Wording(run.error["message"], run.error["values"]))


def for_group(misbehaviour: Misbehaviour) -> Misbehaviour:
    """Only where the inbox of a group is asked for."""

    def misbehave(exchange: Exchange) -> None:
        if exchange.call.text("GroupId"):
            misbehaviour(exchange)
        else:
            answer = exchange.proper()
            exchange.send(answer.status, answer.body)

    return misbehave


def lists_the_company_too(exchange: Exchange) -> None:
    answer = exchange.proper(GroupId="")
    exchange.send(answer.status, answer.body)


def test_what_comes_in_by_the_inbox_of_a_group_is_that_groups(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, group: ConnectionUserGroup
) -> None:
    sandbox.account.group_ids |= {"GRNL20020"}
    connect_group(administration, "GRNL20020", "Inkoop")
    sandbox.account.add(invoice("company"))
    sandbox.account.add(invoice("directie"), group_id=GROUP_ID)
    sandbox.account.add(invoice("inkoop"), group_id="GRNL20020")
    run = run_import(administration)
    assert (run.state, counts(run)) == ("succeeded", (3, 3, 0, 0, 0))
    assert owners() == {"company": None, "directie": GROUP_ID, "inkoop": "GRNL20020"}
    assert counts(run_import(administration)) == (3, 0, 0, 3, 0)


def test_what_is_in_both_inboxes_is_the_groups(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, group: ConnectionUserGroup
) -> None:
    sandbox.account.add(invoice("in both"))
    sandbox.misbehave(for_group(lists_the_company_too), operation="GetInboxDocuments", times=None)
    assert counts(run_import(administration)) == (1, 1, 0, 0, 0)
    assert counts(run_import(administration)) == (1, 0, 0, 1, 0)
    assert owners() == {"in both": GROUP_ID}


def test_what_came_in_by_the_inbox_of_the_administration_becomes_the_groups_and_stays_it(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, group: ConnectionUserGroup
) -> None:
    moved = sandbox.account.add(invoice("moved"))
    broken = sandbox.account.add(b"<Order/>")
    run_import(administration)
    assert owners() == {"moved": None}
    assert FailedDocument.objects.get().connection_user_group is None
    for external_id in (moved, broken):
        sandbox.account.move(external_id, GROUP_ID)
    assert counts(run_import(administration)) == (2, 0, 0, 1, 1)
    assert owners() == {"moved": GROUP_ID}
    assert FailedDocument.objects.get().connection_user_group == group
    sandbox.account.move(moved, "")
    sandbox.account.revise(moved, invoice("moved", payable="1.00"))
    assert run_import(administration).revised == 1
    assert owners() == {"moved": GROUP_ID}


def test_a_group_that_is_connected_later_is_read_from_its_beginning(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=90)
    sandbox.account.add(invoice("old"), group_id=GROUP_ID, created_on=long_ago)
    sandbox.account.add(invoice("new"))
    run_import(administration)
    connect_group(administration)
    run_import(administration)
    assert owners() == {"new": None, "old": GROUP_ID}


def test_each_inbox_has_a_watermark_of_its_own(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, group: ConnectionUserGroup
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=90)
    sandbox.account.add(invoice("first"), group_id=GROUP_ID, created_on=long_ago)
    sandbox.account.add(invoice("new"))
    run_import(administration)
    late = long_ago + timedelta(hours=1)
    sandbox.account.add(invoice("late in the group"), group_id=GROUP_ID, created_on=late)
    sandbox.account.add(invoice("too late"), created_on=late)
    run_import(administration)
    assert owners() == {"first": GROUP_ID, "new": None, "late in the group": GROUP_ID}


def test_another_account_is_read_from_its_beginning(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, group: ConnectionUserGroup
) -> None:
    sandbox.account.add(invoice("of the first account"), group_id=GROUP_ID)
    run_import(administration)
    account = Account(consumer_key="key", consumer_secret="secret", party_id="XCNL20020", party_name="Ref")
    long_ago = datetime.now(UTC) - timedelta(days=30)
    account.add(invoice("old"), external_id="XCNIN1", created_on=long_ago, group_id=GROUP_ID)
    with Sandbox(account) as other:
        setup_administration(
            "REF",
            access_url=other.access_url,
            consumer_key="key",
            consumer_secret="secret",
            company_id="XCNL20020",
        )
        run_import(Administration.objects.get())
    assert owners() == {"of the first account": GROUP_ID, "old": GROUP_ID}


def test_a_failed_document_of_a_group_is_the_groups_before_and_after_it_is_mended(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, group: ConnectionUserGroup
) -> None:
    broken = sandbox.account.add(b"<Order/>", group_id=GROUP_ID)
    run_import(administration)
    assert FailedDocument.objects.get().connection_user_group == group
    sandbox.account.revise(broken, invoice("mended"))
    sandbox.account.move(broken, "")
    run_import(administration)
    assert owners() == {"mended": GROUP_ID}
    assert not FailedDocument.objects.exists()


def test_a_revision_that_fails_is_shown_to_those_who_see_the_document(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, group: ConnectionUserGroup
) -> None:
    external_id = sandbox.account.add(invoice("good"), group_id=GROUP_ID)
    run_import(administration)
    sandbox.account.move(external_id, "")
    sandbox.account.revise(external_id, invoice("bad", payable="NaN"))
    run_import(administration)
    assert FailedDocument.objects.get().connection_user_group == group


def test_a_group_that_the_platform_does_not_know_keeps_nobody_from_their_invoices(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    connect_group(administration, UNKNOWN, "Onbekend")
    connect_group(administration)
    broken = sandbox.account.add(b"<Order/>")
    sandbox.account.add(invoice("directie"), group_id=GROUP_ID)
    sandbox.account.add(invoice("company"))
    run = run_import(administration)
    assert (run.state, counts(run)) == ("partly failed", (3, 2, 0, 0, 1))
    assert "The inbox of the user group Onbekend (GroupId GRNL99999) could not be read: eConnect" in said(run)
    assert said(run) in [str(Wording(line.message, line.values)) for line in run.log_lines.all()]
    assert owners() == {"company": None, "directie": GROUP_ID}
    sandbox.account.revise(broken, invoice("mended"))
    run = run_import(administration)
    assert (run.state, run.new) == ("partly failed", 1), "what failed is tried again all the same"
    sandbox.account.group_ids |= {UNKNOWN}
    sandbox.account.add(invoice("unknown"), group_id=UNKNOWN)
    run = run_import(administration)
    assert (run.state, run.new, run.error) == ("succeeded", 1, None)
    assert owners() == {"company": None, "directie": GROUP_ID, "mended": None, "unknown": UNKNOWN}


@pytest.mark.parametrize(
    ("way", "reason"),
    [(ways.bad_gateway, "HTTP 502"), (ways.next_page_to_itself, "goes round in a circle")],
    ids=["502", "a list in a circle"],
)
def test_a_list_that_breaks_off_is_read_again_and_keeps_nobody_from_theirs(
    sandbox: Sandbox,
    administration: Administration,
    run_import: RunImport,
    group: ConnectionUserGroup,
    settings: Settings,
    way: Misbehaviour,
    reason: str,
) -> None:
    settings.ECONNECT = settings.ECONNECT | {"first_pause": 0.001}
    sandbox.account.add(invoice("directie"), group_id=GROUP_ID)
    sandbox.account.add(invoice("company"))
    sandbox.misbehave(for_group(way), operation="GetInboxDocuments", times=None)
    run = run_import(administration)
    assert run.state == "partly failed"
    assert said(run).startswith("The inbox of the user group Directie (GroupId GRNL10017) could not be read:")
    assert reason in said(run)
    assert "company" in owners()
    sandbox.behave()
    assert run_import(administration).state == "succeeded"
    assert owners() == {"company": None, "directie": GROUP_ID}


def test_without_the_function_the_inboxes_of_groups_are_left_alone(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, group: ConnectionUserGroup
) -> None:
    sandbox.account.add(invoice("before"), group_id=GROUP_ID)
    run_import(administration)
    deactivate(administration, "E_CONNECTION_USER_GROUPS")
    sandbox.account.add(invoice("after"), group_id=GROUP_ID)
    sandbox.calls.clear()
    assert run_import(administration).listed == 0
    assert sandbox.calls == ["GetInboxDocuments"]
    assert owners() == {"before": GROUP_ID}
