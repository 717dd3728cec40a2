"""What an import brings in, and what it leaves alone."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import F

from batchjobs.models import BatchjobRun
from econnect_admin.administrations.setup import setup_administration
from econnect_admin.models import Administration
from econnect_admin.rights.activating import activate_all
from econnect_admin.sandbox.account import Account
from econnect_admin.sandbox.documents import INVOICE
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice, FailedDocument
from tests.documents import invoice

RunImport = Callable[[Administration], BatchjobRun]
COUNTS = ("listed", "new", "revised", "skipped", "failed")


def counts(run: BatchjobRun) -> dict[str, int]:
    return {name: getattr(run, name) for name in COUNTS if getattr(run, name)}


def numbers(administration: Administration) -> list[str]:
    einvoices = EInvoice.objects.filter(administration=administration).order_by("received_at", "pk")
    return [einvoice.current_version.number for einvoice in einvoices]


def test_a_document_is_stored_with_its_facts_and_its_exact_bytes(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    content = invoice("2026-0041", payable="121.0")
    external_id = sandbox.account.add(content)
    run = run_import(administration)
    assert (run.state, counts(run)) == ("succeeded", {"listed": 1, "new": 1})
    einvoice = EInvoice.objects.get(external_id=external_id)
    version = einvoice.current_version
    assert bytes(version.original.content) == content
    assert version.sha256 == hashlib.sha256(content).hexdigest()
    assert (version.number, version.seller.name) == ("2026-0041", "Bakker Staal B.V.")
    assert version.payable == Decimal("121.0")
    assert str(version.payable) == "121.0"
    assert [line.name for line in version.lines.all()] == ["Balk"]
    assert [str(subtotal.tax) for subtotal in version.vat_breakdown.all()] == ["21.00"]


def test_a_second_run_brings_nothing_twice(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    for number in range(30):
        sandbox.account.add(invoice(f"2026-{number:04}"))
    first, second, third = (run_import(administration) for _ in range(3))
    assert counts(first) == {"listed": 30, "new": 30}
    assert counts(second) == {"listed": 30, "skipped": 30}
    assert len(numbers(administration)) == 30
    fetched = sandbox.calls_of("GetInboxDocument")
    run_import(administration)
    assert sandbox.calls_of("GetInboxDocument") == fetched, "what is unchanged is not fetched again"
    assert counts(third) == {"listed": 30, "skipped": 30}


def test_documents_of_many_pages_come_in_the_order_of_the_list(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    expected = [f"2026-{number:04}" for number in range(230)]
    for number in expected:
        sandbox.account.add(invoice(number))
    run_import(administration)
    assert numbers(administration) == expected


def test_two_documents_created_at_the_same_moment_both_come(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    moment = datetime.now(UTC) - timedelta(hours=1)
    sandbox.account.add(invoice("1"), created_on=moment)
    run_import(administration)
    sandbox.account.add(invoice("2"), created_on=moment)
    run_import(administration)
    assert numbers(administration) == ["1", "2"]


def test_a_document_that_shows_up_late_is_found(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    now = datetime.now(UTC)
    sandbox.account.add(invoice("1"), created_on=now)
    run_import(administration)
    sandbox.account.add(invoice("late"), created_on=now - timedelta(hours=20), modified_on=now)
    run_import(administration)
    assert numbers(administration) == ["1", "late"]


def test_what_is_no_invoice_is_left_alone(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    sandbox.account.add(invoice("order"), template=replace(INVOICE, master_id="another", name="Order"))
    sandbox.account.add(invoice("1"))
    run_import(administration)
    assert numbers(administration) == ["1"]


def test_the_same_supplier_may_send_the_same_number_twice(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    sandbox.account.add(invoice("2026-0041"))
    sandbox.account.add(invoice("2026-0041"))
    run_import(administration)
    assert numbers(administration) == ["2026-0041", "2026-0041"]


def test_a_revision_becomes_the_current_version_and_the_earlier_one_stays(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    first, second = invoice("2026-0041", payable="121.00"), invoice("2026-0041-B", payable="120.00")
    external_id = sandbox.account.add(first)
    run_import(administration)
    sandbox.account.revise(external_id, second)
    run = run_import(administration)
    assert counts(run) == {"listed": 1, "revised": 1}
    einvoice = EInvoice.objects.get()
    assert einvoice.current_version.number == "2026-0041-B"
    versions = einvoice.versions.order_by("version")
    assert [(v.version, bytes(v.original.content)) for v in versions] == [(1, first), (2, second)]


def test_a_revision_of_an_old_document_is_found(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    old = sandbox.account.add(invoice("old"), created_on=datetime.now(UTC) - timedelta(days=90))
    sandbox.account.add(invoice("new"))
    run_import(administration)
    sandbox.account.revise(old, invoice("old, revised"))
    run_import(administration)
    assert sorted(numbers(administration)) == ["new", "old, revised"]


def test_a_document_dated_in_the_future_does_not_hide_those_to_come(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    future = datetime.now(UTC) + timedelta(days=30)
    sandbox.account.add(invoice("future"), created_on=future)
    run_import(administration)
    sandbox.account.add(invoice("now"))
    run_import(administration)
    assert numbers(administration) == ["future", "now"]


def test_another_account_is_read_from_its_beginning(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    sandbox.account.add(invoice("of the first account"))
    run_import(administration)
    account = Account(
        consumer_key="other-key", consumer_secret="other-secret", party_id="XCNL20020", party_name="Ref"
    )
    account.add(invoice("old"), external_id="XCNIN1", created_on=datetime.now(UTC) - timedelta(days=30))
    with Sandbox(account) as other:
        setup_administration(
            "REF",
            access_url=other.access_url,
            consumer_key="other-key",
            consumer_secret="other-secret",
            company_id="XCNL20020",
        )
        run_import(Administration.objects.get())
    assert numbers(administration) == ["of the first account", "old"]


@pytest.mark.parametrize("length", [501, 5000])
def test_an_external_id_that_cannot_be_kept_is_told_and_holds_nobody_up(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, length: int
) -> None:
    sandbox.account.add(invoice("1"))
    sandbox.account.add(invoice("long"), external_id="X" * length)
    sandbox.account.add(invoice("2"))
    run = run_import(administration)
    assert (run.state, counts(run)) == ("partly failed", {"listed": 3, "new": 2, "failed": 1})
    assert numbers(administration) == ["1", "2"]
    assert "cannot be asked for" in run.log_lines.get().message


def test_what_the_database_refuses_is_one_failed_document(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    sandbox.account.add(invoice("1"))
    odd = sandbox.account.add(invoice("odd"), status="9" * 30)
    sandbox.account.add(invoice("2"))
    run = run_import(administration)
    assert (run.state, counts(run)) == ("partly failed", {"listed": 3, "new": 2, "failed": 1})
    failed = FailedDocument.objects.get()
    assert (failed.external_id, failed.reason) == (odd, "does-not-fit")
    assert bytes(failed.content or b"") == invoice("odd")


def test_what_keeps_failing_is_tried_less_and_less_often(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    sandbox.account.add(b"<Order/>")
    for _ in range(5):
        run_import(administration)
    assert sandbox.calls_of("GetInboxDocument") == 5
    run_import(administration)
    assert sandbox.calls_of("GetInboxDocument") == 5, "it waits an hour now"
    FailedDocument.objects.update(last_tried_at=F("last_tried_at") - timedelta(hours=1))
    run_import(administration)
    assert sandbox.calls_of("GetInboxDocument") == 6
    FailedDocument.objects.update(last_tried_at=F("last_tried_at") - timedelta(hours=1))
    run_import(administration)
    assert sandbox.calls_of("GetInboxDocument") == 6, "… then two hours"


def test_a_status_changed_elsewhere_makes_no_new_version(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    external_id = sandbox.account.add(invoice())
    run_import(administration)
    sandbox.account.set_status(external_id, "40")
    run = run_import(administration)
    assert counts(run) == {"listed": 1, "skipped": 1}
    einvoice = EInvoice.objects.get()
    assert (einvoice.status_code, einvoice.versions.count()) == ("40", 1)


def test_a_document_that_is_in_has_the_status_that_fetching_gives_it(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    external_id = sandbox.account.add(invoice(), status="10")
    sandbox.account.add(invoice("approved"), status="40")
    run_import(administration)
    assert sandbox.account.documents[external_id].status_code == "30"
    statuses = EInvoice.objects.order_by("pk").values_list("status_code", flat=True)
    assert list(statuses) == ["30", "40"]


def test_a_broken_document_is_one_failed_document_with_reason_and_bytes(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    broken = invoice("broken", payable="1.234,56")
    external_id = sandbox.account.add(broken)
    sandbox.account.add(invoice("good"))
    run = run_import(administration)
    assert (run.state, counts(run)) == ("partly failed", {"listed": 2, "new": 1, "failed": 1})
    assert numbers(administration) == ["good"]
    failed = FailedDocument.objects.get()
    assert (failed.external_id, bytes(failed.content or b"")) == (external_id, broken)
    line = run.log_lines.get(level="error")
    assert line.external_id == external_id
    assert 'Amount or number "1.234,56" at LegalMonetaryTotal/PayableAmount' in line.message % line.values


def test_a_failed_document_is_tried_again_and_gone_once_it_is_in(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    external_id = sandbox.account.add(b"<Order/>")
    run_import(administration)
    run_import(administration)
    assert FailedDocument.objects.get().attempts == 2
    sandbox.account.revise(external_id, invoice("mended"))
    run = run_import(administration)
    assert counts(run) == {"listed": 1, "new": 1}
    assert numbers(administration) == ["mended"]
    assert not FailedDocument.objects.exists()


def test_a_broken_revision_keeps_the_good_version_and_is_shown_as_failed(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    external_id = sandbox.account.add(invoice("good"))
    run_import(administration)
    sandbox.account.revise(external_id, invoice("bad", payable="NaN"))
    run = run_import(administration)
    assert run.state == "partly failed"
    assert numbers(administration) == ["good"]
    assert FailedDocument.objects.get().external_id == external_id


def test_many_broken_documents_in_a_row_do_not_end_the_run(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    for number in range(15):
        sandbox.account.add(b"<Invoice>this is no XML %d" % number)
    sandbox.account.add(invoice("good"))
    run = run_import(administration)
    assert (run.state, counts(run)) == ("partly failed", {"listed": 16, "new": 1, "failed": 15})
    assert all(failed.content for failed in FailedDocument.objects.all())


def test_each_administration_has_its_own(
    sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    other = Administration.objects.create(code="TWO", name="Two", database=administration.database)
    activate_all(other, by="vendor")
    preferences = administration.preferences
    preferences.pk, preferences.administration = None, other
    preferences.save()
    sandbox.account.add(invoice())
    run_import(administration)
    run_import(other)
    assert EInvoice.objects.values("external_id").distinct().count() == 1
    assert EInvoice.objects.count() == 2
