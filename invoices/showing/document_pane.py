"""The document beside what is done with it: as PDF, as a readable sheet and as XML."""

from functools import cached_property

from econnect_admin.rights.authorisation import Person
from invoices.documents.pdf import says_pdf
from invoices.models import DocumentPdf, EInvoice, EInvoiceVersion


class DocumentPane:
    def __init__(self, einvoice: EInvoice, version: EInvoiceVersion, user: Person) -> None:
        self.einvoice, self.version = einvoice, version
        self.may_view_original = user.has_perm("invoices.view_original", einvoice)

    @cached_property
    def has_pdf(self) -> bool:
        """Whether one is here already, as far as its name tells."""
        kept = DocumentPdf.objects.filter(version=self.version).exists()
        return kept or any(says_pdf(attachment) for attachment in self.version.attachments.all())
