"""Who approves an e-invoice is told of an account that is not known as the supplier's."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from econnect_admin.sandbox.server import Sandbox
from tests.conversion.conftest import Book, Receive
from tests.conversion.writing import document

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from econnect_admin.models import Administration
    from invoices.models import EInvoice

APPROVING = ("invoices.view_einvoice", "invoices.change_einvoice")
SEES_SUPPLIERS = (*APPROVING, "invoices.view_supplier")
KNOWN, NEW = "NL91ABNA0613450299", "NL05SNSB0902714466"
SAID = "NL05 SNSB 0902 7144 66 is niet bekend als rekening van deze"

People = Callable[..., Client]


def page(client: Client, einvoice: "EInvoice") -> str:
    return client.get(f"/invoices/einvoice/{einvoice.pk}/change/").content.decode()


@pytest.fixture
def suspect(receive: Receive, book: Book) -> "EInvoice":
    """Of a supplier who is known, with an account that is not."""
    first, second = receive(document("1", ibans=[KNOWN]), document("2", ibans=[NEW]))
    book(first)
    return second


def test_an_unknown_account_is_said_where_one_approves(people: People, suspect: "EInvoice") -> None:
    assert SAID in page(people(*SEES_SUPPLIERS), suspect)
    approver = people(*SEES_SUPPLIERS)
    approver.cookies["django_language"] = "en"
    assert "is not known as an account of this supplier. Ask the supplier" in page(approver, suspect)


def test_it_is_for_who_may_see_suppliers(people: People, suspect: "EInvoice") -> None:
    assert SAID not in page(people(*APPROVING), suspect)


def test_an_account_of_somebody_else_is_said_to_be(
    people: People, receive: Receive, book: Book, suspect: "EInvoice"
) -> None:
    (other,) = receive(
        document("3", supplier="Zilverberg", vat="NL1B01", kvk="2", endpoint="2", ibans=[NEW]),
    )
    book(other, chosen="new")
    said = "rekening van deze crediteur; als rekening van Zilverberg wel."
    assert said in page(people(*SEES_SUPPLIERS), suspect)
    assert "Zilverberg" not in page(people(*APPROVING), suspect)


def test_nothing_is_said_of_what_is_known(
    people: People, receive: Receive, book: Book, suspect: "EInvoice"
) -> None:
    (same,) = receive(document("4", ibans=[KNOWN]))
    assert "is niet bekend als rekening" not in page(people(*SEES_SUPPLIERS), same)
    book(suspect)  # confirms it
    assert SAID not in page(people(*SEES_SUPPLIERS), suspect)


def test_nothing_is_said_of_a_supplier_who_is_new(people: People, receive: Receive) -> None:
    (einvoice,) = receive(document(ibans=[NEW]))
    assert SAID not in page(people(*SEES_SUPPLIERS), einvoice)


@pytest.mark.parametrize(
    "doubtful", [{"kvk": "99999999"}, {"vat": "NL999999999B01"}, {"kvk": "", "vat": "", "endpoint": ""}]
)
def test_where_it_is_not_certain_whose_invoice_it_is_an_unknown_account_is_said_too(
    people: People, receive: Receive, book: Book, doubtful: dict[str, Any]
) -> None:
    """Known by one number or by name, and everything else new: that is how a forged one looks."""
    first, forged, other = receive(
        document("1", ibans=[KNOWN]),
        document("2", ibans=[NEW], **doubtful),
        document("3", ibans=[KNOWN], **doubtful),
    )
    book(first)
    said = "Als rekening van Bakker Staal B.V. is NL05 SNSB 0902 7144 66 niet bekend."
    assert f"van welke crediteur deze factuur is. {said}" in page(people(*SEES_SUPPLIERS), forged)
    assert "staat niet vast" not in page(people(*SEES_SUPPLIERS), other)
    assert "staat niet vast" not in page(people(*APPROVING), forged)


def test_an_account_as_long_as_a_book_is_not_shown_whole(
    people: People, receive: Receive, book: Book
) -> None:
    first, long = receive(document("1"), document("2", ibans=["NL" + "9" * 5000]))
    book(first)
    assert "9999 9999… is niet bekend" in page(people(*SEES_SUPPLIERS), long)


def test_what_was_booked_of_another_supplier_is_compared_with_that_one(
    people: People, book: Book, suspect: "EInvoice"
) -> None:
    from invoices.models import Supplier

    other = Supplier.objects.create(administration=suspect.administration, number=9, name="Zilverberg")
    book(suspect, chosen=other)
    assert SAID not in page(people(*SEES_SUPPLIERS), suspect)


def test_a_revision_with_another_account_is_said_after_the_booking_too(
    people: People,
    receive: Receive,
    book: Book,
    sandbox: Sandbox,
    ledger: "Administration",
    run_import: Callable[..., Any],
) -> None:
    (einvoice,) = receive(document(ibans=[KNOWN]))
    book(einvoice)
    sandbox.account.revise(einvoice.external_id, document(ibans=[NEW]))
    run_import(ledger)
    assert SAID in page(people(*SEES_SUPPLIERS), einvoice)
