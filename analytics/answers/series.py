"""Figures bucket by bucket, beside those of earlier days."""

from __future__ import annotations

from collections.abc import Sequence

from analytics import metrics
from analytics.answers.answer import (
    UNKNOWN_BEFORE,
    Answer,
    Body,
    earlier_days,
    frame,
    growth,
    statement,
)
from analytics.answers.tables import day_column, table, values
from analytics.metric import Metric
from analytics.metrics import STATEMENT
from analytics.parameters import ReportParameters
from analytics.reports.buying import customers_report
from analytics.reports.coverage import Coverage
from analytics.reports.query import ReportQuery
from analytics.reports.sales import SalesBucket, SalesReport, SalesSeries, sales_report
from xenofy.common.tables import Column, Row, Table

OF_ORDERS = (
    *(metrics.ORDERS, metrics.ORDER_VALUE, metrics.AVERAGE_ORDER_VALUE),
    *(metrics.UNITS, metrics.UNITS_RETURNED, metrics.NET_QUANTITY, metrics.UNITS_PER_ORDER),
    *(metrics.LATER_ORDERS, metrics.RETURNING_ORDERS),
    *(metrics.GROSS_SALES, metrics.DISCOUNTS, metrics.NET_SALES),
)
OF_CUSTOMERS = (
    *(metrics.CUSTOMERS, metrics.NEW_CUSTOMERS, metrics.RETURNING_CUSTOMERS),
    *(metrics.RETURNING_CUSTOMER_RATE, metrics.ORDERS, metrics.LATER_ORDERS),
    *(metrics.RETURNING_ORDERS, metrics.ORDER_VALUE),
    *(metrics.AVERAGE_ORDER_VALUE, metrics.NET_SALES),
)
OF_ALL_DAYS = (metrics.REPEAT_CUSTOMERS, metrics.REPEAT_PURCHASE_RATE)  # not of a bucket


def sales_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer the statement of sales."""
    return _answer("sales", sales_report(parameters.query(), coverage=coverage), STATEMENT)


def orders_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer how many orders there were, and what they were like."""
    return _answer("orders", sales_report(parameters.query(), coverage=coverage), OF_ORDERS)


def customers_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer who bought: how many, how many of them for the first time or again."""
    report = customers_report(parameters.query(), coverage=coverage)
    return _answer("customers", report, OF_CUSTOMERS, of_totals=OF_ALL_DAYS)


def _answer(
    name: str,
    report: SalesReport,
    metrics: Sequence[Metric],
    *,
    of_totals: Sequence[Metric] = (),
) -> Answer:
    series = _Series(name, report, metrics, (*metrics, *of_totals))
    return Answer(body=series.body, table=series.table)


class _Series:
    """The series of a report, as the metrics that each bucket and the totals have."""

    def __init__(
        self,
        name: str,
        report: SalesReport,
        of_buckets: Sequence[Metric],
        of_totals: Sequence[Metric],
    ) -> None:
        self.name = name
        self.report = report
        self.of_buckets = of_buckets
        self.of_totals = of_totals
        self.currency = report.query.currency

    def body(self) -> Body:
        """Return both series."""
        query = self.report.query
        body = {
            **frame(self.report),
            "grain": query.grain.value,
            **self._told(self.report.now),
        }
        if query.earlier:
            body["comparison"] = self._comparison(query, self.report.earlier)
        return body

    def table(self) -> Table:
        """Return both series, one after the other."""
        columns = [
            Column(key="series", label="Series"),
            day_column(self.report, "start", "Start"),
        ]
        return table(self.name, self.report, columns, self.of_buckets, self._rows())

    def _told(self, series: SalesSeries) -> Body:
        return {
            "totals": statement(series.totals, self.currency, self.of_totals),
            "buckets": [
                {"start": _start(each), **statement(each.sums, self.currency, self.of_buckets)}
                for each in series.buckets
            ],
        }

    def _comparison(self, query: ReportQuery, series: SalesSeries | None) -> Body:
        days = earlier_days(query) or {}
        if series is None:
            return {**days, "totals": None, "buckets": [], "reason": UNKNOWN_BEFORE}
        told = self._told(series)
        now = statement(self.report.now.totals, self.currency, self.of_totals)
        return {**days, **told, **growth(self.of_totals, now, told["totals"])}

    def _rows(self) -> list[Row]:
        both = [("current", self.report.now), ("comparison", self.report.earlier)]
        return [
            [name, _start(each), *values(each.sums, self.of_buckets, self.currency)]
            for name, series in both
            if series
            for each in series.buckets
        ]


def _start(bucket: SalesBucket) -> str:
    day = bucket.days.first.isoformat()
    return day if bucket.hour is None else f"{day}T{bucket.hour:02}:00"
