"""Sums straight from the ledger, with the SQL that fills the rollups.

For the days whose rollups are not recomputed yet, and for what rollups do not hold: a day up to a
time of day, and the check that a statement equals the rows behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from analytics.enums import Lens
from analytics.periods import Period
from analytics.rollup_sql import LEDGER_OF_WINDOW, SALES_BY_HOUR_SO_FAR, SALES_NOW, SALES_SO_FAR
from analytics.sums import LEDGER_MONEY, Sums
from tenants.scope import current_tenant_id


class DaySums(NamedTuple):
    """The sums of one day, currency and part of the ledger."""

    day: date
    currency: str
    part: str
    sums: Sums


def sales_of_days(days: Collection[date]) -> list[DaySums]:
    """Return what the rollup of sales would hold for `days` now."""
    rows = _rows(SALES_NOW, days=list(days))
    return [DaySums(day, currency, part, _sums(sums)) for day, currency, part, *sums in rows]


def sales_so_far(
    days: Collection[date],
    *,
    now: datetime,
    zone: ZoneInfo,
    live: Collection[date] = (),
    lens: Lens = Lens.EVENT,
) -> list[DaySums]:
    """Return the sums of `days` up to the time of day that it is now in `zone`, in pieces.

    At least the parts that the lens adds up. The hours that are over come from the rollup, but for
    days whose rollups are still to come.
    """
    clock = now.astimezone(zone).time()
    params = {"zone": zone.key, "clock": clock, "hour": clock.hour, "parts": lens.parts}
    whole = [day for day in days if day in live]
    rows = _rows(SALES_SO_FAR, days=whole, **params) if whole else []
    rows += _rows(SALES_BY_HOUR_SO_FAR, days=[day for day in days if day not in live], **params)
    return [DaySums(day, currency, part, _sums(sums)) for day, currency, part, *sums in rows]


def money_of_window(period: Period, currency: str, *, lens: Lens = Lens.EVENT) -> Sums:
    """Add up the money of a window from its rows, each on the day that the lens says.

    Only the fields of `LEDGER_MONEY` and the number of `rows` are filled.
    """
    params = {"first": period.first, "last": period.last, "currency": currency}
    (values,) = _rows(LEDGER_OF_WINDOW[lens], **params)
    return _named((*LEDGER_MONEY, "rows"), values)


def _sums(values: Sequence[Any]) -> Sums:
    return Sums(*map(int, values))


def _named(columns: Sequence[str], values: Sequence[Any]) -> Sums:
    return Sums(**dict(zip(columns, map(int, values), strict=True)))


def _rows(sql: str, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "tenant": current_tenant_id()})
        return list(cursor.fetchall())
