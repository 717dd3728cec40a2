"""What is shown before an e-invoice is booked: supplier, warnings, entries with their accounts, totals."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from econnect_admin.wording import Wording, gettext_noop
from invoices.conversion.accounts import Assigned, Chart
from invoices.conversion.entries import Entries
from invoices.conversion.matching import Match, Outcome, identity_of, match
from invoices.conversion.warnings import ToConfirm, blocks_of, warnings_of
from invoices.models import EInvoice, Supplier

NEW = "new"

_NO_CHART = gettext_noop("There are no ledger accounts and VAT codes yet.")


@dataclass(frozen=True)
class Proposal:
    """`supplier`: None if one is added, or is still to be chosen."""

    einvoice: EInvoice
    match: Match
    supplier: Supplier | None
    adds_supplier: bool
    entries: Entries
    chart: Chart
    blocks: list[Wording]
    warnings: list[ToConfirm]

    @property
    def has_supplier(self) -> bool:
        return self.supplier is not None or self.adds_supplier

    @property
    def is_beyond_match(self) -> bool:
        """Whether a supplier was chosen at which nothing in the e-invoice points."""
        return self.supplier not in {None, self.match.supplier, *self.match.candidates}

    @cached_property
    def assigned(self) -> list[Assigned]:
        return self.chart.propose(self.entries.booked, self.supplier)

    @cached_property
    def assigned_vat(self) -> list[Assigned]:
        return self.chart.propose_vat(self.entries.vat)

    @cached_property
    def fingerprint(self) -> str:
        """Of what a person decides on: another one means that they have not seen what is so now."""
        supplier = self.supplier
        known = supplier and [
            supplier.pk,
            supplier.name,
            supplier.vat_id,
            supplier.legal_id,
            supplier.legal_id_scheme,
            supplier.endpoint,
        ]
        warnings = sorted(warning.key for warning in self.warnings)
        parts = [self.einvoice.current_id, self.match.outcome, self.adds_supplier, known, warnings]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def propose(einvoice: EInvoice, chosen: Supplier | str | None = None) -> Proposal:
    """`chosen`: the supplier that a person chose, NEW for one that is to be added, None for the match."""
    version = einvoice.current_version
    identity = identity_of(version)
    found = match(einvoice.administration, identity)
    supplier = chosen if isinstance(chosen, Supplier) else None
    if chosen is None:
        supplier = found.supplier
    adds = found.may_be_new and (chosen == NEW or (chosen is None and found.outcome is Outcome.NEW))
    entries, chart = Entries(version), Chart(einvoice.administration)
    blocks = list(blocks_of(einvoice, version, identity, entries))
    if chart.is_empty:
        blocks.append(Wording(_NO_CHART))
    warnings = list(warnings_of(einvoice, version, identity, entries, supplier))
    return Proposal(einvoice, found, supplier, adds, entries, chart, blocks, warnings)
