from invoices.admin.einvoices import EInvoiceAdmin
from invoices.admin.failed import FailedDocumentAdmin

__all__ = ["EInvoiceAdmin", "FailedDocumentAdmin"]
