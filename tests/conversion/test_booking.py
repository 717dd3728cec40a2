"""An e-invoice becomes a purchase invoice: number, amounts, accounts, and what is refused."""

import random
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from econnect_admin.sandbox.server import Sandbox
from tests.conversion.conftest import TODAY, Book, Receive
from tests.conversion.writing import document

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from econnect_admin.models import Administration, User


def test_an_invoice_is_booked_with_its_totals_and_a_new_supplier(receive: Receive, book: Book) -> None:
    (einvoice,) = receive(
        document(
            lines=[("100.00", "S", "21"), ("50.00", "S", "9")],
            allowances=[("10.00", "S", "21")],
            charges=[("5.00", "S", "9")],
            prepaid="20.00",
            rounding="0.03",
        )
    )
    invoice = book(einvoice)
    assert (invoice.number, invoice.booking_date, invoice.period) == ("2026-00001", TODAY, "2026-11")
    assert invoice.payable == einvoice.current_version.payable
    lines = [
        (line.kind, line.amount, line.ledger_account.code, line.vat_code and line.vat_code.code)
        for line in invoice.lines.select_related("ledger_account", "vat_code")
    ]
    assert lines == [
        ("line", Decimal("100.00"), "4700", "IH"),
        ("line", Decimal("50.00"), "4700", "IL"),
        ("allowance", Decimal("-10.00"), "4700", "IH"),
        ("charge", Decimal("5.00"), "4700", "IL"),
        ("rounding", Decimal("0.03"), "4700", None),
    ]
    vat = list(invoice.vat.values_list("category", "taxable", "tax", "vat_code__code"))
    assert vat == [
        ("S", Decimal("90.00"), Decimal("18.90"), "IH"),
        ("S", Decimal("55.00"), Decimal("4.95"), "IL"),
    ]
    supplier = invoice.supplier
    assert (supplier.number, supplier.vat_id, supplier.legal_id) == (1, "NL806311940B01", "20117364")
    assert list(supplier.ibans.values_list("iban", "confirmed_by")) == [("NL91ABNA0613450299", "clerk")]


def test_numbers_follow_the_year_of_the_booking_date(receive: Receive, book: Book) -> None:
    einvoices = receive(*(document(str(number)) for number in range(3)))
    years = [2026, 2025, 2026]
    numbers = [
        book(einvoice, booking_date=TODAY.replace(year=year)).number
        for einvoice, year in zip(einvoices, years, strict=True)
    ]
    assert numbers == ["2026-00001", "2025-00001", "2026-00002"]


@pytest.mark.parametrize(
    ("credit_note", "amount", "booked"),
    [(False, "100.00", "121.00"), (False, "-100.00", "-121.00"), (True, "100.00", "-121.00")],
)
def test_the_sign_is_turned_once(
    receive: Receive, book: Book, credit_note: bool, amount: str, booked: str
) -> None:
    invoice = book(*receive(document(credit_note=credit_note, lines=[(amount, "S", "21")])))
    assert invoice.payable == Decimal(booked)
    in_all = sum(line.amount for line in invoice.lines.all()) + sum(row.tax for row in invoice.vat.all())
    assert in_all == Decimal(booked)


def test_a_negative_credit_note_is_to_be_paid_and_a_person_confirms_that(
    receive: Receive, book: Book
) -> None:
    from invoices.conversion.proposal import propose

    (einvoice,) = receive(document(credit_note=True, lines=[("-100.00", "S", "21")]))
    assert [warning.key for warning in propose(einvoice).warnings] == ["negative-credit-note"]
    assert book(einvoice).payable == Decimal("121.00")


@pytest.mark.parametrize(
    "wrong",
    [
        {"tax_exclusive": "100.01"},
        {"tax_total": "21.01"},
        {"tax_inclusive": "120.99"},
        {"payable": "121.10"},
        {"rounding": "0.01", "payable": "121.00"},
        {"type_code": "381"},
        {"credit_note": True, "type_code": "380"},
        {"type_code": "389"},
        {"number": " "},
    ],
    ids=str,
)
def test_what_does_not_add_up_or_is_no_purchase_is_refused(
    receive: Receive, book: Book, wrong: dict[str, Any]
) -> None:
    from invoices.conversion.errors import Blocked
    from invoices.models import NumberSeries, PurchaseInvoice, Supplier

    (einvoice,) = receive(document(**wrong))
    with pytest.raises(Blocked):
        book(einvoice)
    assert not PurchaseInvoice.objects.exists()
    assert not Supplier.objects.exists()
    assert not NumberSeries.objects.exists()


def test_a_rejected_invoice_is_not_booked(receive: Receive, book: Book) -> None:
    from invoices.conversion.errors import Blocked
    from invoices.statuses.changing import change_status

    (einvoice,) = receive(document())
    change_status(einvoice, "50", by="clerk", reason="Dubbel")
    with pytest.raises(Blocked, match="rejected"):
        book(einvoice)


def test_an_invoice_is_booked_once_and_again_after_its_reversal(
    receive: Receive, book: Book, clerk: "User"
) -> None:
    from invoices.conversion.errors import AlreadyBooked, AlreadyReversed, IsReversal, ReasonMissing
    from invoices.conversion.reversing import reverse

    (einvoice,) = receive(document(rounding="0.01", prepaid="1.00"))
    first = book(einvoice)
    with pytest.raises(AlreadyBooked, match="2026-00001"):
        book(einvoice)
    with pytest.raises(ReasonMissing):
        reverse(first, clerk, " ", TODAY)
    reversal = reverse(first, clerk, "Verkeerde rekening", TODAY)
    assert (reversal.number, reversal.payable) == ("2026-00002", -first.payable)
    for rows, amount in (("lines", "amount"), ("vat", "tax")):
        pairs = zip(getattr(first, rows).all(), getattr(reversal, rows).all(), strict=True)
        assert all(getattr(one, amount) == -getattr(other, amount) for one, other in pairs)
    with pytest.raises(AlreadyReversed, match="2026-00002"):
        reverse(first, clerk, "Nog eens", TODAY)
    with pytest.raises(IsReversal):
        reverse(reversal, clerk, "Terug", TODAY)
    assert book(einvoice).number == "2026-00003"


def test_the_account_and_code_come_from_the_supplier_where_its_rate_is_that_of_the_line(
    receive: Receive, book: Book, ledger: "Administration"
) -> None:
    from invoices.models import LedgerAccount, Supplier, VatCode

    first, second = receive(document("1"), document("2", lines=[("10.00", "S", "21"), ("20.00", "S", "9")]))
    book(first)
    own = VatCode.objects.create(administration=ledger, code="EIGEN", name="Eigen hoog", rate=21)
    Supplier.objects.update(
        default_ledger_account=LedgerAccount.objects.get(code="7000"), default_vat_code=own
    )
    lines = book(second).lines.values_list("ledger_account__code", "vat_code__code")
    assert list(lines) == [("7000", "EIGEN"), ("7000", "IL")]


def test_a_revision_leaves_what_was_booked_as_it_is(
    sandbox: Sandbox, receive: Receive, book: Book, run_import: Any, ledger: "Administration"
) -> None:
    (einvoice,) = receive(document())
    invoice = book(einvoice)
    sandbox.account.revise(einvoice.external_id, document(lines=[("200.00", "S", "21")]))
    run_import(ledger)
    einvoice.refresh_from_db()
    invoice.refresh_from_db()
    assert einvoice.current_version.payable == Decimal("242.00")
    assert (invoice.version.version, invoice.payable) == (1, Decimal("121.00"))


def test_what_is_booked_is_never_deleted(receive: Receive, book: Book) -> None:
    from django.db.models import ProtectedError

    invoice = book(*receive(document()))
    for row in (invoice, invoice.supplier, invoice.einvoice, invoice.administration):
        with pytest.raises(ProtectedError):
            row.delete()


def test_any_amounts_that_add_up_are_booked_to_the_cent(receive: Receive, book: Book) -> None:
    chance = random.Random(5)

    def some(least: int, most: int) -> list[tuple[str, str, str]]:
        return [
            (f"{chance.randint(-50_000, 500_000) / 100:.2f}", *chance.choice(_VATS))
            for _ in range(chance.randint(least, most))
        ]

    contents = [
        document(
            f"A-{number}",
            lines=some(1, 6),
            allowances=some(0, 2),
            charges=some(0, 2),
            rounding=chance.choice(["", "0.02", "-0.03"]),
            prepaid=chance.choice(["", "12.34"]),
            credit_note=chance.random() < 0.3,
        )
        for number in range(25)
    ]
    for einvoice in receive(*contents):
        invoice = book(einvoice)
        version = einvoice.current_version
        sign = -1 if version.is_credit_note else 1
        lines = sum(line.amount for line in invoice.lines.exclude(kind="rounding"))
        vat = sum(row.tax for row in invoice.vat.all())
        assert lines == sign * version.tax_exclusive
        assert vat == sign * version.tax_total
        assert lines + vat - invoice.prepaid + invoice.rounding == sign * version.payable


_VATS = [("S", "21"), ("S", "9"), ("E", "0"), ("AE", "0"), ("O", "")]
