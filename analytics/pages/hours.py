"""Orders by hour and weekday (components/hours.html)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from analytics import findings
from analytics.pages import words
from analytics.pages.links import orders_href
from analytics.reports.hours import HOURS, Cell, HoursReport
from xenofy.common import formats

STEPS = 9  # shades of static/css/components/heat.css
AXIS = [words.clock_hour(hour) for hour in range(0, 24, 3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class HourCell:
    """An hour of a weekday; `kind` is its shade, `text` is empty where nothing was ordered."""

    text: str
    kind: str
    title: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursTable:
    """The inputs of components/hours.html."""

    heading: str
    note: str
    most: str
    hours: list[str]
    axis: list[str]
    rows: list[tuple[str, list[HourCell]]]


def hours_table(report: HoursReport) -> HoursTable | None:
    """Return the table; None where nothing was ordered."""
    most = max(cell.sums.orders for cell in report.cells)
    if not most:
        return None
    by_hour = [0 for _ in HOURS]
    for cell in report.cells:
        by_hour[cell.hour] += cell.sums.orders
    days = words.range_of(report.query.period, today=report.coverage.today)
    return HoursTable(
        heading=findings.of_hours(by_hour, shown=words.clock_hour) or "Orders by hour and weekday",
        note=f"Orders by hour and weekday, {days}, in {report.coverage.zone.key}. "
        "Each leads to its orders.",
        most=words.counted(most, "order", report.query.currency),
        hours=[words.clock_hour(hour) for hour in HOURS],
        axis=AXIS,
        rows=[
            (words.WEEKDAYS[weekday - 1], [_cell(report, cell, most) for cell in cells])
            for weekday, cells in groupby(report.cells, key=lambda cell: cell.weekday)
        ],
    )


def _cell(report: HoursReport, cell: Cell, most: int) -> HourCell:
    query, orders = report.query, cell.sums.orders
    when = f"{words.LONG_WEEKDAYS[cell.weekday - 1]}, {words.clock_hour(cell.hour)}"
    level = -(-orders * (STEPS - 1) // most)
    return HourCell(
        text=formats.integer(orders, query.currency) if orders else "",
        kind=f"h{level}",
        title=f"{when}: {words.counted(orders, 'order', query.currency)}",
        href=orders_href(
            query.period, currency=query.currency, weekday=cell.weekday, hour=cell.hour
        )
        if orders
        else "",
    )
