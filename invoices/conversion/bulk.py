"""Several e-invoices at once: each in a transaction of its own, as it is proposed, or left with a reason."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from econnect_admin.administrations.models import User
from econnect_admin.wording import Wording
from invoices.conversion.converting import Decision, assign, convert, examine
from invoices.conversion.errors import AlreadyBooked, CannotConvert
from invoices.models import EInvoice, PurchaseInvoice

MOST = 100
_NONE = 0  # the key of no version


@dataclass(frozen=True)
class Result:
    """`booked`: as what it is booked, now or before; `why_not`: None if it was booked now, or can be."""

    einvoice: EInvoice
    booked: PurchaseInvoice | None = None
    why_not: Wording | None = None


def foreseen(einvoices: Iterable[EInvoice], decision: Decision, user: User) -> Iterator[Result]:
    """What would come of each; nothing is booked."""
    for einvoice in einvoices:
        try:
            assign(examine(einvoice, decision, user), decision)
            yield Result(einvoice)
        except CannotConvert as error:
            yield _refused(einvoice, error)


def convert_each(
    einvoices: Iterable[EInvoice], seen: Mapping[int, int], decision: Decision, user: User
) -> Iterator[Result]:
    """Book those that need no person. To do it once more books nothing twice.

    `seen` has for the key of each e-invoice that of the version whose amount the person saw.
    """
    for einvoice in einvoices:
        try:
            as_seen = replace(decision, version=seen.get(einvoice.pk, _NONE))
            yield Result(einvoice, convert(einvoice.pk, as_seen, user))
        except CannotConvert as error:
            yield _refused(einvoice, error)


def _refused(einvoice: EInvoice, error: CannotConvert) -> Result:
    booked = None
    if isinstance(error, AlreadyBooked):
        booked = PurchaseInvoice.objects.filter(einvoice=einvoice).standing().first()
    return Result(einvoice, booked, error.wording)
