"""What a test of a connection found, kept for who comes later."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from econnect_admin.administrations.models import Administration
from econnect_admin.rights.querysets import ScopedQuerySet


class ConnectionTestQuerySet(ScopedQuerySet["ConnectionTest"]):
    def ended(self) -> Self:
        return self.filter(ended_at__isnull=False)


class ConnectionTest(models.Model):
    """*Verbinding getest*. Of an administration the last one that ended is kept, and any that is going on."""

    administration = models.ForeignKey(
        Administration, on_delete=models.CASCADE, related_name="connection_tests"
    )
    connection = models.CharField(max_length=64)  # fingerprint of the preferences that were tested
    results = models.JSONField(default=list)  # as `steps.Result.as_json` writes them
    next_step = models.CharField(max_length=10, blank=True)  # "": it has ended
    tested_by = models.CharField(_("tested by"), max_length=150)
    began_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(_("tested at"), null=True)  # null: it goes on, or was left

    objects = ConnectionTestQuerySet.as_manager()

    class Meta:
        verbose_name = _("test of the connection")
        verbose_name_plural = _("tests of the connection")

    def __str__(self) -> str:
        return f"{self.administration_id} → {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def has_failed(self) -> bool:
        return any(result["state"] == "failed" for result in self.results)
