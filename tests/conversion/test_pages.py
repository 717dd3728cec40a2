"""The pages: converting, what was booked, suppliers, the ledger; for whom, and as stale as they may be."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from econnect_admin.sandbox.server import Sandbox
from tests.conftest import GROUP_ID, connect_group
from tests.conversion.conftest import CONVERTING, Book, Receive
from tests.conversion.writing import document

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from econnect_admin.models import Administration, User
    from invoices.models import EInvoice

HOSTILE = "<script>alert(1)</script>\u202e\"'"


def address(einvoice: "EInvoice") -> str:
    return f"/invoices/einvoice/{einvoice.pk}/convert/"


def form_of(client: Client, einvoice: "EInvoice", query: str = "") -> dict[str, Any]:
    """What a browser would send if nothing was changed on the page; warnings are not confirmed."""
    html = client.get(address(einvoice) + query).content.decode()
    fields: dict[str, Any] = {}
    form = html[html.index('class="ec-booking"') :]
    for tag in re.findall(r"<input[^>]*>", form[: form.index("</form>")]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and "checkbox" not in tag:
            fields[name[1]] = value[1] if value else ""
    return fields


def selection(client: Client, *keys: int) -> dict[str, Any]:
    """What a browser would send from the page of several."""
    html = client.get(f"/invoices/einvoice/convert/?keys={','.join(map(str, keys))}").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(keys|versions)" value="([^"]*)"', html))
    return hidden | {"booking_date": "2026-11-25"}


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


def test_without_a_ledger_the_page_leads_to_the_standard_one(
    people: Callable[..., Client], receive: Receive, ledger: "Administration"
) -> None:
    from invoices.models import LedgerAccount, VatCode, VatMapping

    (einvoice,) = receive(document())
    for model in (VatMapping, VatCode, LedgerAccount):
        model.objects.all().delete()
    standard = f"/invoices/ledgeraccount/standard/{ledger.pk}/"
    clerk = people()
    assert standard not in clerk.get(address(einvoice)).content.decode()
    assert clerk.post(standard).status_code == 403
    ledger_keeper = people(*CONVERTING, "invoices.add_ledgeraccount")
    assert standard in ledger_keeper.get(address(einvoice)).content.decode()
    assert standard in ledger_keeper.get("/invoices/ledgeraccount/").content.decode()
    ledger_keeper.post(standard)
    ledger_keeper.post(standard)
    assert (LedgerAccount.objects.count(), VatCode.objects.count()) == (11, 8)
    keeper = people("invoices.view_vatcode", "invoices.change_vatcode")
    assert "21%" in keeper.get("/invoices/vatcode/").content.decode()
    high = VatCode.objects.get(rate=21)
    assert 'value="21"' in keeper.get(f"/invoices/vatcode/{high.pk}/change/").content.decode()


def test_suppliers_are_added_by_hand_and_never_twice(
    people: Callable[..., Client], ledger: "Administration"
) -> None:
    from invoices.models import Supplier

    clerk = people()

    def add(**numbers: str) -> int:
        empty = dict.fromkeys(("street", "postal_code", "city", "country", "endpoint", "endpoint_scheme"), "")
        data = {"administration": ledger.pk, "name": "Bakker", "legal_id": "", "vat_id": "", **empty}
        return clerk.post("/invoices/supplier/add/", data | {"legal_id_scheme": "0106"} | numbers).status_code

    assert add(vat_id="NL 1.B01") == 302
    assert add(vat_id="nl1b01") == 200
    assert add(vat_id="NL1B01", legal_id="2") == 200
    Supplier.objects.filter(number=1).update(legal_id="1", legal_id_scheme="0106")
    assert add(vat_id="NL1B01", legal_id="2") == 302
    assert add(legal_id=" 2") == 200
    assert list(Supplier.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_an_account_is_confirmed_on_the_page_of_the_supplier(
    people: Callable[..., Client], receive: Receive, book: Book
) -> None:
    from invoices.models import Supplier

    supplier = book(*receive(document())).supplier
    clerk = people()
    page = f"/invoices/supplier/{supplier.pk}/change/"
    sent = {
        **{name: getattr(supplier, name) for name in ("name", "vat_id", "legal_id", "legal_id_scheme")},
        **dict.fromkeys(("endpoint", "endpoint_scheme", "street", "postal_code", "city", "country"), ""),
        "ibans-TOTAL_FORMS": "2",
        "ibans-INITIAL_FORMS": "1",
        "ibans-0-id": supplier.ibans.get().pk,
        "ibans-0-supplier": supplier.pk,
        "ibans-0-iban": "NL66FRAUDE",
        "ibans-1-id": "",
        "ibans-1-supplier": supplier.pk,
        "ibans-1-iban": "nl02 abna 0123",
    }
    assert clerk.post(page, sent).status_code == 302
    ibans = Supplier.objects.get().ibans.values_list("iban", "confirmed_by")
    assert list(ibans) == [("NL91ABNA0613450299", "clerk"), ("NL02ABNA0123", "clerk")]


def test_a_difference_is_shown(people: Callable[..., Client], receive: Receive) -> None:
    clerk = people()
    (einvoice,) = receive(document(payable="121.10"))
    html = clerk.get(address(einvoice)).content.decode()
    assert re.search(r"ec-difference[^<]*>€\xa0-0,10<", html) or "-€\xa00,10" in html
    assert "Boeken</button>" not in re.sub(r"\s+", "", html)
    assert Decimal("121.10") == einvoice.current_version.payable
