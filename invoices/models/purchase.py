"""Purchase invoices: what was booked. They are never changed and never deleted; a reversal undoes one."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from econnect_admin.models import Administration
from invoices.models.content import AllowanceCharge, Line, Part
from invoices.models.einvoice import EInvoice, EInvoiceVersion
from invoices.models.fields import ExactDecimal, WrittenText
from invoices.models.inbox import InboxQuerySet
from invoices.models.ledger import LedgerAccount, VatCode
from invoices.models.supplier import Supplier

validate_period = RegexValidator(
    r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z", _("Write a period as year and month, for instance 2026-11.")
)


class NumberSeries(models.Model):
    """The last number that was given of a kind; a row that is locked while the next one is given."""

    class Kind(models.TextChoices):
        PURCHASE_INVOICE = "purchase_invoice"
        SUPPLIER = "supplier"

    administration = models.ForeignKey(Administration, on_delete=models.CASCADE, related_name="number_series")
    kind = models.CharField(max_length=20, choices=Kind)
    year = models.PositiveIntegerField(default=0)  # 0: of all years
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["administration", "kind", "year"], name="number_series_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class PurchaseInvoiceQuerySet(InboxQuerySet["PurchaseInvoice"]):
    """Seen by who sees the e-invoice: what came in for a user group is its members'."""

    scope = "einvoice__administration"

    def standing(self) -> "PurchaseInvoiceQuerySet":
        """Those that hold: neither reversed nor the reversal of another."""
        return self.filter(reversal_of=None, reversed_at=None)


class PurchaseInvoice(models.Model):
    """*Inkoopfactuur*: one version of an e-invoice, booked, or the reversal of such a booking.

    Amounts are in the document's currency and owed to the supplier: those of a credit note are
    negative, and a reversal has the opposite of what it reverses.
    """

    administration = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        related_name="purchase_invoices",
        verbose_name=_("administration"),
    )
    number = models.CharField(_("number"), max_length=20)  # 2026-00001: the year of the booking date
    einvoice = models.ForeignKey(
        EInvoice,
        on_delete=models.PROTECT,
        related_name="purchase_invoices",
        verbose_name=_("purchase e-invoice"),
    )
    version = models.ForeignKey(
        EInvoiceVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("version")
    )
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="purchase_invoices", verbose_name=_("supplier")
    )
    reversal_of = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="reversed_by",
        verbose_name=_("reversal of"),
    )
    booking_date = models.DateField(_("booking date"))
    period = models.CharField(_("period"), max_length=7, validators=[validate_period])
    kind = models.CharField(
        _("kind"), max_length=12, choices=[("invoice", _("invoice")), ("credit_note", _("credit note"))]
    )
    document_number = WrittenText(_("document number"))
    # The beginning of it in the form in which numbers are compared.
    document_key = models.CharField(max_length=200, blank=True, editable=False)
    issue_date = models.DateField(_("invoice date"), null=True)
    due_date = models.DateField(_("due date"), null=True)
    currency = WrittenText(_("currency"))
    tax_exclusive = ExactDecimal(_("total without VAT"), null=False)
    tax_total = ExactDecimal(_("VAT"), null=False)
    tax_inclusive = ExactDecimal(_("total with VAT"), null=False)
    prepaid = ExactDecimal(_("prepaid"), null=False)
    rounding = ExactDecimal(_("rounding"), null=False)
    payable = ExactDecimal(_("payable"), null=False)
    reason = WrittenText(_("reason"))  # of a reversal
    created_by = models.CharField(_("booked by"), max_length=150)
    created_at = models.DateTimeField(_("booked at"), auto_now_add=True)
    reversed_at = models.DateTimeField(_("reversed at"), null=True)

    objects = PurchaseInvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase invoice")
        verbose_name_plural = _("purchase invoices")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["administration", "number"], name="purchase_invoice_number_once"),
            models.UniqueConstraint(
                fields=["einvoice"],
                condition=Q(reversal_of=None, reversed_at=None),
                name="einvoice_booked_once",
            ),
        ]
        indexes = [
            # the same number of a supplier once more
            models.Index(fields=["supplier", "document_key"], name="purchase_document_number"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_reversal(self) -> bool:
        return self.reversal_of_id is not None


class PurchaseInvoiceLine(Part):
    """An amount on a ledger account. Lines add up to the total without VAT, and the rounding."""

    class Kind(models.TextChoices):
        LINE = "line", _("line")
        ALLOWANCE = "allowance", _("allowance")
        CHARGE = "charge", _("charge")
        ROUNDING = "rounding", _("rounding")

    purchase_invoice = models.ForeignKey(PurchaseInvoice, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    einvoice_line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="+")
    allowance_charge = models.ForeignKey(
        AllowanceCharge, on_delete=models.PROTECT, null=True, related_name="+"
    )
    description = WrittenText(_("description"))
    ledger_account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, related_name="+", verbose_name=_("ledger account")
    )
    vat_code = models.ForeignKey(
        VatCode, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("VAT code")
    )
    amount = ExactDecimal(_("amount"), null=False)

    def __str__(self) -> str:
        return f"{self.purchase_invoice} {self.position}"


class PurchaseInvoiceVat(Part):
    """The VAT of a row of the breakdown. They add up to the VAT."""

    purchase_invoice = models.ForeignKey(PurchaseInvoice, on_delete=models.PROTECT, related_name="vat")
    category = WrittenText(_("category"))
    rate = ExactDecimal(_("rate"), null=True)
    taxable = ExactDecimal(_("taxable amount"), null=True)
    tax = ExactDecimal(_("VAT"), null=False)
    vat_code = models.ForeignKey(
        VatCode, on_delete=models.PROTECT, related_name="+", verbose_name=_("VAT code")
    )

    def __str__(self) -> str:
        return f"{self.category} {self.rate}"
