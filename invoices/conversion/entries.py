"""What an e-invoice books: its amounts as entries, and whether they make up its totals."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from econnect_admin.wording import Wording, gettext_noop
from invoices.conversion.amounts import ZERO, difference, opposite, total
from invoices.models import AllowanceCharge, EInvoiceVersion, Line, PurchaseInvoiceLine, VatSubtotal

Kind = PurchaseInvoiceLine.Kind


@dataclass(frozen=True)
class Entry:
    """An amount to be booked on a ledger account, with its sign in the books."""

    kind: Kind
    label: str  # the number of the line, as the document has it
    description: str
    amount: Decimal
    category: str = ""
    rate: Decimal | None = None
    line: Line | None = None
    allowance_charge: AllowanceCharge | None = None

    @property
    def has_vat(self) -> bool:
        return self.kind != Kind.ROUNDING


@dataclass(frozen=True)
class VatEntry:
    """A row of the VAT breakdown, with its sign in the books."""

    category: str
    rate: Decimal | None
    taxable: Decimal | None
    tax: Decimal


@dataclass(frozen=True)
class Total:
    """A total as the document wrote it, and what its parts make; None for what it does not say."""

    name: str
    written: Decimal | None
    computed: Decimal

    @property
    def difference(self) -> Decimal:
        return difference(self.computed, self.written or ZERO)

    @property
    def is_right(self) -> bool:
        return self.written is not None and not self.difference


_NO_AMOUNT = gettext_noop("A line, an allowance or a charge has no amount.")
_NEITHER = gettext_noop("It is not known of an amount whether it is an allowance or a charge.")
_NO_TAX = gettext_noop("A row of the VAT breakdown has no amount.")


class Entries:
    """Of one version. `sign` makes the amounts of a credit note the opposite of those of an invoice, once."""

    def __init__(self, version: EInvoiceVersion) -> None:
        self._version = version
        self.sign = -1 if version.is_credit_note else 1
        self._lines = list(version.lines.order_by("position"))
        self._document_level = list(version.allowances_charges.filter(line=None).order_by("position"))
        self._subtotals = list(version.vat_breakdown.order_by("position"))
        self.booked = [*self._of_lines(), *self._of_document_level(), *self._of_rounding()]
        self.vat = [self._vat(subtotal) for subtotal in self._subtotals]

    def signed(self, amount: Decimal | None) -> Decimal:
        if amount is None:
            return ZERO
        return opposite(amount) if self.sign < 0 else amount

    def missing(self) -> Iterator[Wording]:
        """What keeps the amounts from being known."""
        amounts = [row.net_amount for row in self._lines] + [row.amount for row in self._document_level]
        if None in amounts:
            yield Wording(_NO_AMOUNT)
        if any(item.is_charge is None for item in self._document_level):
            yield Wording(_NEITHER)
        if any(row.tax is None for row in self._subtotals):
            yield Wording(_NO_TAX)

    def totals(self) -> list[Total]:
        """Each total of the document against what makes it up; amounts as the document has them."""
        version = self._version
        parts = [self.signed(entry.amount) for entry in self.booked if entry.kind != Kind.ROUNDING]
        vat = total(self.signed(row.tax) for row in self.vat)
        inclusive = total([version.tax_exclusive, version.tax_total])
        payable = total([version.tax_inclusive, version.rounding, opposite(version.prepaid or ZERO)])
        return [
            Total(gettext_noop("Total without VAT"), version.tax_exclusive, total(parts)),
            Total(gettext_noop("VAT"), self._tax_total(), vat),
            Total(gettext_noop("Total with VAT"), version.tax_inclusive, inclusive),
            Total(gettext_noop("payable"), version.payable, payable),
        ]

    def _tax_total(self) -> Decimal | None:
        """A document that tells of no VAT at all has none; the other totals then say so too."""
        written = self._version.tax_total
        return ZERO if written is None and not self._subtotals else written

    def _of_lines(self) -> Iterator[Entry]:
        for line in self._lines:
            yield Entry(
                Kind.LINE,
                line.line_id,
                line.name or line.description or line.note,
                self.signed(line.net_amount),
                line.vat_category,
                line.vat_rate,
                line=line,
            )

    def _of_document_level(self) -> Iterator[Entry]:
        for item in self._document_level:
            amount = self.signed(item.amount)
            yield Entry(
                Kind.CHARGE if item.is_charge else Kind.ALLOWANCE,
                "",
                item.reason or item.reason_code,
                amount if item.is_charge else opposite(amount),
                item.vat_category,
                item.vat_rate,
                allowance_charge=item,
            )

    def _of_rounding(self) -> Iterator[Entry]:
        if self._version.rounding:
            yield Entry(Kind.ROUNDING, "", "", self.signed(self._version.rounding))

    def _vat(self, subtotal: VatSubtotal) -> VatEntry:
        taxable = None if subtotal.taxable is None else self.signed(subtotal.taxable)
        return VatEntry(subtotal.category, subtotal.rate, taxable, self.signed(subtotal.tax))
