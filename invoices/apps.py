from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicesConfig(AppConfig):
    name = "invoices"
    verbose_name = _("Invoices")

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from invoices.models import StatusChange

        auditlog.register(StatusChange, include_fields=["from_code", "to_code", "reason", "state"])
