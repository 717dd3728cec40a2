"""Authorisation requests: what was asked of whom, and how far it is."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from econnect_admin.administrations.encryption import EncryptedTextField, Unreadable
from econnect_admin.administrations.models import Administration
from econnect_admin.linking.references import validate_reference
from econnect_admin.rights.catalogue import LINK_E_CONNECTION
from econnect_admin.rights.querysets import ScopedQuerySet

# No conversation with eConnect takes longer: who was at it is not any more.
LONGEST = timedelta(minutes=5)
# After that nobody is expected to accept.
WATCHED = timedelta(days=14)

ONE_OPEN_REQUEST = "one_open_request_per_administration"  # the constraint


class AuthorisationRequestQuerySet(ScopedQuerySet["AuthorisationRequest"]):
    def open(self) -> Self:
        return self.filter(state__in=AuthorisationRequest.OPEN)

    def active(self) -> Self:
        """Those of administrations for which the function is active."""
        return self.filter(administration__activations__function=LINK_E_CONNECTION.code)

    def due(self) -> Self:
        return self.active().filter(state=AuthorisationRequest.State.SENT, next_check_at__lte=Now())

    def lost(self) -> Self:
        """Whoever was sending them was cut off: nobody knows whether they arrived."""
        return self.filter(state=AuthorisationRequest.State.SENDING, requested_at__lt=Now() - LONGEST)

    def claim(self, request_id: int) -> bool:
        """Have it to oneself, to ask eConnect. False: somebody else is at it, or there is nothing to ask."""
        free = Q(checking_since__isnull=True) | Q(checking_since__lt=Now() - LONGEST)
        askable = self.filter(free, pk=request_id, state__in=AuthorisationRequest.ASKABLE)
        return askable.exclude(integration_token="").update(checking_since=Now()) == 1


class AuthorisationRequest(models.Model):
    """*Machtigingsverzoek*: asks the owner of an account on the platform for the keys to a company."""

    class State(models.TextChoices):
        SENDING = "sending", pgettext_lazy("authorisation request", "being sent")
        UNCERTAIN = "uncertain", pgettext_lazy("authorisation request", "perhaps sent")
        NOT_SENT = "not sent", pgettext_lazy("authorisation request", "not sent")
        SENT = "sent", pgettext_lazy("authorisation request", "sent")
        WAITING = "waiting", pgettext_lazy("authorisation request", "accepted, keys not taken over")
        ACCEPTED = "accepted", pgettext_lazy("authorisation request", "accepted")
        EXPIRED = "expired", pgettext_lazy("authorisation request", "expired")
        CLOSED = "closed", pgettext_lazy("authorisation request", "closed")

    OPEN = (State.SENDING, State.UNCERTAIN, State.SENT)
    # Those that the owner may yet accept, or has accepted, without the keys being here.
    ASKABLE = (State.SENT, State.WAITING, State.EXPIRED, State.CLOSED)

    administration = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        related_name="authorisation_requests",
        verbose_name=_("administration"),
        help_text=_("The administration of the client: it gets the keys when the owner has accepted."),
    )
    requested_through = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("requested through"),
        help_text=_("The administration whose account on eConnect sends the request: your own."),
    )
    reference = models.CharField(
        _("reference of the client"),
        max_length=50,
        validators=[validate_reference],
        help_text=_(
            "NL:KVK: and the 8 digits of the chamber of commerce number, NL:VAT: and the VAT number, "
            "NL:OIN: and the OIN, or the company id on the platform, for instance XCNL10017."
        ),
    )
    email_address = models.EmailField(
        _("e-mail address of the owner"),
        help_text=_("eConnect sends the request to this address: that of the owner of the client's account."),
    )
    pay_by_requester = models.BooleanField(
        _("paid by us"),
        default=False,
        help_text=_("Tells eConnect that your account pays, not the client."),
    )
    # Fingerprint of the keys that a person has said may be replaced; "": none may.
    replaces = models.CharField(max_length=64, blank=True)
    integration_token = EncryptedTextField(blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SENDING)
    # What eConnect said last, or why it could not be asked: a message with its values.
    answer = models.JSONField(null=True, blank=True)
    requested_by = models.CharField(_("requested by"), max_length=150)
    requested_at = models.DateTimeField(_("requested at"), db_default=Now())
    checks = models.PositiveSmallIntegerField(default=0)  # in the background
    last_checked_at = models.DateTimeField(_("last checked at"), null=True)
    next_check_at = models.DateTimeField(_("next check"), null=True)
    checking_since = models.DateTimeField(null=True)  # somebody is at it

    objects = AuthorisationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("authorisation request")
        verbose_name_plural = _("authorisation requests")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["administration"],
                condition=Q(state__in=("sending", "uncertain", "sent")),
                name=ONE_OPEN_REQUEST,
            ),
        ]
        indexes = [
            # AuthorisationRequestQuerySet.due()
            models.Index(fields=["next_check_at"], condition=Q(state="sent"), name="request_due"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.administration.name}"

    @property
    def may_be_asked_about(self) -> bool:
        """Whether there is anything to ask eConnect."""
        token = self.integration_token
        return self.state in self.ASKABLE and (bool(token) or isinstance(token, Unreadable))

    @property
    def expires_at(self) -> datetime:
        """When it is not checked by itself any more."""
        return self.requested_at + WATCHED
