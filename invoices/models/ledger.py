"""Where amounts are booked: the ledger accounts and VAT codes of an administration."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from econnect_admin.models import Administration
from econnect_admin.rights.querysets import ScopedQuerySet
from invoices.showing.codes import VAT_CATEGORIES

_CODE = [RegexValidator(r"^[\w.-]+\Z", _("Letters, digits, dot, hyphen and underscore only."))]


def refuse_of_others(row: models.Model, *names: str) -> None:
    """Raises ValidationError if one of these rows is of another administration than `row`."""
    administration = getattr(row, "administration_id", None)
    chosen = ((name, getattr(row, name, None)) for name in names)  # none yet, in a form that lacks it
    wrong = [name for name, other in chosen if other and other.administration_id != administration]
    if administration and wrong:
        raise ValidationError(dict.fromkeys(wrong, _("Choose one of the same administration.")))


class Coded(models.Model):
    """Something of an administration that is known by its code."""

    administration = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("administration"),
    )
    code = models.CharField(_("code"), max_length=20, validators=_CODE)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        abstract = True
        ordering = ["administration", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class LedgerAccount(Coded):
    """*Grootboekrekening*."""

    objects = ScopedQuerySet["LedgerAccount"].as_manager()

    class Meta(Coded.Meta):
        verbose_name = _("ledger account")
        verbose_name_plural = _("ledger accounts")
        constraints = [
            models.UniqueConstraint(
                "administration",
                Upper("code"),  # as it is typed, in either case
                name="ledger_account_once",
                violation_error_message=_("There is a ledger account with this code already."),
            ),
        ]


class VatCode(Coded):
    """*Btw-code*: how VAT is booked. `rate` is what stands on the invoice, in per cent."""

    rate = models.DecimalField(
        _("rate"),
        max_digits=6,
        decimal_places=3,
        validators=[MinValueValidator(0)],
        help_text=_("In per cent."),
    )

    objects = ScopedQuerySet["VatCode"].as_manager()

    class Meta(Coded.Meta):
        verbose_name = _("VAT code")
        verbose_name_plural = _("VAT codes")
        constraints = [
            models.UniqueConstraint(
                "administration",
                Upper("code"),  # as it is typed, in either case
                name="vat_code_once",
                violation_error_message=_("There is a VAT code with this code already."),
            ),
        ]


class VatMapping(models.Model):
    """The VAT code for a VAT category and rate of e-invoices, and the account of last resort for them."""

    administration = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        related_name="vat_mappings",
        verbose_name=_("administration"),
    )
    category = models.CharField(_("VAT category"), max_length=3, choices=list(VAT_CATEGORIES.items()))
    rate = models.DecimalField(
        _("rate"),
        max_digits=6,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_(
            "In per cent. Empty: for every rate that has no row of its own, and where there is no rate."
        ),
    )
    vat_code = models.ForeignKey(
        VatCode, on_delete=models.PROTECT, related_name="mappings", verbose_name=_("VAT code")
    )
    ledger_account = models.ForeignKey(
        LedgerAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mappings",
        verbose_name=_("ledger account"),
        help_text=_("For lines of suppliers that have no ledger account of their own. May stay empty."),
    )

    objects = ScopedQuerySet["VatMapping"].as_manager()

    class Meta:
        verbose_name = _("VAT mapping")
        verbose_name_plural = _("VAT mappings")
        ordering = ["administration", "category", "rate"]
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "category", "rate"],
                name="vat_mapping_once",
                nulls_distinct=False,
                violation_error_message=_("There is a row for this category and rate already."),
            ),
        ]

    def __str__(self) -> str:
        rate = "" if self.rate is None else f" {self.rate.normalize():f}%"
        return f"{self.category}{rate} → {self.vat_code}"

    def clean(self) -> None:
        refuse_of_others(self, "vat_code", "ledger_account")
