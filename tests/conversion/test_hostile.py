"""What somebody who means harm, or a document that nobody foresaw, does to the books and their pages."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from econnect_admin.sandbox.server import Sandbox
from tests.conversion.conftest import TODAY, Book, Receive
from tests.conversion.forms import address, form_of, selection
from tests.conversion.writing import document

if TYPE_CHECKING:
    from econnect_admin.models import Administration, User

People = Callable[..., Client]
LONG = "x" * 600
LEGAL, ENDPOINT = '<cbc:CompanyID schemeID="0106">', '<cbc:EndpointID schemeID="0106">'
TAX = "<cac:PartyTaxScheme>"
FAR = "0001-01-01T00:00:00%2B23:59_9999-12-31T23:59:59-23:59"


@pytest.mark.parametrize(
    ("supplier", "written", "instead"),
    [
        ("Bakker", LEGAL, f'<cbc:CompanyID schemeID="{LONG}">'),
        ("Bakker", ENDPOINT, f'<cbc:EndpointID schemeID="{LONG}">'),
        ("", TAX, f"<cac:PartyName><cbc:Name>{LONG}</cbc:Name></cac:PartyName>{TAX}"),
    ],
)
def test_what_is_too_long_to_be_stored_of_a_supplier_is_said(
    people: People, receive: Receive, supplier: str, written: str, instead: str
) -> None:
    content = document(supplier=supplier).decode()
    assert written in content
    (einvoice,) = receive(content.replace(written, instead).encode())
    clerk = people()
    answer = clerk.post(address(einvoice), form_of(clerk, einvoice), follow=True)
    assert answer.status_code == 200
    assert "te lang" in answer.content.decode()
    in_bulk = clerk.post("/invoices/einvoice/convert/", selection(clerk, einvoice.pk))
    assert "te lang" in in_bulk.content.decode()


def test_two_accounts_are_not_told_apart_by_capitals_only(ledger: "Administration") -> None:
    from invoices.models import LedgerAccount, VatCode

    both: tuple[tuple[Any, dict[str, int]], ...] = ((LedgerAccount, {}), (VatCode, {"rate": 21}))
    for model, more in both:
        model.objects.create(administration=ledger, code="Kan", name="Een", **more)
        with pytest.raises(ValidationError):
            model(administration=ledger, code="KAN", name="Twee", **more).full_clean()


@pytest.mark.parametrize(
    "path",
    [
        f"/invoices/einvoice/?received={FAR}",
        f"/invoices/einvoice/facets/?received={FAR}",
        f"/invoices/einvoice/export/csv/?received={FAR}",
        "/invoices/einvoice/{einvoice}/change/?_changelist_filters=supplier%3D%2500",
        "/invoices/einvoice/{einvoice}/change/?_changelist_filters=o%3D99999999999999999999.-",
        "/invoices/einvoice/{einvoice}/change/?version=99999999999999999999999",
        "/invoices/einvoice/{einvoice}/change/?version=%C2%B2&page=%C2%B2",
        "/invoices/einvoice/99999999999999999999999/convert/",
        "/invoices/einvoice/convert/?keys=999999999999999999,1,1,1,-1,%C2%B2,a",
        "/invoices/einvoice/?o=99.-99.x.1e9",
        "/invoices/einvoice/?received_at__year=-1",
        "/invoices/einvoice/facets/?received_at__year=-1",
        "/invoices/einvoice/?q=1e999",
        "/invoices/einvoice/?administration=9999999999999999999999999",
        "/invoices/einvoice/?current__original__content__contains=a",
        "/invoices/purchaseinvoice/{invoice}/change/?page=%C2%B2",
        "/invoices/purchaseinvoice/999999999999999999999999999/change/",
        "/invoices/purchaseinvoice/?supplier=%D9%A3",
        "/invoices/purchaseinvoice/?administration__id__exact=999999999999999999999999",
        "/invoices/purchaseinvoice/?supplier__vat_id__startswith=NL",
        "/invoices/purchaseinvoice/?booking_date__gte=2026",
        "/invoices/supplier/?q=9999999999999999999999",
        "/invoices/einvoice/{einvoice}/convert/?supplier=999999999999999999",
        "/invoices/supplier/export/csv/?administration__id__exact=x",
        "/?administration=x",
    ],
)
def test_no_address_makes_a_page_fail(people: People, receive: Receive, book: Book, path: str) -> None:
    (einvoice,) = receive(document())
    invoice = book(einvoice)
    answer = people().get(path.format(einvoice=einvoice.pk, invoice=invoice.pk))
    assert answer.status_code in {200, 302, 400, 403, 404}


def test_a_revision_after_the_page_of_several_was_opened_is_not_booked_unseen(
    people: People,
    receive: Receive,
    sandbox: Sandbox,
    run_import: Callable[..., Any],
    ledger: "Administration",
) -> None:
    from invoices.models import PurchaseInvoice

    clerk = people()
    first, second = receive(
        document("1"), document("2", supplier="Een", vat="NL1B01", kvk="1", endpoint="1", ibans=())
    )
    form = selection(clerk, first.pk, second.pk)
    sandbox.account.revise(first.external_id, document("1", lines=[("99999.00", "S", "21")]))
    run_import(ledger)
    html = clerk.post("/invoices/einvoice/convert/", form).content.decode()
    assert PurchaseInvoice.objects.get().einvoice == second
    assert "Er is niets geboekt" in html
    clerk.post("/invoices/einvoice/convert/", selection(clerk, first.pk))
    assert PurchaseInvoice.objects.filter(einvoice=first).exists()


@pytest.mark.parametrize(
    "documents", ['[[Infinity,"35"]]', '[[1e999,"35"]]', '[[NaN,"35"]]', '[[-1,"35"]]', "[1]", "[" * 99999]
)
def test_no_list_of_documents_makes_setting_a_status_fail(
    admin_client: Client, receive: Receive, documents: str
) -> None:
    receive(document())
    sent = {"code": "40", "documents": documents}
    assert admin_client.post("/invoices/einvoice/bulk-status/", sent).status_code in {200, 400}


def test_what_is_booked_is_not_rejected_before_it_is_reversed(
    clerk: "User", receive: Receive, book: Book
) -> None:
    from invoices.conversion.reversing import reverse
    from invoices.statuses.changing import IsBooked, change_status

    (einvoice,) = receive(document())
    invoice = book(einvoice)
    with pytest.raises(IsBooked, match=invoice.number):
        change_status(einvoice, "50", by="jan", reason="Niet geleverd")
    reverse(invoice, clerk, "verkeerd", TODAY)
    change_status(einvoice, "50", by="jan", reason="Niet geleverd")
