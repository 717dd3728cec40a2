"""What an e-invoice says, as plain data: the facts of EN 16931, with their BT- and BG- numbers.

Amounts are in the document's currency and stand as the document wrote them: nothing is
computed, rounded or completed. None means that the document does not say it.
"""

import binascii
import hashlib
import posixpath
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from invoices.ubl.values import XML_WHITE_SPACE, XsdDate, XsdDecimal

Kind = Literal["invoice", "credit_note"]

# UNTDID 1001: the buyer made the document out, on behalf of the seller.
SELF_BILLED_TYPE_CODES = frozenset({"389", "527", "261"})

_UNSAFE_IN_FILE_NAMES = frozenset('<>:"/|?*')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # control, format, line ends, no characters
_DEVICES_OF_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9]) *(?:\..*)?", re.IGNORECASE).fullmatch
_LONGEST_FILE_NAME = 200  # bytes; 255 is what file systems take


@dataclass(frozen=True, kw_only=True)
class Party:
    """Seller (BG-4) or buyer (BG-7)."""

    name: str | None = None  # BT-27, BT-44
    trading_name: str | None = None  # BT-28, BT-45
    legal_id: str | None = None  # BT-30, BT-47
    legal_id_scheme: str | None = None
    vat_id: str | None = None  # BT-31, BT-48
    endpoint: str | None = None  # BT-34, BT-49
    endpoint_scheme: str | None = None
    street: str | None = None  # BT-35, BT-50
    city: str | None = None  # BT-37, BT-52
    postal_code: str | None = None  # BT-38, BT-53
    country: str | None = None  # BT-40, BT-55
    email: str | None = None  # BT-43, BT-58
    phone: str | None = None  # BT-42, BT-57


@dataclass(frozen=True, kw_only=True)
class PayeeAccount:
    """Where to pay (BG-17). Half of all account ids are no IBANs but a bankgiro, a BBAN, …"""

    iban: str | None = None  # BT-84, as written
    bic: str | None = None  # BT-86
    name: str | None = None  # BT-85


@dataclass(frozen=True, kw_only=True)
class PaymentMeans:
    """One way to pay (BG-16)."""

    code: str | None = None  # BT-81
    payment_reference: str | None = None  # BT-83
    due_date: XsdDate | None = None  # BT-9 in a credit note
    mandate_reference: str | None = None  # BT-89
    accounts: tuple[PayeeAccount, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PrecedingInvoice:
    """An earlier invoice that this one refers to (BG-3)."""

    id: str | None = None  # BT-25
    issue_date: XsdDate | None = None  # BT-26


@dataclass(frozen=True, kw_only=True)
class VatSubtotal:
    """One row of the VAT breakdown (BG-23)."""

    category: str | None = None  # BT-118
    rate: XsdDecimal | None = None  # BT-119, per cent
    taxable: XsdDecimal | None = None  # BT-116
    tax: XsdDecimal | None = None  # BT-117
    exemption_reason: str | None = None  # BT-120
    exemption_code: str | None = None  # BT-121


@dataclass(frozen=True, kw_only=True)
class TaxTotal:
    """A VAT total with its breakdown; a document may have one more in the tax currency."""

    amount: XsdDecimal | None = None  # BT-110 or BT-111
    breakdown: tuple[VatSubtotal, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AllowanceCharge:
    """An allowance (BG-20, BG-27) or a charge (BG-21, BG-28)."""

    is_charge: bool | None = None
    amount: XsdDecimal | None = None  # BT-92, 99, 136, 141
    base: XsdDecimal | None = None  # BT-93, 100, 137, 142
    percent: XsdDecimal | None = None  # BT-94, 101, 138, 143
    reason: str | None = None  # BT-97, 104, 139, 144
    reason_code: str | None = None  # BT-98, 105, 140, 145
    vat_category: str | None = None  # BT-95, 102
    vat_rate: XsdDecimal | None = None  # BT-96, 103


@dataclass(frozen=True, kw_only=True)
class ItemProperty:
    """An attribute of the item (BG-32)."""

    name: str | None = None  # BT-160
    value: str | None = None  # BT-161


@dataclass(frozen=True, kw_only=True)
class Line:
    """An invoice line (BG-25)."""

    id: str | None = None  # BT-126
    note: str | None = None  # BT-127
    quantity: XsdDecimal | None = None  # BT-129
    unit: str | None = None  # BT-130
    net_amount: XsdDecimal | None = None  # BT-131
    name: str | None = None  # BT-153
    description: str | None = None  # BT-154
    seller_item_id: str | None = None  # BT-155
    buyer_item_id: str | None = None  # BT-156
    standard_item_id: str | None = None  # BT-157
    standard_item_id_scheme: str | None = None
    price: XsdDecimal | None = None  # BT-146
    price_base_quantity: XsdDecimal | None = None  # BT-149
    vat_category: str | None = None  # BT-151
    vat_rate: XsdDecimal | None = None  # BT-152
    order_line_reference: str | None = None  # BT-132
    period_start: XsdDate | None = None  # BT-134
    period_end: XsdDate | None = None  # BT-135
    accounting_cost: str | None = None  # BT-133
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    item_properties: tuple[ItemProperty, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """An additional supporting document (BG-24). What is embedded is decoded when it is asked for."""

    id: str | None = None  # BT-122
    description: str | None = None  # BT-123
    filename: str | None = None  # BT-125-2, as written: never use it as a path
    mime: str | None = None  # BT-125-1, as the sender claims
    external_uri: str | None = None  # BT-124
    type_code: str | None = None
    embedded: str | None = field(default=None, repr=False)  # BT-125, the base64 text

    @cached_property
    def content(self) -> bytes | None:
        """The decoded bytes; None where nothing is embedded, or it is no base64."""
        if self.embedded is None:
            return None
        try:
            text = self.embedded.encode("ascii").translate(None, XML_WHITE_SPACE.encode())
            # Too much padding is let pass by some versions of Python and not by others.
            if len(text) % 4 or text.endswith(b"==="):
                return None
            return binascii.a2b_base64(text, strict_mode=True)
        except ValueError:
            return None

    @property
    def size_in_bytes(self) -> int | None:
        return None if self.content is None else len(self.content)

    @property
    def sha256(self) -> str | None:
        return None if self.content is None else hashlib.sha256(self.content).hexdigest()

    @property
    def safe_filename(self) -> str:
        """A bare file name that is safe to store or offer: no directories, no control characters."""
        return safe_filename(self.filename or self.id or "")


def safe_filename(name: str) -> str:
    """`name` reduced to a bare file name of at most 200 bytes that every system accepts."""
    base = posixpath.basename(name.replace("\\", "/").rstrip("/"))
    base = "".join("_" if _is_unsafe(character) else character for character in base).strip(". ")
    if _DEVICES_OF_WINDOWS(base):
        base = f"_{base}"
    stem, extension = posixpath.splitext(base)
    if len(extension.encode()) > 16:
        stem, extension = base, ""
    room = _LONGEST_FILE_NAME - len(extension.encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + extension or "bijlage"


def _is_unsafe(character: str) -> bool:
    return character in _UNSAFE_IN_FILE_NAMES or unicodedata.category(character) in _UNSEEN


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """An invoice or a credit note as received."""

    kind: Kind
    customization_id: str | None = None  # BT-24
    profile_id: str | None = None  # BT-23
    number: str | None = None  # BT-1
    type_code: str | None = None  # BT-3
    issue_date: XsdDate | None = None  # BT-2
    due_date: XsdDate | None = None  # BT-9
    tax_point_date: XsdDate | None = None  # BT-7
    currency: str | None = None  # BT-5
    tax_currency: str | None = None  # BT-6
    buyer_reference: str | None = None  # BT-10
    accounting_cost: str | None = None  # BT-19
    order_reference: str | None = None  # BT-13
    contract_reference: str | None = None  # BT-12
    project_reference: str | None = None  # BT-11
    seller: Party = Party()
    buyer: Party = Party()
    payee_name: str | None = None  # BT-59
    payment_means: tuple[PaymentMeans, ...] = ()
    payment_terms_note: str | None = None  # BT-20
    notes: tuple[str, ...] = ()  # BT-22
    preceding_invoices: tuple[PrecedingInvoice, ...] = ()
    period_start: XsdDate | None = None  # BT-73
    period_end: XsdDate | None = None  # BT-74
    line_extension_amount: XsdDecimal | None = None  # BT-106
    tax_exclusive: XsdDecimal | None = None  # BT-109
    tax_inclusive: XsdDecimal | None = None  # BT-112
    allowance_total: XsdDecimal | None = None  # BT-107
    charge_total: XsdDecimal | None = None  # BT-108
    prepaid: XsdDecimal | None = None  # BT-113
    rounding: XsdDecimal | None = None  # BT-114
    payable: XsdDecimal | None = None  # BT-115
    tax_totals: tuple[TaxTotal, ...] = ()
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    lines: tuple[Line, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def self_billed(self) -> bool:
        """The buyer made the document out (UNTDID 1001: 389, 527, 261)."""
        return self.type_code in SELF_BILLED_TYPE_CODES

    @property
    def payee_accounts(self) -> tuple[PayeeAccount, ...]:
        return tuple(account for means in self.payment_means for account in means.accounts)

    @property
    def payment_means_code(self) -> str | None:
        return next((means.code for means in self.payment_means if means.code), None)

    @property
    def payment_reference(self) -> str | None:
        references = (means.payment_reference for means in self.payment_means)
        return next((reference for reference in references if reference), None)

    @property
    def tax_total(self) -> XsdDecimal | None:
        """BT-110: the VAT total that is written in the document's currency."""
        return self._tax_total_in(self.currency)

    @property
    def tax_total_in_tax_currency(self) -> XsdDecimal | None:
        """BT-111: the VAT total in the tax currency, where that is another than the document's."""
        return self._tax_total_in(self.tax_currency) if self.tax_currency != self.currency else None

    @property
    def vat_breakdown(self) -> tuple[VatSubtotal, ...]:
        """BG-23, in the document's currency."""
        return tuple(
            subtotal
            for total in self.tax_totals
            if total.amount is not None and total.amount.currency == self.currency
            for subtotal in total.breakdown
        )

    def _tax_total_in(self, currency: str | None) -> XsdDecimal | None:
        amounts = (total.amount for total in self.tax_totals)
        return next((a for a in amounts if a is not None and currency and a.currency == currency), None)
