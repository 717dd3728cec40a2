"""Changes of an e-invoice's status: made here and to be sent, or made elsewhere and found."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from invoices.models.einvoice import EInvoice
from invoices.models.fields import WrittenText
from invoices.models.inbox import InboxQuerySet


class StatusChangeQuerySet(InboxQuerySet["StatusChange"]):
    scope = "einvoice__administration"

    def under_way(self) -> "StatusChangeQuerySet":
        """Those whose sending, cut off or not, may still arrive on the platform."""
        call = timedelta(seconds=settings.ECONNECT["call_timeout"])
        return self.filter(state=StatusChange.State.SENDING, sent_at__range=(Now() - call, Now()))


class StatusChange(models.Model):
    """One change of one e-invoice's status; all of them are its timeline."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be sent")
        SENDING = "sending", _("is being sent")  # cut off here: compare with the platform before sending
        SENT = "sent", _("sent")
        REFUSED = "refused", _("refused by the platform")
        WITHDRAWN = "withdrawn", _("withdrawn")
        OVERRULED = "overruled", _("overruled by a later change")
        FOUND = "found", _("made elsewhere")

    OPEN = (State.WAITING, State.SENDING)

    einvoice = models.ForeignKey(
        EInvoice,
        on_delete=models.CASCADE,
        related_name="status_changes",
        verbose_name=_("purchase e-invoice"),
    )
    from_code = models.CharField(_("from"), max_length=20)
    to_code = models.CharField(_("to"), max_length=20)
    reason = WrittenText(_("reason"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    changed_by = models.CharField(_("changed by"), max_length=300)  # a user here, or a name on the platform
    changed_at = models.DateTimeField(_("changed at"))
    sent_at = models.DateTimeField(null=True)  # when its last sending began, by the database's clock
    settled_at = models.DateTimeField(_("settled at"), null=True)
    answer = models.JSONField(null=True)  # why it was refused, as `Wording.as_json` stores it

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["changed_at", "pk"]
        indexes = [
            # what is to be sent, in order
            models.Index(
                fields=["einvoice", "changed_at"],
                condition=Q(state__in=("waiting", "sending")),
                name="status_change_open",
            ),
            models.Index(fields=["einvoice"], condition=Q(state="refused"), name="status_change_refused"),
        ]

    def __str__(self) -> str:
        return f"{self.from_code} → {self.to_code}"
