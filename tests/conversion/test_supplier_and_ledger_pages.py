"""The pages of suppliers and of the ledger."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.test import Client

from tests.conversion.conftest import CONVERTING, Book, Receive
from tests.conversion.forms import address
from tests.conversion.writing import document

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from econnect_admin.models import Administration


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
