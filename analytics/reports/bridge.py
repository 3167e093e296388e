"""The bridge: from the net sales of earlier days to those of the period, in parts that add up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from analytics.enums import Dimension
from analytics.figures.comparing import OF_BRIDGE
from analytics.reports.coverage import Coverage
from analytics.reports.query import ReportQuery
from analytics.sales_reads import Window, sales_by
from analytics.sums import NO_SUMS, Sums, total_of

FORMULA = {figure.key: figure.formula for figure in OF_BRIDGE}


class Step(NamedTuple):
    """One part of the way, in minor units; negative where it lowered net sales."""

    key: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """Both sums and the steps between them; without known earlier days there are none."""

    query: ReportQuery
    coverage: Coverage
    now: Sums
    earlier: Sums | None
    steps: tuple[Step, ...]
    stale: int


def bridge(query: ReportQuery, *, coverage: Coverage) -> Bridge:
    """Return what net sales changed by, and through what."""
    window, before = query.windows(coverage)
    now = _sums(window)
    earlier = _sums(before) if before else None
    return Bridge(
        query=query,
        coverage=coverage,
        now=now,
        earlier=earlier,
        steps=() if earlier is None else steps(earlier, now),
        stale=query.stale(coverage),
    )


def steps(earlier: Sums, now: Sums) -> tuple[Step, ...]:
    """Return the parts of the difference in net sales; they add up to it exactly."""
    by_orders = _by_orders(earlier, now)
    return (
        Step("orders", by_orders),
        Step("basket", _baskets(now) - _baskets(earlier) - by_orders),
        Step("discounts", now.discounts - earlier.discounts),
        Step("returns", now.returns - earlier.returns),
        Step("edits", _edits(now) - _edits(earlier)),
    )


def _sums(window: Window) -> Sums:
    return total_of([NO_SUMS, *sales_by(window, Dimension.TOTAL, ("key",)).values()])


def _by_orders(earlier: Sums, now: Sums) -> int:
    """Return what so many more orders would have brought; all of it where there were none."""
    if not earlier.orders:
        return _baskets(now) - _baskets(earlier)
    more = now.orders - earlier.orders
    exact = Decimal(more) * _baskets(earlier) / earlier.orders
    return int(exact.to_integral_value(ROUND_HALF_UP))


def _baskets(sums: Sums) -> int:
    """Return what orders came to when they were placed, before all discounts."""
    return sums.order_value - sums.discounts


def _edits(sums: Sums) -> int:
    """Return what was added after an order was placed."""
    return sums.gross_sales + sums.discounts - sums.order_value
