from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicesConfig(AppConfig):
    name = "invoices"
    verbose_name = _("Invoices")

    def ready(self) -> None:
        from econnect_admin.history.recording import record
        from invoices.models import (
            LedgerAccount,
            PurchaseInvoice,
            StatusChange,
            Supplier,
            SupplierIban,
            VatCode,
            VatMapping,
        )

        record(
            StatusChange, without=["einvoice", "changed_by", "changed_at", "sent_at", "settled_at", "answer"]
        )
        record(Supplier, without=["name_key", "created_by", "created_at"])
        record(SupplierIban, without=["confirmed_by", "confirmed_at"])
        for model in (LedgerAccount, VatCode, VatMapping):
            record(model)
        record(PurchaseInvoice, without=["version", "document_key", "created_by", "created_at"])
