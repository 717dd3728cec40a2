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
from invoices.models.ledger import LedgerAccount, VatCode, VatMapping
from invoices.models.purchase import (
    NumberSeries,
    PurchaseInvoice,
    PurchaseInvoiceLine,
    PurchaseInvoiceVat,
)
from invoices.models.status_change import StatusChange
from invoices.models.supplier import Supplier, SupplierIban

__all__ = [
    "MAX_EXTERNAL_ID",
    "AllowanceCharge",
    "Attachment",
    "DocumentPdf",
    "EInvoice",
    "EInvoiceVersion",
    "FailedDocument",
    "InboxPosition",
    "LedgerAccount",
    "Line",
    "NumberSeries",
    "Original",
    "Party",
    "PayeeAccount",
    "PurchaseInvoice",
    "PurchaseInvoiceLine",
    "PurchaseInvoiceVat",
    "StatusChange",
    "Supplier",
    "SupplierIban",
    "VatCode",
    "VatMapping",
    "VatSubtotal",
]
