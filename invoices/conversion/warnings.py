"""What about an e-invoice keeps it from being booked, and what a person must confirm first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from econnect_admin.wording import Wording, gettext_noop
from invoices.conversion import identifiers
from invoices.conversion.entries import Entries
from invoices.conversion.matching import Identity, Match, contradiction_of, identity_of, match
from invoices.models import EInvoice, EInvoiceVersion, PurchaseInvoice, Supplier, SupplierIban
from invoices.models.supplier import LONGEST_ID, LONGEST_SCHEME
from invoices.statuses.changing import REJECTED

# UNTDID 1001: the types of credit notes.
_CREDIT_TYPE_CODES = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"}
)
_MOST_ACCOUNTS = 5
_OTHER_CURRENCY = "PEPPOL-EN16931-R051"

_REJECTED = gettext_noop("The e-invoice is rejected; it cannot be booked while it is.")
_NO_NUMBER = gettext_noop("The e-invoice has no number.")
_NO_CURRENCY = gettext_noop("The e-invoice does not say its currency.")
_CURRENCIES = gettext_noop("The e-invoice has amounts in another currency than its own.")
_SIGN = gettext_noop(
    "The document is an invoice and has the type of a credit note, or the other way round, so that nobody "
    "can tell which way the money goes. Ask the supplier for a right one."
)
_SELF_BILLED = gettext_noop(
    "It is a self-billed invoice: the customer made it out for what you sold. It belongs to sales, and is no "
    "purchase invoice."
)
_TOO_LONG = gettext_noop("A number or the name of the supplier is too long to be one.")
_DIFFERENCE = gettext_noop(
    "The amounts of the e-invoice do not make up its totals; the difference is shown with the totals. "
    "Ask the supplier for a right one."
)
_NEW_IBAN = gettext_noop(
    "%(iban)s is not known as an account of this supplier. Ask the supplier, by a number that you know, "
    "whether it is theirs."
)
_OTHERS_IBAN = gettext_noop(
    "%(iban)s is not known as an account of this supplier; as one of %(others)s it is."
)
_DOUBTFUL_IBAN = gettext_noop(
    "It is not certain which supplier this invoice is of. As an account of %(others)s, %(iban)s is not known."
)
_DOUBLE = gettext_noop(
    "Of this supplier the number %(number)s is booked already, as %(booked)s; it may be the same invoice."
)
_NEGATIVE_CREDIT = gettext_noop(
    "It is a credit note with a negative amount: it is booked as %(amount)s to be paid to the supplier."
)


@dataclass(frozen=True)
class ToConfirm:
    """To be confirmed by a person; `key` says what was confirmed. `iban`: the account it is about."""

    key: str
    wording: Wording
    iban: str = ""


def blocks_of(
    einvoice: EInvoice, version: EInvoiceVersion, identity: Identity, entries: Entries
) -> Iterator[Wording]:
    if einvoice.status_code == REJECTED:
        yield Wording(_REJECTED)
    if version.self_billed:
        yield Wording(_SELF_BILLED)
    if not version.number.strip():
        yield Wording(_NO_NUMBER)
    if not version.currency:
        yield Wording(_NO_CURRENCY)
    if any(finding.get("id") == _OTHER_CURRENCY for finding in version.findings):
        yield Wording(_CURRENCIES)
    is_of_credit = version.type_code in _CREDIT_TYPE_CODES
    if version.type_code and version.is_credit_note != is_of_credit:
        yield Wording(_SIGN)
    if _is_too_long(identity, version):
        yield Wording(_TOO_LONG)
    missing = list(entries.missing())
    yield from missing
    if not missing and not all(total.is_right for total in entries.totals()):
        yield Wording(_DIFFERENCE)


def _is_too_long(identity: Identity, version: EInvoiceVersion) -> bool:
    """Whether a supplier could not be stored as the document describes it."""
    ids = (identity.vat_id, identity.legal_id, identity.endpoint, *identity.accounts)
    schemes = (identity.legal_id_scheme, identity.endpoint_scheme)
    name = version.seller.name or version.seller.trading_name
    return (
        any(len(value) > LONGEST_ID for value in ids)
        or any(len(value) > LONGEST_SCHEME for value in schemes)
        or len(name) > _LONGEST_NAME
    )


def warnings_of(
    einvoice: EInvoice,
    version: EInvoiceVersion,
    identity: Identity,
    entries: Entries,
    supplier: Supplier | None,
) -> Iterator[ToConfirm]:
    """`supplier`: None for one that is added, of whom nothing is known yet."""
    payable = entries.signed(version.payable)
    if version.is_credit_note and payable > 0:
        amount = {"amount": f"{payable:f}"}
        yield ToConfirm("negative-credit-note", Wording(_NEGATIVE_CREDIT, amount))
    if supplier is None:
        return
    contradiction = contradiction_of(supplier, identity)
    if contradiction:
        yield ToConfirm("chosen", contradiction)
    yield from _new_accounts(identity, supplier)
    yield from _doubles(einvoice, version, supplier)


def unknown_accounts_of(einvoice: EInvoice, version: EInvoiceVersion) -> list[ToConfirm]:
    """The first accounts that are not those of the supplier, or of those that it may be of.

    Known by other things than the account: that of somebody else is no reason to be silent.
    """
    identity = identity_of(version)
    found = match(einvoice.administration, replace(identity, accounts=()))
    supplier = _booked_of(einvoice) or found.supplier
    unknown = _new_accounts(identity, supplier) if supplier else _doubtful_accounts(identity, found)
    return list(islice(unknown, _MOST_ACCOUNTS))


def _booked_of(einvoice: EInvoice) -> Supplier | None:
    booked = PurchaseInvoice.objects.filter(einvoice=einvoice).standing().select_related("supplier").first()
    return booked.supplier if booked else None


def _new_accounts(identity: Identity, supplier: Supplier) -> Iterator[ToConfirm]:
    known = set(supplier.ibans.values_list("iban", flat=True))
    for account in identity.accounts:
        if account in known:
            continue
        owners = SupplierIban.objects.filter(
            iban=account, supplier__administration=supplier.administration_id
        )
        others = ", ".join(owners.order_by("pk").values_list("supplier__name", flat=True)[:3])
        template = _OTHERS_IBAN if others else _NEW_IBAN
        yield ToConfirm(
            f"iban:{account}", Wording(template, {"iban": account, "others": others}), iban=account
        )


def _doubtful_accounts(identity: Identity, found: Match) -> Iterator[ToConfirm]:
    """A forged invoice may have no more of a supplier than the name, or one number."""
    known = set(SupplierIban.objects.filter(supplier__in=found.candidates).values_list("iban", flat=True))
    others = ", ".join(supplier.name for supplier in found.candidates[:3])
    for account in identity.accounts:
        if others and account not in known:
            wording = Wording(_DOUBTFUL_IBAN, {"iban": account, "others": others})
            yield ToConfirm(f"iban:{account}", wording, iban=account)


def _doubles(einvoice: EInvoice, version: EInvoiceVersion, supplier: Supplier) -> Iterator[ToConfirm]:
    key = identifiers.document_number(version.number)[:LONGEST_ID]
    booked = PurchaseInvoice.objects.filter(supplier=supplier, document_key=key).standing()
    for number in booked.exclude(einvoice=einvoice).order_by("pk").values_list("number", flat=True)[:3]:
        values = {"number": version.number, "booked": number}
        yield ToConfirm(f"double:{number}", Wording(_DOUBLE, values))


_LONGEST_NAME = Supplier._meta.get_field("name").max_length or 0
