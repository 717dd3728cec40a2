from invoices.models.content import (
    AllowanceCharge,
    Attachment,
    Line,
    Party,
    PayeeAccount,
    VatSubtotal,
)
from invoices.models.document_pdf import DocumentPdf
from invoices.models.einvoice import EInvoice, EInvoiceVersion, Original
from invoices.models.failed import FailedDocument
from invoices.models.fields import MAX_EXTERNAL_ID
from invoices.models.inbox import InboxPosition
from invoices.models.status_change import StatusChange

__all__ = [
    "MAX_EXTERNAL_ID",
    "AllowanceCharge",
    "Attachment",
    "DocumentPdf",
    "EInvoice",
    "EInvoiceVersion",
    "FailedDocument",
    "InboxPosition",
    "Line",
    "Original",
    "Party",
    "PayeeAccount",
    "StatusChange",
    "VatSubtotal",
]
