"""The ledger account and VAT code of each entry: from the supplier's defaults, then from the VAT mapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from econnect_admin.models import Administration
from invoices.conversion.entries import Entry, VatEntry
from invoices.models import LedgerAccount, Supplier, VatCode, VatMapping


@dataclass(frozen=True)
class Assigned:
    """Where an entry is booked; None: nothing is known, a person fills it in."""

    ledger_account: LedgerAccount | None = None
    vat_code: VatCode | None = None


class Chart:
    """The ledger accounts, VAT codes and VAT mapping of an administration."""

    def __init__(self, administration: Administration) -> None:
        self.ledger_accounts = list(LedgerAccount.objects.filter(administration=administration))
        self.vat_codes = list(VatCode.objects.filter(administration=administration))
        mappings = VatMapping.objects.filter(administration=administration)
        self._mappings = {
            (mapping.category, mapping.rate): mapping
            for mapping in mappings.select_related("vat_code", "ledger_account")
        }
        self._ledger_by_code = {row.code.upper(): row for row in self.ledger_accounts}
        self._vat_by_code = {row.code.upper(): row for row in self.vat_codes}

    @property
    def is_empty(self) -> bool:
        return not (self.ledger_accounts and self.vat_codes)

    def ledger_account(self, typed: str) -> LedgerAccount | None:
        """`4400` or `4400 Kantoorkosten`; None if there is none."""
        return self._ledger_by_code.get(_code(typed))

    def vat_code(self, typed: str) -> VatCode | None:
        return self._vat_by_code.get(_code(typed))

    def mapping(self, category: str, rate: Decimal | None) -> VatMapping | None:
        """The row of this rate, else that of any rate."""
        return self._mappings.get((category, rate)) or self._mappings.get((category, None))

    def propose(self, entries: Sequence[Entry], supplier: Supplier | None) -> list[Assigned]:
        """The rounding goes where the first line goes."""
        assigned = [self._propose(entry, supplier) for entry in entries if entry.has_vat]
        rounding = Assigned(assigned[0].ledger_account if assigned else None)
        return assigned + [rounding for entry in entries if not entry.has_vat]

    def propose_vat(self, rows: Sequence[VatEntry]) -> list[Assigned]:
        mappings = (self.mapping(row.category, row.rate) for row in rows)
        return [Assigned(vat_code=mapping.vat_code if mapping else None) for mapping in mappings]

    def _propose(self, entry: Entry, supplier: Supplier | None) -> Assigned:
        mapping = self.mapping(entry.category, entry.rate)
        ledger_account = supplier.default_ledger_account if supplier else None
        vat_code = _default_vat(entry, supplier)
        if mapping is None:
            return Assigned(ledger_account, vat_code)
        return Assigned(ledger_account or mapping.ledger_account, vat_code or mapping.vat_code)


def _default_vat(entry: Entry, supplier: Supplier | None) -> VatCode | None:
    """The supplier's own, for a line with its rate: what is usual is no reason to book another rate on it."""
    code = supplier and supplier.default_vat_code
    return code if code and code.rate == entry.rate else None


def _code(typed: str) -> str:
    return typed.strip().partition(" ")[0].upper()
