"""Documents as people know them: the PDF that the platform made of an e-invoice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from invoices.models.einvoice import EInvoiceVersion
from invoices.models.fields import WrittenText


class DocumentPdf(models.Model):
    """The PDF of a version, fetched once; of a document that brings its own PDF there is none."""

    version = models.OneToOneField(
        EInvoiceVersion, on_delete=models.CASCADE, primary_key=True, related_name="pdf"
    )
    content = models.BinaryField()
    sha256 = models.CharField("SHA-256", max_length=64)
    file_name = WrittenText(_("file name"))
    fetched_by = models.CharField(_("fetched by"), max_length=300)
    fetched_at = models.DateTimeField(_("fetched at"))

    def __str__(self) -> str:
        return self.file_name or f"{self.version_id}"
