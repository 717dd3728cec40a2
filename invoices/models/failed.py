"""Documents that could not be imported: shown to people, and tried again."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invoices.models.fields import MAX_EXTERNAL_ID, WrittenText
from invoices.models.inbox import InboxDocument, InboxQuerySet

# The first attempts are made by every run, the later ones after 1, 2, 4, … hours, at most a day.
_PROMPT_ATTEMPTS = 5
_LONGEST_PAUSE = timedelta(days=1)


class FailedDocumentQuerySet(InboxQuerySet["FailedDocument"]):
    def without_content(self) -> "FailedDocumentQuerySet":
        return self.defer("content")


class FailedDocument(InboxDocument):
    """A document that the platform lists and that is not in, with the reason. Gone once it is in."""

    external_id = models.CharField(_("external id"), max_length=MAX_EXTERNAL_ID)
    subject = WrittenText(_("subject"))
    sender_name = WrittenText(_("supplier"))
    # The reason as a code with what it is about, so that it can be said in every language.
    reason = WrittenText(_("reason"))
    details = models.JSONField(default=dict)
    content = models.BinaryField(null=True)  # what came, if anything came
    created_on = models.DateTimeField(_("created on the platform"), null=True)
    modified_on = models.DateTimeField(_("modified on the platform"), null=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=1)
    first_failed_at = models.DateTimeField(_("first failed at"))
    last_tried_at = models.DateTimeField(_("last tried at"))

    objects = FailedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("failed document")
        verbose_name_plural = _("failed documents")
        ordering = ["-last_tried_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "external_id"], name="failed_once_per_administration"
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.external_id

    def is_due(self, modified_on: datetime | None = None) -> bool:
        """Whether it is to be tried again now; at once if the platform shows another ModifiedOn."""
        if modified_on not in (None, self.modified_on) or self.attempts < _PROMPT_ATTEMPTS:
            return True
        pause = min(timedelta(hours=2 ** min(self.attempts - _PROMPT_ATTEMPTS, 10)), _LONGEST_PAUSE)
        return self.last_tried_at + pause <= timezone.now()
