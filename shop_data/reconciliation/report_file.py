"""Shopify's report of sales by day as a CSV file: a referee where no app may read reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import BinaryIO, NamedTuple

from shop_data.csv_exports.cells import money
from shop_data.csv_exports.rows import Row, Table, Unreadable
from shop_data.models import Reconciliation, StoreInfo
from shop_data.payloads.values import PayloadError
from shop_data.reconciliation import lines
from shop_data.reconciliation.differences import note_open
from shop_data.reconciliation.lines import Figure, Figures, figures_of_days
from tenants.state import data_changed
from xenofy.common.errors import XenofyError
from xenofy.common.money import to_minor

DAY = "day"
# Headings of Shopify's reports, in small letters.
HEADINGS: Mapping[str, str] = {
    "gross sales": lines.GROSS,
    "discounts": lines.DISCOUNTS,
    "returns": lines.RETURNS,
    "net sales": lines.NET,
    "shipping": lines.SHIPPING,
    "shipping charges": lines.SHIPPING,
    "duties": lines.DUTIES,
    "additional fees": lines.FEES,
    "taxes": lines.TAXES,
    "total sales": lines.TOTAL,
}


class ReportRefused(XenofyError):
    """A file that is no report of sales by day; the message says why."""

    code = "REPORT_REFUSED"


class Report(NamedTuple):
    """What a report says: its days, oldest first and none left out, and which metrics it has."""

    days: list[date]
    metrics: frozenset[str]
    figures: Figures


def compare_report(file: BinaryIO, *, now: datetime) -> Reconciliation:
    """Hold the current tenant's days against a report; raise `ReportRefused` for what is none."""
    currency = StoreInfo.objects.values_list("currency", flat=True).first()
    if not currency:
        raise ReportRefused("The shop has not told its currency yet: connect or import it first.")
    try:
        report = _read(file, currency)
    except (Unreadable, PayloadError, ValueError) as error:
        raise ReportRefused(f"This is no report of sales by day: {error}") from error
    first, last = report.days[0], report.days[-1]
    ours = figures_of_days(first, last, currency)
    referee, state = Reconciliation.Referee.REPORT, Reconciliation.State.DONE
    when = {"begun_at": now, "ended_at": now, "first_day": first, "last_day": last}
    done: Reconciliation = Reconciliation.objects.create(state=state, referee=referee, **when)
    for figure in sorted(ours.keys() | report.figures.keys()):
        if figure.metric in report.metrics and ours[figure] != report.figures[figure]:
            note_open(done, figure, ours[figure], report.figures[figure])
    data_changed(now=now)
    return done


def _read(file: BinaryIO, currency: str) -> Report:
    table = Table(file)
    columns = {name.lower(): name for name in table.columns}
    metrics = {columns[name]: metric for name, metric in HEADINGS.items() if name in columns}
    if DAY not in columns or not metrics:
        raise Unreadable("It needs a column Day and one of its figures, as Net sales.")
    figures, day = Figures(), columns[DAY]
    rows = (row for row in table if row.cells[day])  # the row of totals has no day
    days = sorted(_take(row, day, metrics, figures, currency) for row in rows)
    if not days or any((after - before).days != 1 for before, after in pairwise(days)):
        raise Unreadable("It has to be by day, with each day once and none left out.")
    return Report(days, frozenset(metrics.values()), figures)


def _take(
    row: Row, column: str, metrics: Mapping[str, str], figures: Figures, currency: str
) -> date:
    """Take in the figures of a row, and return its day."""
    try:
        day = date.fromisoformat(row.cells[column][:10])
    except ValueError as error:
        raise Unreadable(f"Line {row.line} has no day as 2026-11-03.") from error
    for name, metric in metrics.items():
        value = money(row.cells, name)
        if value is None:
            raise Unreadable(f"Line {row.line} has no amount under {name}.")
        figures[Figure(day, currency, metric)] = to_minor(value, currency)
    return day
