"""Numbers without gaps: given in the transaction that uses them, and given back if it does not come to be."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from econnect_admin.models import Administration
from invoices.models import NumberSeries

_Kind = NumberSeries.Kind


@contextmanager
def books_of(administration_id: int) -> Iterator[Administration]:
    """A transaction in which nobody else books, or adds suppliers, in this administration.

    The lock lets others go on that only refer to the administration, such as an import.
    """
    with transaction.atomic():
        yield Administration.objects.select_for_update(no_key=True).get(pk=administration_id)


def next_purchase_invoice_number(administration: Administration, year: int) -> str:
    """`2026-00001`."""
    return f"{year:04d}-{_next(administration, _Kind.PURCHASE_INVOICE, year):05d}"


def next_supplier_number(administration: Administration) -> int:
    return _next(administration, _Kind.SUPPLIER)


def _next(administration: Administration, kind: NumberSeries.Kind, year: int = 0) -> int:
    of_kind: dict[str, Any] = {"administration": administration, "kind": kind, "year": year}
    NumberSeries.objects.get_or_create(**of_kind)
    series = NumberSeries.objects.select_for_update().get(**of_kind)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last
