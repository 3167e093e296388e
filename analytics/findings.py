"""Headings that say what a figure shows: small rules of arithmetic, none of which claims a cause.

Each rule has a condition and a least effect; where none fires the heading is the plain label.
Rules see amounts in units and their texts; they know neither reports nor templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

LEAST_ORDERS = 30  # below this, one customer is a trend
LEAST_EFFECT = Decimal("0.05")  # of the earlier total
LEAST_BUCKETS = 3  # on either side of a turn
STEADY = Decimal("0.8")
PEAK = 3  # times the average bucket
PEAK_SHARE = Decimal("0.1")
BUSY = 3  # hours
BUSY_SHARE = Decimal("0.25")  # twice what three hours have where all are alike

Shown = Callable[[Decimal], str]


class Point(NamedTuple):
    """A bucket with its counterpart (None: not known), in units."""

    name: str
    value: Decimal
    earlier: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What the rules of a series look at.

    Parameters
    ----------
    bucket
        the word for a bucket: "day".
    least
        the smallest amount worth a heading, in the unit of the points.
    shown
        writes an amount.
    """

    label: str
    bucket: str
    points: Sequence[Point]
    orders: int
    least: Decimal
    shown: Shown


class Finding(NamedTuple):
    """A heading, and what may stand below it."""

    heading: str
    note: str = ""


def of_series(series: Series) -> Finding | None:
    """Return what the first rule that fires says of a series."""
    if series.orders < LEAST_ORDERS:
        return None
    return _turned(series) or _steady(series) or _peak(series)


def of_top(*, shown: int, sold: int, share: Decimal | None, orders: int) -> str | None:
    """Return what the best `shown` of `sold` products contribute, where it says something."""
    if sold <= shown or orders < LEAST_ORDERS or share is None or not 0 < share <= 1:
        return None
    number = "zero one two three four five six seven eight nine ten".split()[shown].capitalize()
    return f"{number} products made {share * 100:.0f}% of net sales"


def of_groups(name: str, *, people: Decimal, money: Decimal, customers: int) -> str | None:
    """Return what a group contributes, where that is more than its part of the customers."""
    if customers < LEAST_ORDERS or not people < money <= 1:
        return None
    shares = f"{people * 100:.0f}% of customers, bring {money * 100:.0f}% of net sales"
    return f"{name}, {shares}"


def of_hours(orders: Sequence[int], *, shown: Callable[[int], str]) -> str | None:
    """Return in which three hours of the day most orders arrive, where they are many."""
    total = sum(orders)
    if total < LEAST_ORDERS:
        return None
    stretches = [sum(orders[hour : hour + BUSY]) for hour in range(len(orders) - BUSY + 1)]
    best = max(range(len(stretches)), key=lambda hour: stretches[hour])
    share = Decimal(stretches[best]) / total
    if share < BUSY_SHARE:
        return None
    until = shown((best + BUSY) % len(orders))
    return f"{share * 100:.0f}% of orders arrive between {shown(best)} and {until}"


def of_bridge(
    steps: Mapping[str, Decimal], *, earlier: Decimal, orders: int, shown: Shown
) -> str | None:
    """Return the two greatest steps between two periods, where they are worth a heading."""
    if orders < LEAST_ORDERS:
        return None
    least = LEAST_EFFECT * abs(earlier)
    great = [key for key in steps if steps[key] and abs(steps[key]) >= least]
    great.sort(key=lambda key: -abs(steps[key]))
    told = [f"{shown(abs(steps[key]))} {_STEPS[key][steps[key] < 0]}" for key in great[:2]]
    return ", ".join(told) or None


_STEPS = {
    "orders": ("from more orders", "lost to fewer orders"),
    "basket": ("from larger baskets", "lost to smaller baskets"),
    "discounts": ("saved on discounts", "given back in discounts"),
    "returns": ("kept through fewer returns", "given back in returns"),
    "edits": ("added by edits", "less added by edits"),
}

_TURNS = (
    (
        1,
        "Ahead of the earlier days until {day}, behind since",
        "{first} ahead up to {day}, {then} behind since.",
    ),
    (
        -1,
        "Behind the earlier days until {day}, ahead since",
        "{first} behind up to {day}, {then} ahead since.",
    ),
)


def _turned(series: Series) -> Finding | None:
    """Ahead of the earlier days up to one of them, behind since; or the other way round."""
    differences = _differences(series)
    for sign, heading, note in _TURNS if differences else ():
        leads = [sign * lead for lead in accumulate(differences)]
        best = max(range(len(leads)), key=lambda index: leads[index])
        first, then = leads[best], leads[best] - leads[-1]
        buckets = min(best + 1, len(leads) - best - 1)
        if buckets >= LEAST_BUCKETS and min(first, then) >= _least(series):
            words = {"day": series.points[best].name}
            words |= {"first": series.shown(first), "then": series.shown(then)}
            return Finding(heading.format(**words), note.format(**words))
    return None


def _steady(series: Series) -> Finding | None:
    """Ahead, or behind, in nearly every bucket."""
    differences = _differences(series)
    for sign, word in ((1, "Ahead"), (-1, "Behind")):
        count = sum(sign * difference > 0 for difference in differences)
        enough = sign * sum(differences, Decimal(0)) >= _least(series)
        if len(differences) > LEAST_BUCKETS and count >= STEADY * len(differences) and enough:
            return Finding(f"{word} in {count} of {len(differences)} {series.bucket}s")
    return None


def _peak(series: Series) -> Finding | None:
    """One bucket that stands out."""
    total = sum((point.value for point in series.points), Decimal(0))
    if total <= 0:
        return None
    best = max(series.points, key=lambda point: point.value)
    share = best.value / total
    stands_out = best.value * len(series.points) >= PEAK * total
    if stands_out and share >= PEAK_SHARE and len(series.points) > PEAK:
        return Finding(f"{share * 100:.0f}% of {series.label.lower()} fell on {best.name}")
    return None


def _differences(series: Series) -> list[Decimal]:
    """Return what each bucket is ahead; nothing where a counterpart is not known."""
    if any(point.earlier is None for point in series.points):
        return []
    return [point.value - (point.earlier or 0) for point in series.points]


def _least(series: Series) -> Decimal:
    earlier = sum((point.earlier or Decimal(0) for point in series.points), Decimal(0))
    return max(series.least, LEAST_EFFECT * abs(earlier))
