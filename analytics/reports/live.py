"""Sums by day that are right at any moment: rollups, and the ledger where a day is marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.enums import Lens
from analytics.ledger_sums import DaySums, sales_of_days
from analytics.models import SalesDay
from analytics.periods import Period
from analytics.rollups import marked_days
from analytics.sums import Sums, total_of

MOST_LIVE_DAYS = 10  # added up from the ledger while a page is made


@dataclass(frozen=True, slots=True)
class LiveDays:
    """The days that wait to be recomputed, the newest of them added up from the ledger just now.

    `stale` are those that were too many for that: reports have them as the rollups do and say so.
    """

    days: frozenset[date]
    stale: frozenset[date]
    sums: tuple[DaySums, ...]


def live_days() -> LiveDays:
    """Return the marked days with their sums as they are at this moment."""
    marked = sorted(marked_days(), reverse=True)
    days, stale = marked[:MOST_LIVE_DAYS], marked[MOST_LIVE_DAYS:]
    sums = sales_of_days(days) if days else []
    return LiveDays(frozenset(days), frozenset(stale), tuple(sums))


def sales_by_day(
    periods: Sequence[Period], *, currency: str, live: LiveDays, lens: Lens = Lens.EVENT
) -> dict[date, Sums]:
    """Return the sums of each day that has any; without periods, of all time."""
    rollups = SalesDay.objects.totals().in_currency(currency).through(lens).within(*periods)
    stored = rollups.by_day()
    wanted = [day for day in live.days if not periods or any(day in period for period in periods)]
    now = sums_of(live.sums, currency, lens)
    fresh = {day: now[day] for day in wanted if day in now}
    return {day: sums for day, sums in stored.items() if day not in wanted} | fresh


def sums_of(rows: Sequence[DaySums], currency: str, lens: Lens = Lens.EVENT) -> dict[date, Sums]:
    """Return the sums of each day in one currency, reversals on the day that the lens says."""
    parts: dict[date, list[Sums]] = defaultdict(list)
    for row in rows:
        if row.currency == currency and row.part in lens.parts:
            parts[row.day].append(row.sums)
    return {day: total_of(sums) for day, sums in parts.items()}
