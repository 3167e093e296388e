"""The hours of a week."""

from __future__ import annotations

from typing import Annotated, TypedDict

from analytics.answers.answer import Answer, Body, frame, statement
from analytics.answers.shapes import answer_of, figures_of
from analytics.answers.tables import day_column, table, values
from analytics.parameters import ReportParameters
from analytics.reports.coverage import Coverage
from analytics.reports.hours import HoursReport, hours_report
from analytics.reports.splits import OF_ORDERS
from xenofy.common.shapes import Count, Keys, ListOf, keys_of
from xenofy.common.tables import Column, Table


class _HourBody(TypedDict):
    weekday: Annotated[int, "1 is Monday."]
    hour: Count
    days: Annotated[int, "How many days of the range have this hour."]


HOURS = answer_of(
    {
        "rows": ListOf(keys_of(_HourBody, figures_of(OF_ORDERS))),
        "totals": Keys(figures_of(OF_ORDERS)),
    }
)


def hours_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer the 168 hours of a week."""
    report = hours_report(parameters.query(), coverage=coverage)
    return Answer(body=lambda: _body(report), table=lambda: _table(report))


def _body(report: HoursReport) -> Body:
    currency = report.query.currency
    return {
        **frame(report),
        "rows": [
            {
                "weekday": each.weekday,
                "hour": each.hour,
                "days": each.days,
                **statement(each.sums, currency, OF_ORDERS),
            }
            for each in report.cells
        ],
        "totals": statement(report.totals, currency, OF_ORDERS),
    }


def _table(report: HoursReport) -> Table:
    columns = [
        Column(key="weekday", label="Weekday (1 is Monday)"),
        day_column(report, "hour", "Hour"),
        Column(key="days", label="Days"),
    ]
    rows = [
        [each.weekday, each.hour, each.days, *values(each.sums, OF_ORDERS, report.query.currency)]
        for each in report.cells
    ]
    return table("hours", report, columns, OF_ORDERS, rows)
