"""Purchase e-invoices as the platform delivered them: the document, its versions, its original bytes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from invoices.models.fields import MAX_EXTERNAL_ID, ExactDecimal, WrittenText
from invoices.models.inbox import InboxDocument, InboxQuerySet
from invoices.ubl.facts import SELF_BILLED_TYPE_CODES


class EInvoice(InboxDocument):
    """A document in the inbox of an administration. What it says is in its versions."""

    current = models.OneToOneField(
        "EInvoiceVersion", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("version")
    )
    external_id = models.CharField(_("external id"), max_length=MAX_EXTERNAL_ID)
    document_id = WrittenText(_("document id"))
    subject = WrittenText(_("subject"))
    sender_party_id = WrittenText(_("sender"))
    receiver_party_id = WrittenText(_("receiver"))
    delivery_method = WrittenText(_("delivery method"))
    status_code = models.CharField(_("status"), max_length=20)
    # The codes and names that this document allows, as [{"code", "name"}].
    allowed_statuses = models.JSONField(default=list)
    created_on = models.DateTimeField(_("created on the platform"))
    modified_on = models.DateTimeField(_("modified on the platform"))
    received_at = models.DateTimeField(_("received at"))

    objects = InboxQuerySet["EInvoice"].as_manager()

    class Meta:
        verbose_name = _("purchase e-invoice")
        verbose_name_plural = _("purchase e-invoices")
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "external_id"], name="einvoice_once_per_administration"
            ),
        ]
        indexes = [
            # the list of all administrations, newest first
            models.Index(fields=["-received_at", "-id"], name="einvoice_all_newest_first"),
            # the list of one administration, newest first
            models.Index(fields=["administration", "-received_at", "-id"], name="einvoice_newest_first"),
            # how many wait for approval
            models.Index(fields=["administration"], condition=Q(status_code="35"), name="einvoice_approval"),
        ]

    def __str__(self) -> str:
        return str(self.current) if self.current else self.external_id

    @property
    def current_version(self) -> "EInvoiceVersion":
        """What the document says now: an e-invoice is always stored together with a version."""
        assert self.current is not None  # noqa: S101
        return self.current


class EInvoiceVersion(models.Model):
    """What a document said at a time: version 1, and one more for each revision.

    Amounts are in the document's currency and as the document wrote them. The fields have the
    names of `invoices.ubl.facts.Invoice`, which says what they mean.
    """

    einvoice = models.ForeignKey(EInvoice, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField(_("version"))
    received_at = models.DateTimeField(_("received at"))
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))

    kind = models.CharField(
        _("kind"), max_length=12, choices=[("invoice", _("invoice")), ("credit_note", _("credit note"))]
    )
    customization_id = WrittenText("CustomizationID")
    profile_id = WrittenText("ProfileID")
    number = WrittenText(_("number"))
    type_code = WrittenText(_("type"))
    issue_date = models.DateField(_("invoice date"), null=True, blank=True)
    due_date = models.DateField(_("due date"), null=True, blank=True)
    tax_point_date = models.DateField(_("tax point date"), null=True, blank=True)
    currency = WrittenText(_("currency"))
    tax_currency = WrittenText(_("VAT currency"))
    buyer_reference = WrittenText(_("buyer reference"))
    accounting_cost = WrittenText(_("accounting cost"))
    order_reference = WrittenText(_("order"))
    contract_reference = WrittenText(_("contract"))
    project_reference = WrittenText(_("project"))
    seller = models.OneToOneField(
        "Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("supplier")
    )
    buyer = models.OneToOneField("Party", on_delete=models.PROTECT, related_name="+", verbose_name=_("buyer"))
    payee_name = WrittenText(_("payee"))
    payment_means_code = WrittenText(_("payment means"))
    payment_reference = WrittenText(_("payment reference"))
    payment_terms_note = WrittenText(_("payment terms"))
    notes = models.JSONField(_("notes"), default=list)
    preceding_invoices = models.JSONField(_("preceding invoices"), default=list)  # [{"id", "issue_date"}]
    period_start = models.DateField(_("period from"), null=True, blank=True)
    period_end = models.DateField(_("period to"), null=True, blank=True)
    line_extension_amount = ExactDecimal(_("total of the lines"))
    allowance_total = ExactDecimal(_("allowances"))
    charge_total = ExactDecimal(_("charges"))
    tax_exclusive = ExactDecimal(_("total without VAT"))
    tax_total = ExactDecimal(_("VAT"))
    tax_total_in_tax_currency = ExactDecimal(_("VAT in the VAT currency"))
    tax_inclusive = ExactDecimal(_("total with VAT"))
    prepaid = ExactDecimal(_("prepaid"))
    rounding = ExactDecimal(_("rounding"))
    payable = ExactDecimal(_("payable"))
    # What does not hold, as `invoices.checks.Finding` writes it.
    findings = models.JSONField(_("findings"), default=list)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["einvoice", "version"], name="version_once_per_einvoice"),
        ]
        indexes = [
            # the filter on due dates
            models.Index(fields=["due_date"], name="version_due_date"),
            # the search for an amount
            models.Index(fields=["payable"], name="version_payable"),
        ]

    def __str__(self) -> str:
        return " · ".join(part for part in (self.number, self.seller.name) if part) or str(self.pk)

    @property
    def is_credit_note(self) -> bool:
        return self.kind == "credit_note"

    @property
    def self_billed(self) -> bool:
        return self.type_code in SELF_BILLED_TYPE_CODES


class Original(models.Model):
    """The exact bytes of a version, kept for the legal seven years; apart, because they are large."""

    version = models.OneToOneField(
        EInvoiceVersion, on_delete=models.CASCADE, primary_key=True, related_name="original"
    )
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.version_id}"
