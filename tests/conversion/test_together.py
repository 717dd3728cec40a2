"""Several people book at once."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.conftest import begin, wait_for_a_lock
from tests.conversion.conftest import TODAY, Book, Receive
from tests.conversion.writing import document

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from econnect_admin.models import Administration, User
    from invoices.models import EInvoice


def at_once(jobs: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each gives, or the error that it raises; all begin at the same moment."""
    together = list(jobs)
    start = threading.Barrier(len(together))

    def run(job: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return job()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(together)) as pool:
        return list(pool.map(run, together))


def test_one_invoice_is_booked_once(receive: Receive, book: Book) -> None:
    from invoices.conversion.errors import AlreadyBooked
    from invoices.models import PurchaseInvoice

    (einvoice,) = receive(document())
    results = at_once([lambda: book(einvoice)] * 6)
    assert sum(isinstance(result, PurchaseInvoice) for result in results) == 1
    assert sum(isinstance(result, AlreadyBooked) for result in results) == 5
    assert PurchaseInvoice.objects.count() == 1


def test_twenty_at_once_have_numbers_without_gaps_and_one_supplier(receive: Receive, book: Book) -> None:
    from invoices.models import PurchaseInvoice, Supplier

    einvoices = receive(*(document(f"N-{number}") for number in range(20)))

    def job(einvoice: "EInvoice") -> Callable[[], Any]:
        return lambda: book(einvoice)

    results = at_once(map(job, einvoices))
    assert [result for result in results if isinstance(result, Exception)] == []
    numbers = sorted(PurchaseInvoice.objects.values_list("number", flat=True))
    assert numbers == [f"2026-{number:05d}" for number in range(1, 21)]
    assert Supplier.objects.count() == 1


def test_two_people_who_see_a_new_supplier_add_it_once(receive: Receive, clerk: "User") -> None:
    from invoices.conversion.converting import Decision, convert
    from invoices.conversion.errors import Stale
    from invoices.conversion.proposal import propose
    from invoices.models import PurchaseInvoice, Supplier

    einvoices = receive(document("1"), document("2"))

    def job(einvoice: "EInvoice") -> Callable[[], Any]:
        decision = Decision(TODAY, "2026-11", seen=propose(einvoice).fingerprint)
        return lambda: convert(einvoice.pk, decision, clerk)

    results = at_once([job(einvoice) for einvoice in einvoices])
    assert sorted(type(result).__name__ for result in results) == [
        PurchaseInvoice.__name__,
        Stale.__name__,
    ]
    assert Supplier.objects.count() == 1


def test_the_same_number_of_a_supplier_booked_at_once_is_seen(receive: Receive, clerk: "User") -> None:
    from invoices.conversion.converting import Decision, convert
    from invoices.conversion.errors import NotConfirmed
    from invoices.models import PurchaseInvoice

    einvoices = receive(document("7"), document("7"))

    def job(einvoice: "EInvoice") -> Callable[[], Any]:
        return lambda: convert(einvoice.pk, Decision(TODAY, "2026-11"), clerk)

    results = at_once([job(einvoice) for einvoice in einvoices])
    assert sorted(type(result).__name__ for result in results) == [
        NotConfirmed.__name__,
        PurchaseInvoice.__name__,
    ]


def test_one_purchase_invoice_is_reversed_once(receive: Receive, book: Book, clerk: "User") -> None:
    from invoices.conversion.errors import AlreadyReversed
    from invoices.conversion.reversing import reverse
    from invoices.models import PurchaseInvoice

    invoice = book(*receive(document()))
    results = at_once([lambda: reverse(invoice, clerk, "Fout", TODAY)] * 4)
    assert sum(isinstance(result, AlreadyReversed) for result in results) == 3
    assert PurchaseInvoice.objects.count() == 2


def test_a_transaction_that_is_cut_off_leaves_no_gap(receive: Receive, book: Book) -> None:
    from invoices.models import PurchaseInvoice, Supplier

    first, second = receive(document("1"), document("2", **_ANOTHER))

    def cut_off() -> None:
        with transaction.atomic():
            book(first)
            with connection.cursor() as cursor:  # as a server that is killed does
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    (result,) = at_once([cut_off])
    assert isinstance(result, Exception)
    assert not PurchaseInvoice.objects.exists()
    assert not Supplier.objects.exists()
    assert [book(second).number, book(first).number] == ["2026-00001", "2026-00002"]


def test_an_import_goes_on_while_somebody_books(
    receive: Receive, ledger: "Administration", sandbox: Any, run_import: Callable[..., Any]
) -> None:
    """Else a clerk would wait for an import, and an import for a clerk."""
    from invoices.conversion.numbers import books_of
    from invoices.models import EInvoice

    sandbox.account.add(document("while booking"))

    def import_() -> Any:
        return run_import(ledger)

    with books_of(ledger.pk):
        (run,) = at_once([import_])
    assert run.state == "succeeded"
    assert EInvoice.objects.count() == 1


@pytest.mark.parametrize("booked_first", [True, False])
def test_the_database_refuses_a_second_booking_by_itself(
    receive: Receive, book: Book, booked_first: bool
) -> None:
    from django.db import IntegrityError

    from invoices.models import PurchaseInvoice

    (einvoice,) = receive(document())
    invoice = book(einvoice)
    invoice.pk, invoice.number = None, "2026-99999" if booked_first else invoice.number
    with pytest.raises(IntegrityError), transaction.atomic():
        invoice.save(force_insert=True)
    assert PurchaseInvoice.objects.count() == 1


def test_a_form_that_is_saved_twice_at_once_says_what_is_there(
    people: Callable[..., Client], ledger: "Administration"
) -> None:
    """Both found nothing in the way; the second waits in the database for the first."""
    from invoices.models import LedgerAccount

    client = people("invoices.add_ledgeraccount")
    form = {"administration": ledger.pk, "code": "4999", "name": "Tweemaal"}
    with transaction.atomic():
        LedgerAccount.objects.create(administration=ledger, code="4999", name="Eerder")
        second = begin(lambda: client.post("/invoices/ledgeraccount/add/", form))
        wait_for_a_lock()
    page = second.result().content.decode()
    assert "Er is al een grootboekrekening met deze code" in page
    assert "Tweemaal" in page


_ANOTHER: dict[str, Any] = {"supplier": "Ander", "vat": "NL2B01", "kvk": "2", "endpoint": "2", "ibans": ()}
