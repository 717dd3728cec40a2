"""What the page of a failed document shows."""

from typing import Any

from django.utils.translation import gettext as _

from econnect_admin.saying import say_stored
from invoices.models import FailedDocument

Facts = list[tuple[str, Any]]


def reason_in_words(document: FailedDocument) -> str:
    return say_stored(document.details) or document.reason


class FailedDocumentPage:
    """`document` with the size of what came as `content_size`."""

    def __init__(self, document: Any) -> None:
        self.document = document

    @property
    def reason(self) -> str:
        return reason_in_words(self.document)

    @property
    def facts(self) -> Facts:
        document = self.document
        facts = [
            (_("Administration"), document.administration),
            (_("Supplier"), document.sender_name),
            (_("Subject"), document.subject),
            (_("External id"), document.external_id),
            (_("Created on the platform"), document.created_on),
            (_("Modified on the platform"), document.modified_on),
        ]
        return [(label, value) for label, value in facts if value]

    @property
    def attempts(self) -> Facts:
        document = self.document
        return [
            (_("Attempts"), document.attempts),
            (_("First failed at"), document.first_failed_at),
            (_("Last tried at"), document.last_tried_at),
        ]
