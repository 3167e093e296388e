"""A window of days as what was until a day, less what was until another, and the days around."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from analytics.periods import Period
from analytics.rollup_sql import Rollup
from tenants.scope import current_tenant_id

DAY = timedelta(days=1)
AS_DAYS = 2  # a sum to date has about as many rows of products as so many days

_NEAREST = """
SELECT day, (
    SELECT max(until) FROM {table}
    WHERE tenant_id = %(tenant)s AND until >= new_year AND until <= day
), (
    SELECT min(until) FROM {table}
    WHERE tenant_id = %(tenant)s AND until > day AND until <= end_of_year
)
FROM unnest(%(days)s::date[], %(new_years)s::date[], %(ends)s::date[])
    AS wanted(day, new_year, end_of_year)
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is added to a window and what is taken off: sums to date, and stretches of days."""

    added: list[date]
    taken: list[date]
    added_days: list[Period]
    taken_days: list[Period]


def terms(period: Period, rollup: Rollup, *, without: Collection[date] = ()) -> Terms:
    """Return how a window is put together, all but the days in `without`."""
    before = period.first - DAY
    new_years = [date(year, 12, 31) for year in range(before.year, period.last.year)]
    plus = {*new_years, period.last} - {before}
    minus = {before} - set(new_years)
    nearest = _nearest(rollup, plus | minus)
    until: Counter[date] = Counter()
    days: Counter[date] = Counter()
    for sign, ends in ((1, plus), (-1, minus)):
        for end in ends:
            stored, around, counted = _year_until(end, *nearest[end])
            until.update({stored: sign} if stored else {})
            days.update(dict.fromkeys(around, sign * counted))
    if AS_DAYS * _size(until) + _size(days) >= len(period):
        until, days = Counter(), Counter(period.dates())
    days.subtract(day for day in without if day in period)
    return Terms(
        sorted(day for day, count in until.items() if count > 0),
        sorted(day for day, count in until.items() if count < 0),
        _stretches(day for day, count in days.items() if count > 0),
        _stretches(day for day, count in days.items() if count < 0),
    )


def _year_until(
    end: date, before: date | None, after: date | None
) -> tuple[date | None, Iterable[date], int]:
    """Return the nearest sum to date that is stored, and days to add (1) or to take off (-1)."""
    since = before or date(end.year, 1, 1) - DAY
    if after and after - end < end - since:
        return after, Period(end + DAY, after).dates(), -1
    return before, Period(since + DAY, end).dates() if since < end else (), 1


def _size(counts: Counter[date]) -> int:
    return sum(map(abs, counts.values()))


def _stretches(days: Iterable[date]) -> list[Period]:
    """Return the stretches that days make up, oldest first."""
    wanted = sorted(days)
    known = set(wanted)
    starts = [day for day in wanted if day - DAY not in known]
    ends = [day for day in wanted if day + DAY not in known]
    return list(map(Period, starts, ends))


def _nearest(rollup: Rollup, days: set[date]) -> dict[date, tuple[date | None, date | None]]:
    """Return the last day until which a year is stored, up to each of `days`, and the next."""
    params: dict[str, Any] = {
        "tenant": current_tenant_id(),
        "days": list(days),
        "new_years": [date(day.year, 1, 1) for day in days],
        "ends": [date(day.year, 12, 31) for day in days],
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST.format(table=rollup.table), params)
        return {day: (before, after) for day, before, after in cursor.fetchall()}
