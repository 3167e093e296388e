"""Headings that say what a series shows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from analytics.findings import Point, Series, of_groups, of_series, of_top


def series(now: list[int], then: list[int] | None = None, *, orders: int = 500) -> Series:
    earlier = [None if then is None else Decimal(value) for value in then or now]
    points = [
        Point(f"{index + 1} Nov", Decimal(value), before)
        for index, (value, before) in enumerate(zip(now, earlier, strict=True))
    ]
    return Series(
        label="Net sales",
        bucket="day",
        points=points,
        orders=orders,
        least=Decimal(10),
        shown=lambda amount: f"₹{amount}",
    )


def heading(found: Series) -> str | None:
    finding = of_series(found)
    return finding and finding.heading


def test_turn_names_the_day_and_both_amounts() -> None:
    finding = of_series(series([150] * 5 + [50] * 5, [100] * 10))

    assert finding is not None
    assert finding.heading == "Ahead of the earlier days until 5 Nov, behind since"
    assert finding.note == "₹250 ahead up to 5 Nov, ₹250 behind since."


def test_turn_for_the_better_is_one_too() -> None:
    found = series([50] * 4 + [150] * 6, [100] * 10)

    assert heading(found) == "Behind the earlier days until 4 Nov, ahead since"


@pytest.mark.parametrize(
    ("now", "expected"), [(130, "Ahead in 10 of 10 days"), (60, "Behind in 10 of 10 days")]
)
def test_steady_difference_is_counted(now: int, expected: str) -> None:
    assert heading(series([now] * 10, [100] * 10)) == expected


def test_peak_names_its_share() -> None:
    assert heading(series([10] * 4 + [160] + [10] * 4)) == "67% of net sales fell on 5 Nov"


@pytest.mark.parametrize(
    "found",
    [
        series([100] * 10, [100] * 10),
        series([101, 99] * 5, [100] * 10),
        series([150] * 5 + [50] * 5, [100] * 10, orders=29),
        series([102] * 10, [100] * 10),
        series([100] * 10, None),
        series([0] * 10, None),
        series([500]),
    ],
    ids=["equal", "noise", "few orders", "small effect", "no comparison", "nothing", "one bucket"],
)
def test_nothing_is_said_where_nothing_shows(found: Series) -> None:
    assert of_series(found) is None


def test_best_products_say_what_they_made() -> None:
    found = of_top(shown=8, sold=40, share=Decimal("0.756"), orders=200)

    assert found == "Eight products made 76% of net sales"


@pytest.mark.parametrize(
    ("sold", "share", "orders"),
    [(8, "0.9", 200), (40, None, 200), (40, "1.2", 200), (40, "0.9", 3)],
)
def test_best_products_are_silent_without_a_point(
    sold: int, share: str | None, orders: int
) -> None:
    share_of_all = Decimal(share) if share else None

    assert of_top(shown=8, sold=sold, share=share_of_all, orders=orders) is None


def test_group_is_told_of_where_it_brings_more_than_its_part() -> None:
    few, many = Decimal("0.04"), Decimal("0.13")

    told = of_groups("Champions", people=few, money=many, customers=30)

    assert told == "Champions, 4% of customers, bring 13% of net sales"
    assert of_groups("Champions", people=many, money=few, customers=30) is None
    assert of_groups("Champions", people=few, money=many, customers=29) is None
