"""Sums are exact, whatever the digits."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from invoices.conversion.amounts import difference, opposite, total

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40, places=6)


@given(st.lists(AMOUNTS, max_size=20))
def test_a_total_is_exact(amounts: list[Decimal]) -> None:
    assert Fraction(total(amounts)) == sum(map(Fraction, amounts))


@given(AMOUNTS)
def test_the_opposite_keeps_every_digit_and_there_is_no_minus_zero(amount: Decimal) -> None:
    turned = opposite(amount)
    assert Fraction(turned) == -Fraction(amount)
    assert opposite(turned).as_tuple().digits == amount.as_tuple().digits
    assert not (turned.is_zero() and turned.is_signed())


@given(AMOUNTS, st.integers(-5, 5))
def test_a_difference_is_seen_from_a_cent_on(amount: Decimal, cents: int) -> None:
    other = total([amount, Decimal(cents) / 100])
    assert difference(other, amount) == Decimal(cents) / 100
