"""Which part of a window is read from sums by month, and which from days."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from analytics.periods import Period, add_months
from analytics.rollup_sql import Rollup
from tenants.scope import current_tenant_id

_STORED = """
SELECT month FROM unnest(%(months)s::date[]) AS wanted(month) WHERE EXISTS (
    SELECT FROM {table} AS stored
    WHERE stored.tenant_id = %(tenant)s AND stored.month = wanted.month)
"""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Whole months that are stored, and the stretches of days around them."""

    months: list[date]
    stretches: list[Period]


def pieces(
    periods: Sequence[Period], rollup: Rollup, *, without: Collection[date] = ()
) -> list[Pieces]:
    """Cut each window; a month with a day in `without` is left to the days."""
    broken = {day.replace(day=1) for day in without}
    whole = [[month for month in _whole_months(each) if month not in broken] for each in periods]
    stored = _stored(rollup, {month for months in whole for month in months})
    found = []
    for period, wanted in zip(periods, whole, strict=True):
        months = [month for month in wanted if month in stored]
        found.append(Pieces(months, list(_between(period, months))))
    return found


def _whole_months(period: Period) -> Iterator[date]:
    month = period.first.replace(day=1)
    while add_months(month, 1) - timedelta(days=1) <= period.last:
        if month >= period.first:
            yield month
        month = add_months(month, 1)


def _between(period: Period, months: list[date]) -> Iterator[Period]:
    """Yield the stretches of a window that lie in none of the months."""
    since = period.first
    for month in months:
        if since < month:
            yield Period(since, month - timedelta(days=1))
        since = add_months(month, 1)
    if since <= period.last:
        yield Period(since, period.last)


def _stored(rollup: Rollup, months: set[date]) -> set[date]:
    if not months:
        return set()
    with connection.cursor() as cursor:
        params: dict[str, Any] = {"tenant": current_tenant_id(), "months": list(months)}
        cursor.execute(_STORED.format(table=rollup.table), params)
        return {month for (month,) in cursor.fetchall()}
