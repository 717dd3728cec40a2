"""Suppliers that come to be with the first invoice that is booked of them, and their accounts."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from econnect_admin.models import Administration
from invoices.conversion.errors import Stale
from invoices.conversion.numbers import next_supplier_number
from invoices.models import EInvoiceVersion, Supplier, SupplierIban

_PARTS = ("vat_id", "legal_id", "legal_id_scheme", "endpoint", "endpoint_scheme")
_ADDRESS = {"street": 500, "postal_code": 100, "city": 200, "country": 100}  # what the columns hold


def supplier_of(version: EInvoiceVersion, administration: Administration) -> Supplier:
    """As the e-invoice describes it; not stored."""
    seller = version.seller
    values = {name: getattr(seller, name) for name in _PARTS}
    for name, most in _ADDRESS.items():
        values[name] = getattr(seller, name)[:most]
    name = seller.name or seller.trading_name
    supplier = Supplier(administration=administration, name=name, **values)
    supplier.normalise()
    return supplier


def add_supplier(supplier: Supplier, by: str) -> None:
    """Store a new one, in a transaction of `books_of`. Raises Stale if it is there meanwhile."""
    supplier.number = next_supplier_number(supplier.administration)
    supplier.created_by = by
    supplier.name = supplier.name or _("without a name")
    try:
        with transaction.atomic():
            supplier.save(force_insert=True)
    except IntegrityError:
        raise Stale from None


def confirm_accounts(supplier: Supplier, accounts: Iterable[str], by: str) -> None:
    """From now on they are known as the supplier's."""
    for account in accounts:
        SupplierIban.objects.get_or_create(supplier=supplier, iban=account, defaults={"confirmed_by": by})
