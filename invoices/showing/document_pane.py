"""The document beside what is done with it: as PDF, as a readable sheet and as XML."""

from functools import cached_property

from econnect_admin.rights.authorisation import Person
from invoices.documents.pdf import says_pdf
from invoices.models import Attachment, DocumentPdf, EInvoice, EInvoiceVersion
from invoices.showing.timeline import Rows


class DocumentPane:
    def __init__(self, einvoice: EInvoice, version: EInvoiceVersion, user: Person) -> None:
        self.einvoice, self.version = einvoice, version
        self.may_view_original = user.has_perm("invoices.view_original", einvoice)

    @cached_property
    def has_pdf(self) -> bool:
        """Whether one is here already, as far as its name tells."""
        kept = self.version.version in {pdf["version__version"] for pdf in self.pdfs}
        return kept or any(says_pdf(attachment) for attachment in self.attachments)

    @cached_property
    def pdfs(self) -> Rows:
        """Of all versions: those that were fetched."""
        fetched = DocumentPdf.objects.filter(version__einvoice=self.einvoice)
        return list(fetched.values("version__version", "fetched_by", "fetched_at"))

    @cached_property
    def attachments(self) -> list[Attachment]:
        return list(self.version.attachments.all())
