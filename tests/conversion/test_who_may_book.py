"""Who may book which e-invoice, and what about its supplier and its account they may decide."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from econnect_admin.sandbox.server import Sandbox
from tests.conftest import GROUP_ID, connect_group
from tests.conversion.conftest import CONVERTING, Book, Receive
from tests.conversion.forms import address, form_of
from tests.conversion.writing import document

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from econnect_admin.models import Administration, User


def test_a_new_account_is_confirmed_by_who_may_change_suppliers(
    people: Callable[..., Client], receive: Receive, book: Book
) -> None:
    from econnect_admin.models import HistoryEntry
    from invoices.models import PurchaseInvoice, SupplierIban

    first, second = receive(document("1"), document("2", ibans=["NL05 SNSB 0902714466"]))
    book(first)
    without = people(*(permission for permission in CONVERTING if "_supplier" not in permission))
    form = form_of(without, second) | {"confirm": "iban:NL05SNSB0902714466"}
    assert "wijzigen op de functie Crediteuren" in without.post(address(second), form).content.decode()
    clerk = people()
    assert "NL05 SNSB 0902 7144 66 is niet bekend" in clerk.get(address(second)).content.decode()
    clerk.post(address(second), form_of(clerk, second))
    assert PurchaseInvoice.objects.count() == 1
    clerk.post(address(second), form_of(clerk, second) | {"confirm": "iban:NL05SNSB0902714466"})
    assert PurchaseInvoice.objects.count() == 2
    iban = SupplierIban.objects.get(iban="NL05SNSB0902714466")
    assert iban.confirmed_by == "clerk"
    entry = HistoryEntry.objects.get_for_object(iban).get()
    assert entry.actor
    assert entry.actor.username == "clerk"


def test_a_new_supplier_is_added_by_who_may_add_suppliers(
    people: Callable[..., Client], receive: Receive
) -> None:
    from invoices.models import Supplier

    (einvoice,) = receive(document())
    without = people(*(permission for permission in CONVERTING if "_supplier" not in permission))
    html = without.post(address(einvoice), form_of(without, einvoice)).content.decode()
    assert "toevoegen op de functie Crediteuren" in html
    assert not Supplier.objects.exists()


def test_another_supplier_is_chosen_by_who_may_look_suppliers_up(
    people: Callable[..., Client], receive: Receive
) -> None:
    from invoices.models import PurchaseInvoice, Supplier

    (einvoice,) = receive(document(ibans=()))
    other = Supplier.objects.create(administration=einvoice.administration, number=9, name="Zilverberg")
    without = people(*(permission for permission in CONVERTING if "_supplier" not in permission))
    query = f"?supplier={other.pk}"
    assert "Zilverberg" in people().get(address(einvoice) + query).content.decode()
    assert "Zilverberg" not in without.get(address(einvoice) + query).content.decode()
    html = without.post(address(einvoice), form_of(people(), einvoice, query)).content.decode()
    assert "bekijken op de functie Crediteuren" in html
    assert "Zilverberg" not in html
    assert not PurchaseInvoice.objects.exists()


@pytest.mark.parametrize("missing", ["invoices.convert_einvoice", "invoices.view_line"])
def test_who_may_not_convert_cannot(people: Callable[..., Client], receive: Receive, missing: str) -> None:
    from invoices.models import PurchaseInvoice

    (einvoice,) = receive(document())
    user = people(*(permission for permission in CONVERTING if permission != missing))
    assert user.get(address(einvoice)).status_code == 403
    assert user.post(address(einvoice), {}).status_code == 403
    answer = user.post("/invoices/einvoice/convert/", {"keys": einvoice.pk, "booking_date": "2026-11-25"})
    assert answer.status_code == 403
    assert address(einvoice) not in user.get(f"/invoices/einvoice/{einvoice.pk}/change/").content.decode()
    assert not PurchaseInvoice.objects.exists()


def test_what_came_in_for_a_group_is_booked_and_seen_by_its_members_only(
    sandbox: Sandbox,
    people: Callable[..., Client],
    ledger: "Administration",
    run_import: Callable[..., Any],
    book: Book,
    clerk: "User",
) -> None:
    from invoices.models import EInvoice, PurchaseInvoice

    group = connect_group(ledger)
    sandbox.account.add(document("geheim"), group_id=GROUP_ID)
    run_import(ledger)
    einvoice = EInvoice.objects.get()
    outsider = people()
    assert outsider.get(address(einvoice)).status_code != 200
    answer = outsider.post(
        "/invoices/einvoice/convert/", {"keys": einvoice.pk, "booking_date": "2026-11-25"}, follow=True
    )
    assert "geheim" not in answer.content.decode()
    invoice = book(einvoice)
    page = f"/invoices/purchaseinvoice/{invoice.pk}/"
    assert outsider.get(f"{page}change/", follow=False).status_code != 200
    assert "geheim" not in outsider.get("/invoices/purchaseinvoice/").content.decode()
    assert "geheim" not in outsider.get(f"/invoices/supplier/{invoice.supplier_id}/change/").content.decode()
    reversing = {"reason": "Mag niet", "booking_date": "2026-11-25"}
    assert outsider.post(f"{page}reverse/", reversing).status_code in {302, 403, 404}
    assert PurchaseInvoice.objects.count() == 1
    group.user_group.members.add(clerk)
    assert "geheim" in people().get("/invoices/purchaseinvoice/").content.decode()
