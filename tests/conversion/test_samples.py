"""Real documents: each is booked with its totals, or refused because they do not add up."""

from decimal import Decimal

import pytest

from tests.conftest import SAMPLES, SHARED_SAMPLES
from tests.conversion.conftest import Book, Receive

REFUSED = {
    "hofman-installaties-2026-1187",  # a total that its lines do not make
    "van-leeuwen-selfbilling-SB-26-0087",  # what the administration itself has sold
}


def test_the_samples_of_the_sandbox_are_booked(receive: Receive, book: Book) -> None:
    from invoices.conversion.errors import Blocked
    from invoices.models import LedgerAccount, VatCode, VatMapping

    VatMapping.objects.create(
        administration=LedgerAccount.objects.all()[0].administration,
        category="S",
        rate=Decimal(19),
        vat_code=VatCode.objects.get(code="IEU"),
        ledger_account=LedgerAccount.objects.get(code="7200"),
    )
    files = sorted(SAMPLES.glob("*.xml"))
    refused = set()
    for file, einvoice in zip(files, receive(*(file.read_bytes() for file in files)), strict=True):
        try:
            invoice = book(einvoice)
        except Blocked:
            refused.add(file.stem)
            continue
        version = einvoice.current_version
        assert abs(invoice.payable) == abs(version.payable), file.name
        assert (invoice.payable < 0) == version.is_credit_note, file.name
    assert refused == REFUSED


@pytest.mark.skipif(not SHARED_SAMPLES.is_dir(), reason="there are no samples beside the project")
def test_other_real_documents_are_booked_whole_or_refused_with_a_difference(
    receive: Receive, book: Book
) -> None:
    from invoices.conversion.entries import Entries
    from invoices.conversion.errors import Blocked
    from invoices.conversion.proposal import NEW, propose
    from invoices.models import EInvoice, LedgerAccount, Supplier, VatCode, VatMapping

    administration = LedgerAccount.objects.all()[0].administration
    VatMapping.objects.update_or_create(
        administration=administration,
        category="S",
        rate=None,
        defaults={
            "vat_code": VatCode.objects.get(code="IH"),
            "ledger_account": LedgerAccount.objects.get(code="7000"),
        },
    )
    booked = 0
    receive(*(file.read_bytes() for file in sorted(SHARED_SAMPLES.glob("*.xml"))))
    for einvoice in EInvoice.objects.order_by("pk"):
        proposal = propose(einvoice)
        known = proposal.supplier or next(iter(proposal.match.candidates), None)
        chosen: Supplier | str | None = NEW if proposal.match.may_be_new else known
        is_right = all(total.is_right for total in Entries(einvoice.current_version).totals())
        try:
            invoice = book(einvoice, chosen)
        except Blocked:
            assert not is_right or proposal.blocks
            continue
        assert is_right
        booked += 1
        vat = sum(row.tax for row in invoice.vat.all())
        lines = sum(line.amount for line in invoice.lines.all())
        assert lines + vat - invoice.prepaid == invoice.payable
    assert booked > 30
