"""What the export of e-invoices has."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from econnect_admin.exporting.columns import Column
from invoices.models import EInvoice
from invoices.showing.codes import DOCUMENT_TYPES, in_words, status_in_words


def _type(einvoice: Any) -> str:
    version = einvoice.current
    if version.type_code in DOCUMENT_TYPES:
        return in_words(DOCUMENT_TYPES, version.type_code)
    return str(version.get_kind_display())


COLUMNS = (
    "administration",
    "current__number",
    Column(_("Type"), _type),
    Column(_("Supplier"), lambda einvoice: str(einvoice.current.seller)),
    Column(_("Company number"), "current__seller__legal_id"),
    "current__seller__vat_id",
    "current__issue_date",
    "current__due_date",
    "current__currency",
    "current__tax_exclusive",
    "current__tax_total",
    "current__tax_inclusive",
    "current__payable",
    Column(_("Status"), lambda einvoice: status_in_words(einvoice.status_code, einvoice.allowed_statuses)),
    "current__order_reference",
    "current__buyer_reference",
    Column("IBAN", lambda einvoice: ", ".join(one.iban for one in einvoice.current.payee_accounts.all())),
    "current__payment_reference",
    Column(_("Findings"), "problem_count"),
    Column(_("Attachments"), "attachment_count"),
    "received_at",
    "external_id",
)

_READ = (
    "status_code",
    "allowed_statuses",
    "received_at",
    "external_id",
    "administration__name",
    "administration__code",
    *(
        f"current__{name}"
        for name in (
            "number",
            "kind",
            "type_code",
            "issue_date",
            "due_date",
            "currency",
            "tax_exclusive",
            "tax_total",
            "tax_inclusive",
            "payable",
            "order_reference",
            "buyer_reference",
            "payment_reference",
        )
    ),
    *(f"current__seller__{name}" for name in ("name", "trading_name", "legal_id", "vat_id")),
)


def with_all(einvoices: QuerySet[EInvoice]) -> QuerySet[EInvoice]:
    """The rows of the list with what these columns need."""
    return einvoices.only(*_READ).prefetch_related("current__payee_accounts")
