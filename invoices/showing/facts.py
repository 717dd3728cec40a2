"""What one version of an e-invoice says, arranged as people read an invoice."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from econnect_admin.foreign_text import isolated
from invoices.models import AllowanceCharge, EInvoice, EInvoiceVersion, Party
from invoices.showing.codes import (
    DELIVERY_METHODS,
    DOCUMENT_TYPES,
    NUMBER_SCHEMES,
    form_in_words,
    in_words,
)
from invoices.showing.formats import day, money, period

Facts = list[tuple[str, Any]]


class VersionFacts:
    """`version` with its seller and buyer."""

    def __init__(self, einvoice: EInvoice, version: EInvoiceVersion) -> None:
        self.einvoice = einvoice
        self.version = version

    @property
    def document_type(self) -> str:
        """In words; what the type code does not tell, the kind of the document does."""
        if self.version.type_code in DOCUMENT_TYPES:
            return in_words(DOCUMENT_TYPES, self.version.type_code)
        return self.version.get_kind_display()

    @property
    def type_colour(self) -> str:
        if self.version.self_billed:
            return "primary"
        return "info" if self.version.is_credit_note else "default"

    @property
    def payable_label(self) -> str:
        return _("Amount to settle") if self.version.is_credit_note else _("Amount to pay")

    @cached_property
    def allowances_charges(self) -> list[AllowanceCharge]:
        """Those of the document as a whole."""
        return list(self.version.allowances_charges.filter(line=None).order_by("position"))

    @property
    def dates(self) -> Facts:
        version = self.version
        return _present(
            (_("Type"), self.document_type),
            (_("Invoice date"), version.issue_date),
            (_("Due date"), version.due_date),
            (_("Tax point date"), version.tax_point_date),
            (_("Period"), period(version)),
        )

    @property
    def references(self) -> Facts:
        version = self.version
        return _present(
            (_("Order"), version.order_reference),
            (_("Your reference"), version.buyer_reference),
            (_("Contract"), version.contract_reference),
            (_("Project"), version.project_reference),
            (_("Accounting cost"), version.accounting_cost),
            *((_("Preceding invoice"), _preceding(preceding)) for preceding in version.preceding_invoices),
        )

    @property
    def totals(self) -> Facts:
        version = self.version
        amounts = _present(
            (_("Total of the lines"), version.line_extension_amount),
            (_("Allowances"), version.allowance_total),
            (_("Charges"), version.charge_total),
            (_("Total without VAT"), version.tax_exclusive),
            (_("VAT"), version.tax_total),
            (_("Total with VAT"), version.tax_inclusive),
            (_("Prepaid"), version.prepaid),
            (_("Rounding"), version.rounding),
        )
        return [(label, money(amount, version.currency)) for label, amount in amounts]

    @property
    def about_the_document(self) -> Facts:
        einvoice, version = self.einvoice, self.version
        return _present(
            (_("Administration"), einvoice.administration),
            (_("Subject"), einvoice.subject),
            (_("External id"), einvoice.external_id),
            (_("Received"), version.received_at),
            (_("Delivered by"), in_words(DELIVERY_METHODS, einvoice.delivery_method)),
            (_("Form"), _form(version.customization_id)),
        )

    @property
    def seller(self) -> Facts:
        return list(_party(self.version.seller))

    @property
    def buyer(self) -> Facts:
        return list(_party(self.version.buyer))


def _present(*facts: tuple[str, Any]) -> Facts:
    return [(label, value) for label, value in facts if value not in (None, "")]


def _preceding(preceding: dict[str, str | None]) -> str:
    issue_date = preceding["issue_date"]
    issued = day(date.fromisoformat(issue_date[:10])) if issue_date else ""
    number = isolated(preceding["id"]) if preceding["id"] else ""
    return format_html_join(" · ", "{}", ((part,) for part in (number, issued) if part))


def _form(customization_id: str) -> str:
    """The name of the rules that the document keeps, where we know it, above the id as written."""
    name = form_in_words(customization_id)
    if not name:
        return customization_id
    return format_html('{}<div class="ec-subtle">{}</div>', name, isolated(customization_id))


def _party(party: Party) -> Iterator[tuple[str, Any]]:
    town = " ".join(part for part in (party.postal_code, party.city) if part)
    address = ((isolated(part),) for part in (party.street, town, party.country) if part)
    yield from _present(
        (_("Trading name"), party.trading_name if party.trading_name != party.name else ""),
        (_("Address"), format_html_join("\n", "<div>{}</div>", address)),
        (_legal_id_label(party), party.legal_id),
        (_("VAT number"), party.vat_id),
        (_("E-mail"), party.email),
        (_("Phone"), party.phone),
        (_("Electronic address"), _endpoint(party)),
    )


def _legal_id_label(party: Party) -> str:
    if party.legal_id_scheme in NUMBER_SCHEMES:
        return in_words(NUMBER_SCHEMES, party.legal_id_scheme)
    return _("Company number")


def _endpoint(party: Party) -> str:
    return ":".join(part for part in (party.endpoint_scheme, party.endpoint) if part)
