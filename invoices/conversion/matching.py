"""Which supplier an e-invoice is of.

VAT number, company number, electronic address and account each point at the suppliers that have them.
One supplier that all of them share is the match; whatever contradicts that is a question for a person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce

from django.db.models import Q

from econnect_admin.models import Administration
from econnect_admin.wording import Wording, gettext_noop
from invoices.conversion import identifiers
from invoices.models import EInvoiceVersion, Supplier

_MOST_CANDIDATES = 20


class Outcome(StrEnum):
    MATCH = "match"  # one supplier, by its numbers
    NEW = "new"  # nobody has these numbers, nor the name
    QUESTION = "question"  # a person chooses


@dataclass(frozen=True)
class Identity:
    """What an e-invoice says about who sent it, in the form in which it is compared; "" for nothing."""

    name: str
    vat_id: str
    legal_id: str
    legal_id_scheme: str
    endpoint: str
    endpoint_scheme: str
    accounts: tuple[str, ...]

    @property
    def is_known_by_numbers(self) -> bool:
        return bool(self.vat_id or self.legal_id or self.endpoint)


@dataclass(frozen=True)
class Match:
    """`because`: the identifiers that decided, or why there is a question. `may_be_new`: no supplier
    would be there twice if this one were added."""

    outcome: Outcome
    because: Wording
    may_be_new: bool
    supplier: Supplier | None = None
    candidates: Sequence[Supplier] = field(default_factory=tuple)


_BY = {
    "vat": gettext_noop("VAT number"),
    "legal": gettext_noop("company number"),
    "endpoint": gettext_noop("electronic address"),
    "iban": gettext_noop("IBAN"),
}
_MATCHED = gettext_noop("The %(why)s is that of this supplier.")
_NOBODY = gettext_noop("No supplier has the numbers of this invoice.")
_ONLY_NAME = gettext_noop(
    "No supplier has the numbers of this invoice, but there is one with this name. A name does not decide."
)
_NO_NUMBERS = gettext_noop("The invoice has no VAT number, company number or electronic address.")
_SEVERAL = gettext_noop("The numbers of this invoice are those of several suppliers.")
_DIFFERENT_SUPPLIERS = gettext_noop("The numbers of this invoice point at different suppliers.")
_OTHER_LEGAL = gettext_noop(
    "The company number of the invoice is %(found)s, that of the supplier %(known)s; companies of one group "
    "may share a VAT number."
)
_OTHER_VAT = gettext_noop("The VAT number of the invoice is %(found)s, that of the supplier %(known)s.")


def identity_of(version: EInvoiceVersion) -> Identity:
    seller = version.seller
    accounts = (identifiers.account_number(account.iban) for account in version.payee_accounts.all())
    return Identity(
        name=identifiers.name(seller.name or seller.trading_name),
        vat_id=identifiers.vat_number(seller.vat_id),
        legal_id=identifiers.company_number(seller.legal_id),
        legal_id_scheme=identifiers.scheme(seller.legal_id_scheme),
        endpoint=identifiers.electronic_address(seller.endpoint),
        endpoint_scheme=identifiers.scheme(seller.endpoint_scheme),
        accounts=tuple(dict.fromkeys(account for account in accounts if account)),
    )


def match(administration: Administration, identity: Identity) -> Match:
    suppliers = Supplier.objects.filter(administration=administration)
    found = {by: set(suppliers.filter(where)) for by, where in _lookups(identity)}
    found = {by: those for by, those in found.items() if those}
    if len(found.get("iban", ())) > 1:  # factoring: an account of several suppliers tells nothing
        del found["iban"]
    may_be_new = _may_be_new(identity, found)
    if not found:
        return _by_name(administration, identity)
    shared = reduce(set.intersection, found.values())
    if len(shared) != 1:
        because = Wording(_SEVERAL if shared else _DIFFERENT_SUPPLIERS)
        return _question(because, shared or set().union(*found.values()), may_be_new)
    (supplier,) = shared
    contradiction = contradiction_of(supplier, identity)
    if contradiction:
        return _question(contradiction, shared, may_be_new)
    because = Wording(_MATCHED, {"why": _BY[next(iter(found))]})
    return Match(Outcome.MATCH, because, may_be_new=False, supplier=supplier)


def contradiction_of(supplier: Supplier, identity: Identity) -> Wording | None:
    """What the invoice says otherwise than is known of the supplier."""
    same_scheme = supplier.legal_id_scheme == identity.legal_id_scheme
    if same_scheme and supplier.legal_id and identity.legal_id not in ("", supplier.legal_id):
        template, found, known = _OTHER_LEGAL, identity.legal_id, supplier.legal_id
    elif supplier.vat_id and identity.vat_id not in ("", supplier.vat_id):
        template, found, known = _OTHER_VAT, identity.vat_id, supplier.vat_id
    else:
        return None
    return Wording(template, {"found": found, "known": known})


def _lookups(identity: Identity) -> Iterator[tuple[str, Q]]:
    """In the order in which they decide."""
    if identity.vat_id:
        yield "vat", Q(vat_id=identity.vat_id)
    if identity.legal_id:
        yield "legal", Q(legal_id=identity.legal_id, legal_id_scheme=identity.legal_id_scheme)
    if identity.endpoint:
        yield "endpoint", Q(endpoint=identity.endpoint, endpoint_scheme=identity.endpoint_scheme)
    if identity.accounts:
        yield "iban", Q(ibans__iban__in=identity.accounts)


def _may_be_new(identity: Identity, found: dict[str, set[Supplier]]) -> bool:
    """As the constraints of `Supplier` have it."""
    if identity.legal_id:
        return "legal" not in found and all(other.legal_id for other in found.get("vat", ()))
    if identity.vat_id:
        return "vat" not in found
    return "endpoint" not in found


def _by_name(administration: Administration, identity: Identity) -> Match:
    same = _with_name(administration, identity.name)
    if identity.is_known_by_numbers and not same:
        return Match(Outcome.NEW, Wording(_NOBODY), may_be_new=True)
    because = Wording(_ONLY_NAME if identity.is_known_by_numbers else _NO_NUMBERS)
    return _question(because, same, may_be_new=True)


def _with_name(administration: Administration, name: str) -> set[Supplier]:
    if not name:
        return set()
    suppliers = Supplier.objects.filter(administration=administration, name_key=name[:_LONGEST_NAME_KEY])
    return set(suppliers[:_MOST_CANDIDATES])


def _question(because: Wording, candidates: set[Supplier], may_be_new: bool) -> Match:
    in_order = sorted(candidates, key=lambda supplier: (supplier.name, supplier.pk))[:_MOST_CANDIDATES]
    return Match(Outcome.QUESTION, because, may_be_new, candidates=in_order)


_LONGEST_NAME_KEY = Supplier._meta.get_field("name_key").max_length
