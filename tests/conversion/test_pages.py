"""The pages of booking: one e-invoice, several, what was booked, and as stale as they may be."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.test import Client

from econnect_admin.sandbox.server import Sandbox
from tests.conversion.conftest import Book, Receive
from tests.conversion.forms import address, form_of, selection
from tests.conversion.writing import document

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from econnect_admin.models import Administration

HOSTILE = "<script>alert(1)</script>\u202e\"'"


def test_a_clerk_books_and_reverses(people: Callable[..., Client], receive: Receive) -> None:
    from invoices.models import PurchaseInvoice, Supplier

    clerk = people()
    older, einvoice = receive(document("0"), document())
    assert address(einvoice) in clerk.get(f"/invoices/einvoice/{einvoice.pk}/change/").content.decode()
    form = form_of(clerk, einvoice) | {"ledger-0": "7000", "remember": "on", "booking_date": "2026-10-31"}
    answer = clerk.post(address(einvoice), form, follow=True)
    invoice = PurchaseInvoice.objects.get()
    assert "Geboekt als 2026-00001." in answer.content.decode()
    way_on = f'/einvoice/{older.pk}/change/">Volgende e-factuur van de lijst</a>'
    assert way_on in answer.content.decode()
    assert (invoice.period, invoice.created_by) == ("2026-10", "clerk")
    supplier = Supplier.objects.get()
    assert supplier.default_ledger_account
    assert supplier.default_ledger_account.code == "7000"
    assert "2026-00001" in clerk.get("/invoices/einvoice/").content.decode()
    assert "2026-00001" in clerk.get(f"/invoices/supplier/{supplier.pk}/change/").content.decode()
    page = f"/invoices/purchaseinvoice/{invoice.pk}/"
    clerk.post(f"{page}reverse/", {"reason": "", "booking_date": "2026-11-25"})
    assert PurchaseInvoice.objects.count() == 1
    clerk.post(f"{page}reverse/", {"reason": "Dubbel", "booking_date": "2026-11-25"})
    html = clerk.get(f"{page}change/").content.decode()
    assert "2026-00002" in html
    assert "Dubbel" in html
    assert address(einvoice) in clerk.get(f"/invoices/einvoice/{einvoice.pk}/change/").content.decode()


def test_the_reason_of_a_reversal_that_is_refused_stays(
    people: Callable[..., Client], receive: Receive, book: Book
) -> None:
    invoice = book(receive(document())[0])
    clerk, address = people(), f"/invoices/purchaseinvoice/{invoice.pk}/reverse/"
    html = clerk.post(address, {"reason": "Dubbel <b>", "booking_date": "1999-12-31"}).content.decode()
    assert "Kies een dag vanaf 2000" in html
    assert 'value="Dubbel &lt;b&gt;"' in html
    invoice.refresh_from_db()
    assert not invoice.reversed_at
    assert clerk.get(address)["Location"] == f"/invoices/purchaseinvoice/{invoice.pk}/change/"


def test_a_page_that_was_opened_before_a_revision_books_nothing(
    people: Callable[..., Client],
    receive: Receive,
    sandbox: Sandbox,
    run_import: Callable[..., Any],
    ledger: "Administration",
) -> None:
    from invoices.models import PurchaseInvoice

    clerk = people()
    (einvoice,) = receive(document())
    form = form_of(clerk, einvoice)
    sandbox.account.revise(einvoice.external_id, document(lines=[("200.00", "S", "21"), ("1.00", "S", "9")]))
    run_import(ledger)
    html = clerk.post(address(einvoice), form).content.decode()
    assert not PurchaseInvoice.objects.exists()
    assert "Er is niets geboekt" in html
    assert "€\xa0243,09" in html


def test_a_supplier_that_changed_meanwhile_is_shown_anew(
    people: Callable[..., Client], receive: Receive, book: Book
) -> None:
    from invoices.models import PurchaseInvoice, Supplier

    clerk = people()
    first, second = receive(document("1"), document("2"))
    book(first)
    form = form_of(clerk, second)
    Supplier.objects.update(name="Heel iemand anders")
    html = clerk.post(address(second), form).content.decode()
    assert "Heel iemand anders" in html
    assert PurchaseInvoice.objects.count() == 1


def test_what_is_typed_wrong_stays_and_is_marked(people: Callable[..., Client], receive: Receive) -> None:
    from invoices.models import PurchaseInvoice

    clerk = people()
    (einvoice,) = receive(document())
    for wrong in (
        {"ledger-0": "9999 bestaat niet"},
        {"vat-0": "XX"},
        {"vat-row-0": "XX"},
        {"ledger-0": ""},
        {"booking_date": "1026-11-25"},
        {"booking_date": "gisteren"},
        {"period": "2026-13"},
        {"confirm": "iets", "seen": "anders"},
        {"supplier": "9" * 18},
    ):
        answer = clerk.post(address(einvoice), form_of(clerk, einvoice) | wrong)
        assert answer.status_code == 200, wrong
        assert not PurchaseInvoice.objects.exists(), wrong
    html = clerk.post(
        address(einvoice), form_of(clerk, einvoice) | {"ledger-0": "9999 bestaat niet"}
    ).content.decode()
    assert re.search(r'name="ledger-0"[^>]*value="9999 bestaat niet"[^>]*aria-invalid', html)


def test_hostile_texts_are_shown_as_texts(
    people: Callable[..., Client], receive: Receive, book: Book
) -> None:
    clerk = people()
    first, second = receive(
        document(f"1{HOSTILE}", supplier=HOSTILE, item=HOSTILE),
        document("2", supplier=HOSTILE, vat="", kvk="", endpoint="", ibans=()),
    )
    pages = [clerk.get(address(first))]
    invoice = book(first)
    pages += [
        clerk.get(address(second)),
        clerk.get(f"/invoices/purchaseinvoice/{invoice.pk}/change/"),
        clerk.get("/invoices/purchaseinvoice/"),
        clerk.get("/invoices/supplier/"),
        clerk.get(f"/invoices/supplier/{invoice.supplier_id}/change/"),
        clerk.get(f"/invoices/einvoice/convert/?keys={first.pk},{second.pk}"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()


def test_two_thousand_lines_are_booked_each_on_its_account(
    people: Callable[..., Client], receive: Receive
) -> None:
    from invoices.models import PurchaseInvoice

    clerk = people()
    (einvoice,) = receive(document(lines=[("1.00", "S", "21")] * 2000))
    form = form_of(clerk, einvoice) | {"ledger-1999": "7000"}
    assert clerk.post(address(einvoice), form).status_code == 302
    lines = PurchaseInvoice.objects.get().lines
    assert lines.count() == 2000
    assert list(lines.filter(ledger_account__code="7000").values_list("position", flat=True)) == [2000]


def test_a_person_chooses_where_the_numbers_do_not_decide(
    people: Callable[..., Client], receive: Receive, book: Book
) -> None:
    from invoices.models import PurchaseInvoice, Supplier

    clerk = people()
    first, second = receive(document("1"), document("2", vat="", kvk="", endpoint="", ibans=()))
    supplier = book(first).supplier
    html = clerk.get(address(second)).content.decode()
    assert f"supplier={supplier.pk}" in html
    assert "supplier=new" in html
    assert clerk.post(address(second), form_of(clerk, second)).status_code == 200
    assert f"supplier={supplier.pk}" in clerk.get(f"{address(second)}?find=bakker").content.decode()
    form = form_of(clerk, second, f"?supplier={supplier.pk}")
    assert clerk.post(address(second), form).status_code == 302
    assert Supplier.objects.count() == 1
    assert PurchaseInvoice.objects.filter(supplier=supplier).count() == 2


def test_several_are_booked_at_once_with_a_result_for_each(
    people: Callable[..., Client], receive: Receive, elsewhere: "Administration"
) -> None:
    from invoices.models import EInvoice, PurchaseInvoice

    clerk = people()
    good, wrong, double, again = receive(
        document("1"), document("2", payable="9.00"), document("1"), document("3")
    )
    other = EInvoice.objects.get(pk=again.pk)
    other.pk, other.current, other.administration = None, None, elsewhere
    other.save(force_insert=True)
    keys = ",".join(str(row.pk) for row in (good, wrong, double, again, other))
    preview = clerk.get(f"/invoices/einvoice/convert/?keys={keys},x,{'9' * 30}").content.decode()
    assert not PurchaseInvoice.objects.exists()
    assert "3 van de 4" in preview
    sent = selection(clerk, *(row.pk for row in (good, wrong, double, again, other))) | {"period": ""}
    html = clerk.post("/invoices/einvoice/convert/", sent).content.decode()
    assert "2 van de 4" in html
    assert "is het nummer 1 al geboekt, als 2026-00001" in html  # what the third waits for
    booked = dict(PurchaseInvoice.objects.values_list("einvoice", "number"))
    assert booked == {good.pk: "2026-00001", again.pk: "2026-00002"}
    html = clerk.post("/invoices/einvoice/convert/", sent).content.decode()
    assert "0 van de 4" in html
    assert "2026-00002" in html
    assert PurchaseInvoice.objects.count() == 2


def test_a_difference_is_shown(people: Callable[..., Client], receive: Receive) -> None:
    clerk = people()
    (einvoice,) = receive(document(payable="121.10"))
    html = clerk.get(address(einvoice)).content.decode()
    assert re.search(r"ec-difference[^<]*>€\xa0-0,10<", html) or "-€\xa00,10" in html
    assert "Boeken</button>" not in re.sub(r"\s+", "", html)
    assert Decimal("121.10") == einvoice.current_version.payable
