"""How far an administration's inbox has been read."""

from django.db import models

from econnect_admin.models import Administration


class InboxPosition(models.Model):
    """The watermarks, in the platform's own time: all before them is stored or recorded as failed."""

    administration = models.OneToOneField(
        Administration, on_delete=models.CASCADE, related_name="inbox_position"
    )
    inbox = models.CharField(max_length=64, blank=True)  # `connection.inbox_identity` of what was read
    created_on = models.DateTimeField(null=True)
    modified_on = models.DateTimeField(null=True)
    statuses_on = models.DateTimeField(null=True)  # ModifiedOn up to which statuses were compared

    def __str__(self) -> str:
        return f"{self.administration_id} {self.created_on}"
