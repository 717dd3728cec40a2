"""Exact sums of amounts, and how totals are compared. Plain Python."""

from collections.abc import Iterable
from decimal import MAX_EMAX, MIN_EMIN, ROUND_FLOOR, Context, Decimal

ZERO = Decimal(0)

# Python's own arithmetic rounds to 28 digits; this takes every amount that PostgreSQL can hold.
_EXACT = Context(prec=150_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
_CENT = Decimal("0.01")
_HALF_A_CENT = Decimal("0.005")


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    result = ZERO
    for amount in amounts:
        if amount is not None:
            result = _EXACT.add(result, amount)
    return result


def opposite(amount: Decimal) -> Decimal:
    """With the digits as they were written; there is no minus zero."""
    return amount.copy_negate() if amount else amount.copy_abs()


def difference(computed: Decimal, written: Decimal) -> Decimal:
    """In cents, each rounded as the rules of EN 16931 do: halves go up, also below zero."""
    return _EXACT.subtract(_to_cents(computed), _to_cents(written))


def _to_cents(amount: Decimal) -> Decimal:
    return _EXACT.add(amount, _HALF_A_CENT).quantize(_CENT, ROUND_FLOOR, _EXACT)
