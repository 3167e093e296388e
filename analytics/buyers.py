"""How many different customers bought in a window, and how many of them not for the first time.

From the gaps between a customer's days of buying, which cost days instead of orders. What gaps do
not know (one of several currencies, a time of day) is counted from the orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from analytics.months import pieces
from analytics.periods import Period
from analytics.rollup_sql import GAP_MONTHS
from analytics.rollup_sql.buyers import BUYERS_BY_ORDERS, buyers_select
from tenants.scope import current_tenant_id

NEAR = 92  # days from the first of a window, up to which few of its customers come again

_PIECES = {
    "month": ("numbers", "sinces", "months"),
    "near": ("numbers", "sinces", "firsts", "lasts"),
    "far": ("numbers", "sinces", "firsts", "lasts"),
    "later": ("numbers", "sinces", "days"),
}


class Stretch(NamedTuple):
    """Days, or one hour of a day; with a clock the last day is looked at up to that time."""

    period: Period
    hour: int | None = None
    clock: time | None = None


class Buyers(NamedTuple):
    """Customers with an order, and those of them who by the end of the stretch have two or more."""

    customers: int = 0
    returning: int = 0


def buyers_by_gaps(stretches: Sequence[Stretch], *, live: frozenset[date]) -> list[Buyers]:
    """Return the customers of each stretch of whole days, of all currencies together."""
    if not stretches:
        return []
    days = sorted(live)
    params = {"days": days, **_pieces(stretches, days)}
    kinds = [kind for kind in _PIECES if params[f"{kind}_numbers"]]
    sql = buyers_select(kinds, derived=bool(days))
    return _in_order(_rows(sql, params), len(stretches))


def buyers_by_orders(
    stretches: Sequence[Stretch], *, currency: str, zone: ZoneInfo
) -> list[Buyers]:
    """Return the customers of each stretch with an order in one currency."""
    params = {
        "firsts": [each.period.first for each in stretches],
        "lasts": [each.period.last for each in stretches],
        "currency": currency,
        "zone": zone.key,
        "froms": [time(each.hour or 0) for each in stretches],
        "untils": [_until(each) for each in stretches],
    }
    return _in_order(_rows(BUYERS_BY_ORDERS, params), len(stretches))


def _pieces(stretches: Sequence[Stretch], live: Sequence[date]) -> dict[str, list[Any]]:
    """Cut each stretch into what is stored by month and what by day; say of which one it is."""
    cut: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _PIECES}
    cuts = pieces([each.period for each in stretches], GAP_MONTHS, without=live)
    for number, (each, found) in enumerate(zip(stretches, cuts, strict=True), start=1):
        since = each.period.first
        cut["month"] += [(number, since, month) for month in found.months]
        for days in found.stretches:
            is_near = (days.last - since).days <= NEAR
            cut["near" if is_near else "far"].append((number, since, days.first, days.last))
            later = [day for day in days.dates() if is_near and day > since and day not in live]
            cut["later"] += [(number, since, day) for day in later]
    return {
        f"{kind}_{name}": [row[place] for row in cut[kind]]
        for kind, names in _PIECES.items()
        for place, name in enumerate(names)
    }


def _until(stretch: Stretch) -> time:
    end = time.max if stretch.hour is None else time(stretch.hour, 59, 59, 999_999)
    return min(end, stretch.clock or time.max)


def _in_order(rows: list[tuple[Any, ...]], count: int) -> list[Buyers]:
    found = {number: Buyers(int(all_), int(returning)) for number, all_, returning in rows}
    return [found.get(number, Buyers()) for number in range(1, count + 1)]


def _rows(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "tenant": current_tenant_id()})
        return list(cursor.fetchall())
