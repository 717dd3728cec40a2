from invoices.admin.einvoices import EInvoiceAdmin
from invoices.admin.failed import FailedDocumentAdmin
from invoices.admin.ledger import LedgerAccountAdmin, VatCodeAdmin, VatMappingAdmin
from invoices.admin.purchase import PurchaseInvoiceAdmin
from invoices.admin.suppliers import SupplierAdmin

__all__ = [
    "EInvoiceAdmin",
    "FailedDocumentAdmin",
    "LedgerAccountAdmin",
    "PurchaseInvoiceAdmin",
    "SupplierAdmin",
    "VatCodeAdmin",
    "VatMappingAdmin",
]
