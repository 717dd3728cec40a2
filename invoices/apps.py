from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicesConfig(AppConfig):
    name = "invoices"
    verbose_name = _("Invoices")

    def ready(self) -> None:
        from econnect_admin.history.recording import record
        from invoices.models import StatusChange

        record(
            StatusChange, without=["einvoice", "changed_by", "changed_at", "sent_at", "settled_at", "answer"]
        )
