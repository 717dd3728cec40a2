"""An e-invoice becomes a purchase invoice: whole or not at all, and never twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from econnect_admin.administrations.models import User
from econnect_admin.wording import gettext_noop
from invoices.conversion import identifiers
from invoices.conversion.accounts import Assigned
from invoices.conversion.entries import Entries
from invoices.conversion.errors import AlreadyBooked, Blocked, CannotConvert, NotAllowed, NotConfirmed, Stale
from invoices.conversion.matching import identity_of
from invoices.conversion.numbers import books_of, next_purchase_invoice_number
from invoices.conversion.proposal import NEW, Proposal, propose
from invoices.conversion.suppliers import add_supplier, confirm_accounts, supplier_of
from invoices.models import (
    EInvoice,
    PurchaseInvoice,
    PurchaseInvoiceLine,
    PurchaseInvoiceVat,
    Supplier,
)
from invoices.models.supplier import LONGEST_ID

_CHOOSE = gettext_noop("choose the supplier.")
_MAY_NOT_ADD = gettext_noop("adding a supplier needs the privilege to add on the function Suppliers.")
_MAY_NOT_CONFIRM = gettext_noop("confirming an IBAN needs the privilege to change on the function Suppliers.")
_MAY_NOT_CHOOSE = gettext_noop(
    "choosing another supplier needs the privilege to view on the function Suppliers."
)
AMOUNTS = ("tax_exclusive", "tax_total", "tax_inclusive", "prepaid", "rounding", "payable")
_BATCH = 2000


class Incomplete(CannotConvert):
    """`entries` and `vat`: the positions, from 0, of what lacks an account or a code."""

    template = gettext_noop(
        "Not every line has a ledger account and a VAT code that exist. Fill them in; with a default ledger "
        "account of the supplier it is done for the next time."
    )

    def __init__(self, entries: Iterable[int], vat: Iterable[int]) -> None:
        self.entries, self.vat = frozenset(entries), frozenset(vat)
        super().__init__(count=len(self.entries) + len(self.vat))


@dataclass(frozen=True)
class Decision:
    """What a person has decided; None: as it is proposed.

    `seen` is the fingerprint of the proposal that they saw, `version` the key of the version that they
    saw, `chosen` the key of a supplier or NEW.
    `accounts` has the codes that were typed for the ledger account and the VAT of each entry, `vat`
    those for each row of the breakdown.
    """

    booking_date: date
    period: str
    seen: str | None = None
    version: int | None = None
    chosen: int | str | None = None
    confirmed: frozenset[str] = field(default_factory=frozenset)
    accounts: Sequence[tuple[str, str]] | None = None
    vat: Sequence[str] | None = None
    remember: bool = False  # the ledger account becomes the supplier's default


def period_of(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def convert(einvoice_id: int, decision: Decision, user: User) -> PurchaseInvoice:
    """Book it. Whether the user may convert is asked before. Raises CannotConvert.

    1. Hold the books of the administration, and the e-invoice: nobody else books it, and it gets no
       new version and no other status meanwhile.
    2. Propose anew; what is not as the person saw it is refused.
    3. What blocks, what is not confirmed and what the user may not do is refused.
    4. Add the supplier if it is new, and the accounts that were confirmed.
    5. Take the next number, and store.
    """
    administration_id = EInvoice.objects.values_list("administration", flat=True).get(pk=einvoice_id)
    with books_of(administration_id):
        einvoice = EInvoice.objects.select_for_update(of=("self",)).get(pk=einvoice_id)
        proposal = examine(einvoice, decision, user)
        assigned, assigned_vat = assign(proposal, decision)
        by = user.get_username()
        supplier = _supplier(proposal, by)
        if decision.remember:
            _remember(supplier, assigned, proposal, user)
        return _store(proposal, decision, supplier, (assigned, assigned_vat), by)


def examine(einvoice: EInvoice, decision: Decision, user: User) -> Proposal:
    """The proposal, if it can be booked as it was decided. Raises CannotConvert."""
    if booked := PurchaseInvoice.objects.filter(einvoice=einvoice).standing().first():
        raise AlreadyBooked(number=booked.number)
    if decision.version not in (None, einvoice.current_id):
        raise Stale
    proposal = propose(einvoice, _chosen(einvoice, decision.chosen))
    if decision.seen not in (None, proposal.fingerprint):
        raise Stale
    if proposal.blocks:
        raise Blocked(proposal.blocks[0])
    if not proposal.has_supplier:
        raise NotConfirmed(why=_CHOOSE)
    for warning in proposal.warnings:
        if warning.key not in decision.confirmed:
            raise NotConfirmed(why=warning.wording.template, **warning.wording.values)
    if missing := missing_rights(proposal, user):
        raise NotAllowed(why=missing[0])
    return proposal


def assign(proposal: Proposal, decision: Decision) -> tuple[list[Assigned], list[Assigned]]:
    """Where each entry and each row of VAT is booked. Raises Incomplete."""
    chart = proposal.chart
    entries = proposal.entries.booked
    if decision.accounts is None or decision.vat is None:
        assigned, vat = proposal.assigned, proposal.assigned_vat
    elif len(decision.accounts) != len(entries) or len(decision.vat) != len(proposal.entries.vat):
        raise Stale
    else:
        assigned = [
            Assigned(chart.ledger_account(ledger), chart.vat_code(code)) for ledger, code in decision.accounts
        ]
        vat = [Assigned(vat_code=chart.vat_code(code)) for code in decision.vat]
    lacking = [
        at
        for at, (entry, to) in enumerate(zip(entries, assigned, strict=True))
        if to.ledger_account is None or (entry.has_vat and to.vat_code is None)
    ]
    lacking_vat = [at for at, to in enumerate(vat) if to.vat_code is None]
    if lacking or lacking_vat:
        raise Incomplete(lacking, lacking_vat)
    return assigned, vat


def _chosen(einvoice: EInvoice, chosen: int | str | None) -> Supplier | str | None:
    """Raises Stale if there is no such supplier."""
    if chosen is None or chosen == NEW:
        return NEW if chosen else None
    supplier = Supplier.objects.filter(administration=einvoice.administration_id, pk=chosen).first()
    if supplier is None:
        raise Stale
    return supplier


def missing_rights(proposal: Proposal, user: User) -> list[str]:
    """What the user may not do that booking this takes, as templates."""
    missing = []
    administration = proposal.einvoice.administration
    if proposal.adds_supplier and not user.has_perm("invoices.add_supplier", administration):
        missing.append(_MAY_NOT_ADD)
    if proposal.is_beyond_match and not user.has_perm("invoices.view_supplier", administration):
        missing.append(_MAY_NOT_CHOOSE)
    is_new_account = any(warning.iban for warning in proposal.warnings)
    if is_new_account and not user.has_perm("invoices.change_supplier", proposal.supplier):
        missing.append(_MAY_NOT_CONFIRM)
    return missing


def _supplier(proposal: Proposal, by: str) -> Supplier:
    """With the accounts that were confirmed; those of a new one are, by who adds it."""
    version = proposal.einvoice.current_version
    supplier = proposal.supplier
    if supplier is None:
        supplier = supplier_of(version, proposal.einvoice.administration)
        add_supplier(supplier, by)
    confirm_accounts(supplier, identity_of(version).accounts, by)
    return supplier


def _remember(supplier: Supplier, assigned: Sequence[Assigned], proposal: Proposal, user: User) -> None:
    """The account of the lines, if they have one, for next time."""
    if not (proposal.adds_supplier or user.has_perm("invoices.change_supplier", supplier)):
        return
    pairs = zip(proposal.entries.booked, assigned, strict=True)
    accounts = {to.ledger_account for entry, to in pairs if entry.kind == PurchaseInvoiceLine.Kind.LINE}
    if len(accounts) == 1:
        (supplier.default_ledger_account,) = accounts
        supplier.save(update_fields=["default_ledger_account"])


def _store(
    proposal: Proposal,
    decision: Decision,
    supplier: Supplier,
    assigned: tuple[Sequence[Assigned], Sequence[Assigned]],
    by: str,
) -> PurchaseInvoice:
    einvoice, entries = proposal.einvoice, proposal.entries
    version = einvoice.current_version
    invoice = PurchaseInvoice.objects.create(
        administration=einvoice.administration,
        number=next_purchase_invoice_number(einvoice.administration, decision.booking_date.year),
        einvoice=einvoice,
        version=version,
        supplier=supplier,
        booking_date=decision.booking_date,
        period=decision.period,
        kind=version.kind,
        document_number=version.number,
        document_key=identifiers.document_number(version.number)[:LONGEST_ID],
        issue_date=version.issue_date,
        due_date=version.due_date,
        currency=version.currency,
        created_by=by,
        **{name: entries.signed(getattr(version, name)) for name in AMOUNTS},
    )
    PurchaseInvoiceLine.objects.bulk_create(_lines(invoice, entries, assigned[0]), batch_size=_BATCH)
    PurchaseInvoiceVat.objects.bulk_create(_vat(invoice, entries, assigned[1]), batch_size=_BATCH)
    return invoice


def _lines(
    invoice: PurchaseInvoice, entries: Entries, assigned: Sequence[Assigned]
) -> list[PurchaseInvoiceLine]:
    return [
        PurchaseInvoiceLine(
            purchase_invoice=invoice,
            position=position,
            kind=entry.kind,
            einvoice_line=entry.line,
            allowance_charge=entry.allowance_charge,
            description=entry.description,
            ledger_account=to.ledger_account,
            vat_code=to.vat_code if entry.has_vat else None,
            amount=entry.amount,
        )
        for position, (entry, to) in enumerate(zip(entries.booked, assigned, strict=True), 1)
    ]


def _vat(
    invoice: PurchaseInvoice, entries: Entries, assigned: Sequence[Assigned]
) -> list[PurchaseInvoiceVat]:
    return [
        PurchaseInvoiceVat(
            purchase_invoice=invoice,
            position=position,
            category=row.category,
            rate=row.rate,
            taxable=row.taxable,
            tax=row.tax,
            vat_code=to.vat_code,
        )
        for position, (row, to) in enumerate(zip(entries.vat, assigned, strict=True), 1)
    ]
