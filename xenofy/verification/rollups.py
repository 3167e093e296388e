"""Are the rollups what the ledger adds up to?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection

from analytics.rollup_sql import COARSER, KNOWN_DAYS, LEDGER_TOTALS, ROLLUPS, STATEMENT, Rollup
from analytics.rollup_sql.rollup import DATES
from analytics.rollups import marked_days
from analytics.sums import Sums
from tenants.scope import current_tenant_id
from xenofy.common.money import from_minor
from xenofy.verification.records import (
    NOTHING,
    CurrencyTotal,
    Difference,
    Differences,
    Progress,
    RollupCheck,
    written,
)

DAYS = 31  # compared in one query
MONEY = {
    *(*STATEMENT, "order_value"),
    *("taxes_returned", "returns_by_order_day", "taxes_returned_by_order_day"),
} - {"units", "units_returned"}


def check_rollups(found: Differences, *, progress: Progress) -> RollupCheck:
    """Sum the ledger of the current tenant again and compare, without the days that are marked."""
    waiting = marked_days()
    days = sorted({day for (day,) in _rows(KNOWN_DAYS)} - waiting)
    for start in range(0, len(days), DAYS):
        part = days[start : start + DAYS]
        for rollup in (*ROLLUPS, *COARSER):
            found.add(_compare(rollup, part))
        progress("days", start + len(part), len(days))
    return RollupCheck(len(days), len(waiting))


def ledger_totals() -> list[CurrencyTotal]:
    """Return net and total sales of the whole ledger, one of each for every currency."""
    return [_total(currency, Sums(**dict(zip(STATEMENT, map(int, sums), strict=True))))
            for currency, *sums in _rows(LEDGER_TOTALS)]  # fmt: skip


def _compare(rollup: Rollup, days: Sequence[date]) -> Iterator[Difference]:
    keys = len(rollup.key)
    for row in _rows(rollup.compare, days=list(days)):
        key = dict(zip(rollup.key, row[:keys], strict=True))
        yield from _differences(rollup, key, row[keys : keys + 2], row[keys + 2 :])


def _differences(
    rollup: Rollup, key: dict[str, Any], present: Sequence[bool], values: Sequence[Any]
) -> Iterator[Difference]:
    """Yield one difference for each value of a row, or one for a row that only one side has."""
    label = _label(rollup, key)
    if not all(present):
        sides = ["a row" if side else NOTHING for side in present]
        yield Difference(_day(key), "", label, *sides)
        return
    columns = rollup.columns
    stored, derived = values[: len(columns)], values[len(columns) :]
    for name, mine, its in zip(columns, stored, derived, strict=True):
        if mine != its:
            currency = key.get("currency") if name in MONEY else None
            sides = [written(side, currency) for side in (mine, its)]
            yield Difference(_day(key), "", f"{name} of {label}", *sides)


def _day(key: dict[str, Any]) -> date | None:
    """Return the day of a row, the first one of its month, or the last one that it sums."""
    return next((key[name] for name in DATES if name in key), None)


def _label(rollup: Rollup, key: dict[str, Any]) -> str:
    named = {name: value for name, value in key.items() if name not in DATES}
    parts = [str(value) for value in named.values() if value != ""]
    return f"{rollup.table} ({', '.join(parts)})"


def _total(currency: str, sums: Sums) -> CurrencyTotal:
    net, total = (from_minor(minor, currency) for minor in (sums.net_sales, sums.total_sales))
    return CurrencyTotal(currency, net, total)


def _rows(sql: str, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "tenant": current_tenant_id()})
        return list(cursor.fetchall())
