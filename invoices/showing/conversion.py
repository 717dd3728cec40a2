"""The page on which an e-invoice is booked, and what the page of the e-invoice says of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from econnect_admin.administrations.models import User
from econnect_admin.foreign_text import harmless
from econnect_admin.saying import say
from econnect_admin.wording import Wording
from invoices.conversion.accounts import Assigned
from invoices.conversion.converting import Incomplete, missing_rights
from invoices.conversion.entries import Entry, VatEntry
from invoices.conversion.proposal import Proposal
from invoices.conversion.suppliers import supplier_of
from invoices.conversion.warnings import ToConfirm
from invoices.models import EInvoice, PurchaseInvoice, PurchaseInvoiceLine, Supplier
from invoices.showing.booking_form import BookingForm
from invoices.showing.codes import VAT_CATEGORIES, in_words
from invoices.showing.document_pane import DocumentPane
from invoices.showing.formats import account, money, number
from invoices.statuses.changing import REJECTED

# Rows with fields of their own; together within DATA_UPLOAD_MAX_NUMBER_FIELDS. The rest goes with all.
MOST_ROWS = 5000
MOST_VAT_ROWS = 200
_MOST_FOUND = 20
_LONGEST_ACCOUNT = 60  # an IBAN in groups has at most 42 characters


@dataclass(frozen=True)
class Row:
    """An amount with its fields; `at` is its position in the form, None if it has no fields."""

    at: int | None
    label: str
    description: str
    vat: str
    amount: Decimal | None
    tax: Decimal | None
    has_vat: bool
    ledger_account: str = ""
    vat_code: str = ""
    lacks_ledger_account: bool = False
    lacks_vat_code: bool = False


class ConversionPage:
    """`data`: the form as it was sent, None for one that is opened; `lacking`: what the booking found."""

    def __init__(
        self,
        proposal: Proposal,
        user: User,
        *,
        chosen: str,
        find: str = "",
        data: QueryDict | None = None,
        lacking: Incomplete | None = None,
    ) -> None:
        self.proposal, self.chosen, self.find = proposal, chosen, find.strip()
        self.einvoice: EInvoice = proposal.einvoice
        self.version = proposal.einvoice.current_version
        self.currency = self.version.currency
        self.pane = DocumentPane(self.einvoice, self.version, user)
        self.form = BookingForm(data)
        self._user, self._data, self._lacking = user, data, lacking
        self._typed_data = data
        supplier = proposal.supplier
        self.form.initial["remember"] = supplier is None or supplier.default_ledger_account_id is None
        self.may_view_suppliers = user.has_perm("invoices.view_supplier", self.einvoice.administration)
        self.may_set_up_ledger = user.has_perm("invoices.add_ledgeraccount", self.einvoice.administration)
        self.missing_rights = [say(why, {}) for why in missing_rights(proposal, user)]

    def forget_lines(self) -> None:
        """Show the lines as they are proposed, not as they were typed."""
        self._typed_data = None

    @property
    def because(self) -> str:
        return _said(self.proposal.match.because)

    @property
    def is_chosen(self) -> bool:
        return bool(self.chosen)

    @cached_property
    def supplier(self) -> Supplier | None:
        """The one that is known, or the one that would be added; None while it is to be chosen."""
        if self.proposal.adds_supplier:
            return self.described
        return self.proposal.supplier

    @cached_property
    def described(self) -> Supplier:
        return supplier_of(self.version, self.einvoice.administration)

    @property
    def may_be_new(self) -> bool:
        return self.proposal.match.may_be_new and not self.proposal.adds_supplier

    @cached_property
    def found(self) -> list[Supplier]:
        """What the reader looked for, by number or name; else those that the match leaves to choose."""
        if not self.find:
            return [] if self.proposal.has_supplier else list(self.proposal.match.candidates)
        if not self.may_view_suppliers:
            return []
        suppliers = Supplier.objects.filter(administration=self.einvoice.administration)
        by_name = suppliers.filter(name__icontains=self.find)
        if self.find.isdecimal() and len(self.find) < 10:
            by_name |= suppliers.filter(number=int(self.find))
        return list(by_name[:_MOST_FOUND])

    @property
    def fill_button(self) -> dict[str, str]:
        return {"type": "button", "id": "fill"}

    @property
    def blocks(self) -> list[str]:
        return [_said(block) for block in self.proposal.blocks]

    @property
    def needs_ledger(self) -> bool:
        return self.proposal.chart.is_empty

    @property
    def warnings(self) -> Iterator[dict[str, Any]]:
        confirmed = self._data.getlist("confirm") if self._data else []
        for warning in self.proposal.warnings:
            yield {
                "key": warning.key,
                "words": warning_in_words(warning),
                "is_confirmed": warning.key in confirmed,
            }

    @property
    def may_remember(self) -> bool:
        supplier = self.proposal.supplier
        return self.proposal.adds_supplier or bool(
            supplier and self._user.has_perm("invoices.change_supplier", supplier)
        )

    @property
    def is_possible(self) -> bool:
        return self.proposal.has_supplier and not self.proposal.blocks and not self.missing_rights

    @property
    def totals(self) -> Iterator[dict[str, Any]]:
        for total in self.proposal.entries.totals():
            yield {
                "name": say(total.name, {}),
                "written": money(total.written, self.currency) or _("is missing"),
                "computed": money(total.computed, self.currency),
                "difference": "" if total.is_right else money(total.difference, self.currency),
                "is_right": total.is_right,
            }

    @cached_property
    def rows(self) -> list[Row]:
        entries = self.proposal.entries.booked
        lacking = self._lacking.entries if self._lacking else frozenset()
        return [
            self._row(at, entry, to, at in lacking)
            for at, (entry, to) in enumerate(zip(entries, self.proposal.assigned, strict=True))
        ]

    @cached_property
    def vat_rows(self) -> list[Row]:
        lacking = self._lacking.vat if self._lacking else frozenset()
        pairs = zip(self.proposal.entries.vat, self.proposal.assigned_vat, strict=True)
        return [self._vat_row(at, row, to, at in lacking) for at, (row, to) in enumerate(pairs)]

    @property
    def rows_without_fields(self) -> int:
        return max(0, len(self.rows) - MOST_ROWS)

    def _row(self, at: int, entry: Entry, to: Assigned, lacks: bool) -> Row:
        ledger = self._typed(f"ledger-{at}", to.ledger_account)
        vat = self._typed(f"vat-{at}", to.vat_code)
        chart = self.proposal.chart
        return Row(
            at=at if at < MOST_ROWS else None,
            label=entry.label or str(PurchaseInvoiceLine.Kind(entry.kind).label),
            description=entry.description,
            vat=_vat_in_words(entry.category, entry.rate),
            amount=entry.amount,
            tax=None,
            has_vat=entry.has_vat,
            ledger_account=ledger,
            vat_code=vat if entry.has_vat else "",
            lacks_ledger_account=lacks and chart.ledger_account(ledger) is None,
            lacks_vat_code=lacks and entry.has_vat and chart.vat_code(vat) is None,
        )

    def _vat_row(self, at: int, row: VatEntry, to: Assigned, lacks: bool) -> Row:
        return Row(
            at=at if at < MOST_VAT_ROWS else None,
            label="",
            description="",
            vat=_vat_in_words(row.category, row.rate),
            amount=row.taxable,
            tax=row.tax,
            has_vat=True,
            vat_code=self._typed(f"vat-row-{at}", to.vat_code),
            lacks_vat_code=lacks,
        )

    def _typed(self, name: str, proposed: object) -> str:
        """What was typed stays, also where it is wrong."""
        typed = self._typed_data.get(name) if self._typed_data else None
        return typed if typed is not None else str(proposed or "")


class ConversionCard:
    """What the page of an e-invoice shows of its booking."""

    def __init__(self, einvoice: EInvoice, user: User) -> None:
        booked = PurchaseInvoice.objects.filter(einvoice=einvoice).standing().select_related("version")
        self.booked = booked.first()
        self.may_view_booked = bool(
            self.booked and user.has_perm("invoices.view_purchaseinvoice", self.booked)
        )
        self.is_of_another_version = bool(self.booked and self.booked.version_id != einvoice.current_id)
        self.may_convert = (
            self.booked is None and einvoice.status_code != REJECTED and may_convert(user, einvoice)
        )


def may_convert(user: User, einvoice: EInvoice) -> bool:
    """Who books a document must be able to see what it says, lines included."""
    needed = ("invoices.convert_einvoice", "invoices.view_einvoice", "invoices.view_line")
    return all(user.has_perm(permission, einvoice) for permission in needed)


def warning_in_words(warning: ToConfirm) -> str:
    """With the account, if it is about one, in groups: it is compared and read out."""
    iban = Truncator(account(warning.iban)).chars(_LONGEST_ACCOUNT)
    return say(warning.wording.template, {**warning.wording.values, "iban": iban})


def _said(wording: Wording) -> str:
    return say(wording.template, wording.values)


def _vat_in_words(category: str, rate: Decimal | None) -> str:
    words = [f"{number(rate)}%" if rate is not None else ""]
    if category and category != "S":
        words.append(harmless(in_words(VAT_CATEGORIES, category)))
    return " ".join(word for word in words if word)
