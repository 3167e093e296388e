"""Sales by hour and weekday."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from analytics.enums import Dimension
from analytics.reports.coverage import Coverage
from analytics.reports.query import ReportQuery
from analytics.reports.splits import Split
from analytics.sales_reads import Window, sales_by
from analytics.sums import NO_SUMS, Sums, total_of

WEEKDAYS = range(1, 8)  # from Monday
HOURS = range(24)

OF_WEEK = "to_char(s.day, 'ID') || '-' || to_char(s.hour, 'FM00') = %(key)s"  # "1-20"


def _read(window: Window) -> dict[str, Sums]:
    return {hour: sums for (hour,), sums in sales_by(window, Dimension.HOUR, ("key",)).items()}


BY_HOUR = Split(
    label="Hour",
    none="No hour",
    read=_read,
    condition="to_char(s.hour, 'FM00') = %(key)s",
    names=lambda keys: {key: f"{key}:00" for key in keys},
)  # the rows behind one hour of the days; of all hours there is the report


class Cell(NamedTuple):
    """An hour of a weekday in the shop's zone; `days` of the period are that weekday."""

    weekday: int
    hour: int
    days: int
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursReport:
    """All 168 cells, Monday's first; they add up to `totals`."""

    query: ReportQuery
    coverage: Coverage
    cells: tuple[Cell, ...]
    totals: Sums
    stale: int


def hours_report(query: ReportQuery, *, coverage: Coverage) -> HoursReport:
    """Return when in the week sales are made."""
    now, _ = query.windows(coverage)
    parts: dict[tuple[int, int], list[Sums]] = defaultdict(lambda: [NO_SUMS])
    for (day, hour), sums in sales_by(now, Dimension.HOUR, ("day", "key")).items():
        parts[day.isoweekday(), int(hour)].append(sums)
    days = [day.isoweekday() for day in query.period.dates()]
    cells = tuple(
        Cell(weekday, hour, days.count(weekday), total_of(parts[weekday, hour]))
        for weekday in WEEKDAYS
        for hour in HOURS
    )
    return HoursReport(
        query=query,
        coverage=coverage,
        cells=cells,
        totals=total_of(cell.sums for cell in cells),
        stale=query.stale(coverage),
    )
