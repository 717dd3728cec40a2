"""A purchase invoice is undone by another one with the opposite amounts; both stay."""

from datetime import date

from django.utils import timezone

from econnect_admin.administrations.models import User
from invoices.conversion.amounts import opposite
from invoices.conversion.converting import AMOUNTS, period_of
from invoices.conversion.errors import AlreadyReversed, IsReversal, ReasonMissing
from invoices.conversion.numbers import books_of, next_purchase_invoice_number
from invoices.models import PurchaseInvoice, PurchaseInvoiceLine, PurchaseInvoiceVat

_COPIED = (
    *("administration_id", "einvoice_id", "version_id", "supplier_id", "kind", "document_number"),
    *("document_key", "issue_date", "due_date", "currency"),
)
_COPIED_OF_LINE = (
    *("position", "kind", "einvoice_line_id", "allowance_charge_id", "description"),
    *("ledger_account_id", "vat_code_id"),
)
_COPIED_OF_VAT = ("position", "category", "rate", "vat_code_id")
_BATCH = 2000


def reverse(
    purchase_invoice: PurchaseInvoice, user: User, reason: str, booking_date: date
) -> PurchaseInvoice:
    """Book the opposite, after which the e-invoice may be converted again. Gives the reversal.

    Whether the user may reverse is asked before. Raises AlreadyReversed, IsReversal or ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    with books_of(purchase_invoice.administration_id) as administration:
        invoice = PurchaseInvoice.objects.select_for_update(of=("self",)).get(pk=purchase_invoice.pk)
        if invoice.is_reversal:
            raise IsReversal
        if invoice.reversed_at:
            raise AlreadyReversed(number=invoice.reversed_by.number)
        reversal = PurchaseInvoice.objects.create(
            number=next_purchase_invoice_number(administration, booking_date.year),
            reversal_of=invoice,
            booking_date=booking_date,
            period=period_of(booking_date),
            reason=reason.strip(),
            created_by=user.get_username(),
            **{name: getattr(invoice, name) for name in _COPIED},
            **{name: opposite(getattr(invoice, name)) for name in AMOUNTS},
        )
        _copy_rows(invoice, reversal)
        invoice.reversed_at = timezone.now()
        invoice.save(update_fields=["reversed_at"])
    return reversal


def _copy_rows(invoice: PurchaseInvoice, reversal: PurchaseInvoice) -> None:
    lines = [
        PurchaseInvoiceLine(
            purchase_invoice=reversal,
            amount=opposite(line.amount),
            **{name: getattr(line, name) for name in _COPIED_OF_LINE},
        )
        for line in invoice.lines.all()
    ]
    PurchaseInvoiceLine.objects.bulk_create(lines, batch_size=_BATCH)
    rows = [
        PurchaseInvoiceVat(
            purchase_invoice=reversal,
            taxable=None if row.taxable is None else opposite(row.taxable),
            tax=opposite(row.tax),
            **{name: getattr(row, name) for name in _COPIED_OF_VAT},
        )
        for row in invoice.vat.all()
    ]
    PurchaseInvoiceVat.objects.bulk_create(rows, batch_size=_BATCH)
