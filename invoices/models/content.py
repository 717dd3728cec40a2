"""The parts of an e-invoice. The fields have the names of `invoices.ubl.facts`, which says what they mean."""

from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import Value
from django.db.models.functions import Replace, Upper
from django.utils.translation import gettext_lazy as _

from invoices.models.einvoice import EInvoiceVersion
from invoices.models.fields import ExactDecimal, WrittenText


class Party(models.Model):
    """Seller or buyer of one version of one e-invoice."""

    name = WrittenText(_("name"))
    trading_name = WrittenText(_("trading name"))
    legal_id = WrittenText(_("legal id"))
    legal_id_scheme = WrittenText()
    vat_id = WrittenText(_("VAT number"))
    endpoint = WrittenText(_("electronic address"))
    endpoint_scheme = WrittenText()
    street = WrittenText(_("street"))
    city = WrittenText(_("city"))
    postal_code = WrittenText(_("postal code"))
    country = WrittenText(_("country"))
    email = WrittenText(_("e-mail"))
    phone = WrittenText(_("phone"))

    def __str__(self) -> str:
        return self.name or self.trading_name


class Part(models.Model):
    """One of the rows of a version, in the order of the document."""

    position = models.PositiveIntegerField()

    class Meta:
        abstract = True
        ordering = ["position"]


# An account number however it was written: in capitals, without spaces.
COMPACT_IBAN = Upper(Replace("iban", Value(" "), output_field=models.TextField()))


class PayeeAccount(Part):
    version = models.ForeignKey(EInvoiceVersion, on_delete=models.CASCADE, related_name="payee_accounts")
    iban = WrittenText("IBAN")
    bic = WrittenText("BIC")
    name = WrittenText(_("name"))

    class Meta(Part.Meta):
        indexes = [
            # the search for an account; a hash has room for whatever a document wrote there
            HashIndex(COMPACT_IBAN, name="payee_account_iban"),
        ]

    def __str__(self) -> str:
        return self.iban


class VatSubtotal(Part):
    version = models.ForeignKey(EInvoiceVersion, on_delete=models.CASCADE, related_name="vat_breakdown")
    category = WrittenText(_("category"))
    rate = ExactDecimal(_("rate"))
    taxable = ExactDecimal(_("taxable amount"))
    tax = ExactDecimal(_("VAT"))
    exemption_reason = WrittenText(_("exemption reason"))
    exemption_code = WrittenText()

    def __str__(self) -> str:
        return f"{self.category} {self.rate}"


class Line(Part):
    version = models.ForeignKey(EInvoiceVersion, on_delete=models.CASCADE, related_name="lines")
    line_id = WrittenText(_("line"))
    note = WrittenText(_("note"))
    quantity = ExactDecimal(_("quantity"))
    unit = WrittenText(_("unit"))
    net_amount = ExactDecimal(_("amount"))
    name = WrittenText(_("name"))
    description = WrittenText(_("description"))
    seller_item_id = WrittenText(_("seller's item number"))
    buyer_item_id = WrittenText(_("buyer's item number"))
    standard_item_id = WrittenText(_("standard item number"))
    standard_item_id_scheme = WrittenText()
    price = ExactDecimal(_("price"))
    price_base_quantity = ExactDecimal(_("price per"))
    vat_category = WrittenText(_("VAT category"))
    vat_rate = ExactDecimal(_("VAT rate"))
    order_line_reference = WrittenText(_("order line"))
    period_start = models.DateField(_("period from"), null=True)
    period_end = models.DateField(_("period to"), null=True)
    accounting_cost = WrittenText(_("accounting cost"))
    item_properties = models.JSONField(default=list)  # [{"name", "value"}]

    class Meta(Part.Meta):
        verbose_name = _("purchase e-invoice line")
        verbose_name_plural = _("purchase e-invoice lines")

    def __str__(self) -> str:
        return f"{self.line_id} {self.name}"


class AllowanceCharge(Part):
    """An allowance or charge on the document, or, with `line`, on one of its lines."""

    version = models.ForeignKey(EInvoiceVersion, on_delete=models.CASCADE, related_name="allowances_charges")
    line = models.ForeignKey(Line, on_delete=models.CASCADE, null=True, related_name="allowances_charges")
    is_charge = models.BooleanField(_("charge"), null=True)
    amount = ExactDecimal(_("amount"))
    base = ExactDecimal(_("base amount"))
    percent = ExactDecimal(_("percentage"))
    reason = WrittenText(_("reason"))
    reason_code = WrittenText()
    vat_category = WrittenText(_("VAT category"))
    vat_rate = ExactDecimal(_("VAT rate"))

    def __str__(self) -> str:
        return self.reason


class Attachment(Part):
    """What an attachment is; its bytes are read out of the original when somebody asks for them."""

    version = models.ForeignKey(EInvoiceVersion, on_delete=models.CASCADE, related_name="attachments")
    document_id = WrittenText(_("id"))
    description = WrittenText(_("description"))
    filename = WrittenText(_("file name"))
    mime = WrittenText(_("type"))
    size_in_bytes = models.PositiveIntegerField(_("size in bytes"), null=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    external_uri = WrittenText(_("address"))

    def __str__(self) -> str:
        return self.filename or self.description or self.document_id
