from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EConnectAdminConfig(AppConfig):
    name = "econnect_admin"
    verbose_name = _("Set-up")

    def ready(self) -> None:
        from econnect_admin.history.recording import record_changes

        record_changes()
