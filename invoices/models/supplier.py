"""Suppliers of an administration, and the accounts that are known to be theirs."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from econnect_admin.models import Administration
from econnect_admin.rights.querysets import ScopedQuerySet
from invoices.conversion import identifiers
from invoices.models.fields import WrittenText
from invoices.models.ledger import LedgerAccount, VatCode, refuse_of_others

LONGEST_ID = 200
LONGEST_SCHEME = 20


class Supplier(models.Model):
    """*Crediteur*. Identifiers are stored as they are compared: without spaces and signs, in capitals.

    A company is known by its company number; a VAT number may be that of several companies (fiscale
    eenheid), and so decides only among suppliers without a company number, as an electronic address
    does among those that have neither.
    """

    administration = models.ForeignKey(
        Administration, on_delete=models.PROTECT, related_name="suppliers", verbose_name=_("administration")
    )
    number = models.PositiveIntegerField(_("number"), editable=False)
    name = models.CharField(_("name"), max_length=500)
    # The beginning of it in the form in which names are compared.
    name_key = models.CharField(max_length=200, blank=True, editable=False)
    vat_id = models.CharField(_("VAT number"), max_length=LONGEST_ID, blank=True)
    legal_id = models.CharField(_("company number"), max_length=LONGEST_ID, blank=True)
    legal_id_scheme = models.CharField(
        _("kind of company number"),
        max_length=LONGEST_SCHEME,
        blank=True,
        default=identifiers.KVK,
        help_text=_("0106 is the Chamber of Commerce, 0190 an OIN."),
    )
    endpoint = models.CharField(_("electronic address"), max_length=LONGEST_ID, blank=True)
    endpoint_scheme = models.CharField(_("kind of electronic address"), max_length=LONGEST_SCHEME, blank=True)
    street = models.CharField(_("street"), max_length=500, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=100, blank=True)
    city = models.CharField(_("city"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    default_ledger_account = models.ForeignKey(
        LedgerAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suppliers",
        verbose_name=_("default ledger account"),
        help_text=_("Proposed for each line of an invoice."),
    )
    default_vat_code = models.ForeignKey(
        VatCode,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suppliers",
        verbose_name=_("default VAT code"),
        help_text=_("Proposed for lines with the rate of this code; for others the VAT mapping is."),
    )
    created_by = models.CharField(_("added by"), max_length=150, editable=False)
    created_at = models.DateTimeField(_("added at"), auto_now_add=True)

    objects = ScopedQuerySet["Supplier"].as_manager()

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["administration", "number"], name="supplier_number_once"),
            models.UniqueConstraint(
                fields=["administration", "legal_id_scheme", "legal_id"],
                condition=~Q(legal_id=""),
                name="supplier_once_by_company_number",
                violation_error_message=_("There is a supplier with this company number already."),
            ),
            models.UniqueConstraint(
                fields=["administration", "vat_id"],
                condition=Q(legal_id="") & ~Q(vat_id=""),
                name="supplier_once_by_vat_number",
                violation_error_message=_("There is a supplier with this VAT number already."),
            ),
            models.UniqueConstraint(
                fields=["administration", "endpoint_scheme", "endpoint"],
                condition=Q(legal_id="", vat_id="") & ~Q(endpoint=""),
                name="supplier_once_by_endpoint",
                violation_error_message=_("There is a supplier with this electronic address already."),
            ),
        ]
        indexes = [
            # the matching of an invoice
            models.Index(fields=["administration", "vat_id"], name="supplier_vat_number"),
            models.Index(fields=["administration", "endpoint"], name="supplier_endpoint"),
            models.Index(fields=["administration", "name_key"], name="supplier_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def normalise(self) -> None:
        self.name_key = identifiers.name(self.name)[:LONGEST_ID]
        self.vat_id = identifiers.vat_number(self.vat_id)
        self.legal_id = identifiers.company_number(self.legal_id)
        self.legal_id_scheme = identifiers.scheme(self.legal_id_scheme) if self.legal_id else ""
        self.endpoint = identifiers.electronic_address(self.endpoint)
        self.endpoint_scheme = identifiers.scheme(self.endpoint_scheme) if self.endpoint else ""

    def clean(self) -> None:
        self.normalise()
        refuse_of_others(self, "default_ledger_account", "default_vat_code")
        self._refuse_vat_number_of_one_company_twice()

    def _refuse_vat_number_of_one_company_twice(self) -> None:
        """Companies that share a VAT number are told apart by company numbers: each has its own."""
        if not self.vat_id or self.administration_id is None:
            return
        others = Supplier.objects.filter(administration=self.administration_id, vat_id=self.vat_id)
        others = others.exclude(pk=self.pk)
        if self.legal_id:
            others = others.filter(legal_id="")
        if other := others.first():
            refusal = _(
                "Supplier %(number)s has this VAT number. If it is another company, "
                "fill in the company number of both."
            )
            raise ValidationError({"vat_id": ValidationError(refusal, params={"number": other.number})})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.normalise()
        super().save(*args, **kwargs)


class SupplierIbanQuerySet(ScopedQuerySet["SupplierIban"]):
    scope = "supplier__administration"


class SupplierIban(models.Model):
    """An account, mostly an IBAN, of which a person has confirmed that it is the supplier's."""

    supplier = models.ForeignKey(
        Supplier, on_delete=models.CASCADE, related_name="ibans", verbose_name=_("supplier")
    )
    iban = WrittenText("IBAN", blank=False)
    confirmed_by = models.CharField(_("confirmed by"), max_length=150, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), auto_now_add=True)

    objects = SupplierIbanQuerySet.as_manager()

    class Meta:
        verbose_name = _("known IBAN")
        verbose_name_plural = _("known IBANs")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "iban"],
                name="iban_once_per_supplier",
                violation_error_message=_("This IBAN is known already."),
            ),
        ]
        indexes = [
            # the matching of an invoice
            models.Index(fields=["iban"], name="supplier_iban"),
        ]

    def __str__(self) -> str:
        return self.iban

    def clean(self) -> None:
        self.iban = identifiers.account_number(self.iban)
        if not self.iban:
            raise ValidationError({"iban": _("Fill in an account number.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.iban = identifiers.account_number(self.iban)
        super().save(*args, **kwargs)
