"""Shares and remainders of what was sold: nothing is lost between them, to the cent."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from shop_data.sold import Amounts, left_of
from tests.builders import OrderBuilder
from tests.shops import Shop

MINOR = st.integers(0, 10**9)


@given(st.integers(1, 50), MINOR, MINOR, MINOR, st.lists(st.integers(1, 20), max_size=10))
def test_the_parts_of_a_line_add_up_to_it(
    quantity: int, gross: int, discount: int, tax: int, cuts: list[int]
) -> None:
    whole = Amounts(quantity, gross, -discount, tax)
    ends = sorted({min(cut, quantity) for cut in cuts} | {0, quantity})

    parts = [whole.part(start, stop) for start, stop in itertools.pairwise(ends)]

    assert Amounts(*map(sum, zip(*parts, strict=True))) == whole


def test_the_first_units_get_the_odd_cents() -> None:
    whole = Amounts(3, 100, -2, 1)

    assert [whole.part(unit, unit + 1) for unit in range(3)] == [
        (1, 34, -1, 1), (1, 33, -1, 0), (1, 33, 0, 0)]  # fmt: skip


@given(st.lists(st.tuples(MINOR, MINOR), min_size=1, max_size=5))
def test_what_is_left_and_what_went_back_is_all_that_was_sold(
    lines: list[tuple[int, int]],
) -> None:
    sold = [Amounts(1, had, 0, 0) for had, _ in lines]
    taken = [Amounts(-1, -back, 0, 0) for _, back in lines]

    left = left_of(sold, taken)

    rest = sum(had - back for had, back in lines)
    assert sum(part.net for part in left) == max(0, rest)
    assert all(part.net >= 0 for part in left)


def test_an_order_discount_is_shared_out_from_the_first_line_onward(shop: Shop) -> None:
    order = OrderBuilder()
    for _ in range(3):
        order.line("33.33")
    body = order.body() | {"total_discounts": "10.00", "total_discounts_set": None}

    shop.process(("orders/create", body))

    assert [row.discount for row in shop.sales()] == [-334, -333, -333]
