"""Which supplier an invoice is of: by its numbers, and a person where these do not agree."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.conversion.conftest import TODAY, Book, Receive
from tests.conversion.writing import document

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from econnect_admin.models import Administration, User
    from invoices.models import Supplier

NOTHING: dict[str, Any] = {"vat": "", "kvk": "", "endpoint": "", "ibans": ()}
Known = Callable[..., "Supplier"]


@pytest.fixture
def known(ledger: "Administration") -> Known:
    """A supplier that is there, with these numbers."""

    def make(name: str = "Bakker", iban: str = "", **numbers: str) -> "Supplier":
        from invoices.models import Supplier, SupplierIban

        count = Supplier.objects.count()
        supplier: Supplier = Supplier.objects.create(
            administration=ledger, number=count + 1, name=name, **numbers
        )
        if iban:
            SupplierIban.objects.create(supplier=supplier, iban=iban, confirmed_by="somebody")
        return supplier

    return make


def outcome(receive: Receive, **numbers: Any) -> tuple[str, str | None]:
    from invoices.conversion.proposal import propose

    (einvoice,) = receive(document(**(NOTHING | numbers)))
    match = propose(einvoice).match
    return str(match.outcome), match.supplier.name if match.supplier else None


@pytest.mark.parametrize(
    ("of_supplier", "of_invoice"),
    [
        ({"vat_id": "NL806311940B01"}, {"vat": "nl 8063.11.940 b01"}),
        ({"legal_id": "20117364"}, {"kvk": "2011 7364"}),
        ({"endpoint": "20117364", "endpoint_scheme": "0106"}, {"endpoint": "20117364"}),
        ({"iban": "NL91ABNA0613450299"}, {"ibans": ["NL91 ABNA 0613 4502 99"]}),
        ({"vat_id": "NL1B01"}, {"vat": "NL1B01", "kvk": "20117364"}),
        ({"legal_id": "1", "vat_id": "NL1B01"}, {"vat": "NL1B01", "kvk": "1", "endpoint": "99"}),
    ],
    ids=str,
)
def test_one_supplier_that_the_numbers_point_at_is_the_match(
    receive: Receive, known: Known, of_supplier: dict[str, str], of_invoice: dict[str, Any]
) -> None:
    known("Another", legal_id="9", vat_id="NL9B01")
    known("The one", **of_supplier)
    assert outcome(receive, **of_invoice) == ("match", "The one")


def test_companies_that_share_a_vat_number_are_told_apart_by_their_company_numbers(
    receive: Receive, known: Known
) -> None:
    known("One", vat_id="NL1B01", legal_id="1")
    assert outcome(receive, vat="NL1B01", kvk="2", number="a") == ("question", None)
    known("Two", vat_id="NL1B01", legal_id="2")
    assert outcome(receive, vat="NL1B01", kvk="2", number="b") == ("match", "Two")
    assert outcome(receive, vat="NL1B01", number="c") == ("question", None)


def test_numbers_that_do_not_agree_are_a_question(receive: Receive, known: Known) -> None:
    known("One", vat_id="NL1B01", iban="NL01")
    known("Two", legal_id="2", iban="NL02")
    assert outcome(receive, vat="NL1B01", kvk="2", number="a") == ("question", None)
    assert outcome(receive, vat="NL1B01", ibans=["NL02"], number="b") == ("question", None)
    assert outcome(receive, vat="NL3B01", ibans=["NL01"], number="c") == ("question", None)


def test_an_account_of_several_suppliers_does_not_decide(receive: Receive, known: Known) -> None:
    known("One", vat_id="NL1B01", iban="NL77FACTOR")
    known("Two", vat_id="NL2B01", iban="NL77FACTOR")
    assert outcome(receive, ibans=["NL77FACTOR"], number="a") == ("question", None)
    assert outcome(receive, vat="NL2B01", ibans=["NL77FACTOR"], number="b") == ("match", "Two")


def test_a_name_proposes_and_never_decides(receive: Receive, known: Known) -> None:
    from invoices.conversion.proposal import propose

    bakker = known("BAKKER STAAL BV")
    (nameless, numbered) = receive(document("a", **NOTHING), document("b"))
    for einvoice in (nameless, numbered):
        match = propose(einvoice).match
        assert (match.outcome, list(match.candidates), match.may_be_new) == ("question", [bakker], True)
    assert outcome(receive, supplier="Somebody else", number="c") == ("question", None)
    assert outcome(receive, supplier="Somebody else", vat="NL1B01", number="d") == ("new", None)


def test_a_chosen_supplier_that_says_otherwise_is_a_warning(receive: Receive, known: Known) -> None:
    from invoices.conversion.proposal import propose

    one = known("One", vat_id="NL1B01", legal_id="1", iban="NL01")
    (einvoice,) = receive(document(vat="NL1B01", kvk="2", endpoint="", ibans=["NL01"]))
    assert [warning.key for warning in propose(einvoice, one).warnings] == ["chosen"]


def test_a_new_account_and_a_number_that_was_booked_must_be_confirmed(
    receive: Receive, book: Book, clerk: "User"
) -> None:
    from invoices.conversion.converting import Decision, convert
    from invoices.conversion.errors import NotConfirmed
    from invoices.conversion.proposal import propose

    first, second, third = receive(
        document("2026-1"), document(" 2026-1", ibans=["NL00NEW"]), document("2026-1")
    )
    invoice = book(first)
    assert [warning.key for warning in propose(second).warnings] == ["iban:NL00NEW", "double:2026-00001"]
    with pytest.raises(NotConfirmed):
        convert(second.pk, Decision(TODAY, "2026-11"), clerk)
    book(second)
    assert list(invoice.supplier.ibans.values_list("iban", flat=True)) == ["NL91ABNA0613450299", "NL00NEW"]
    assert [warning.key for warning in propose(third).warnings] == ["double:2026-00001", "double:2026-00002"]


def test_an_account_of_another_supplier_is_named(receive: Receive, known: Known) -> None:
    from invoices.conversion.proposal import propose

    known("Een", vat_id="NL1B01", iban="NL77FACTOR")
    known("Twee", vat_id="NL3B01", iban="NL77FACTOR")
    bakker = known("Bakker", vat_id="NL2B01")
    (einvoice,) = receive(document(**(NOTHING | {"vat": "NL2B01", "ibans": ["NL77FACTOR"]})))
    proposal = propose(einvoice)
    assert proposal.supplier == bakker
    assert [warning.key for warning in proposal.warnings] == ["iban:NL77FACTOR"]
    assert "Een, Twee" in str(proposal.warnings[0].wording)
