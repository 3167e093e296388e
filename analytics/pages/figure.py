"""The chart of one metric with its finding, its summary and its table (components/figure.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Protocol

from analytics import findings, metrics
from analytics.charts import chart_value, unit_spec
from analytics.enums import Grain
from analytics.findings import Finding, Point, Series
from analytics.metric import Metric, Unit, Value
from analytics.pages import words
from analytics.pages.figures import Cell
from analytics.pages.links import Links, rows_href
from analytics.pages.picker import Choice
from analytics.periods import Period
from analytics.reports.coverage import Coverage
from analytics.reports.overview import Bucket, OverviewQuery
from analytics.reports.query import grains as grains_of
from analytics.reports.sales import SalesBucket, SalesReport
from analytics.sums import Sums

LEAST_ORDERS = 10  # what is worth a heading, in orders or in what ten orders bring


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The inputs of components/figure.html."""

    id: str
    heading: str
    note: str
    summary: str
    current: str
    compare: str
    spec: dict[str, Any]
    columns: list[str]
    rows: list[list[str | Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sales report as its chart sees it; `hours` tells whether it has them.

    `split` and `key` name the row of a split whose sales alone these are.
    """

    query: OverviewQuery
    coverage: Coverage
    grain: Grain
    sums: Sums
    earlier_days: Period | None
    earlier: Sums | None
    buckets: Sequence[Bucket]
    hours: bool = False
    split: str = ""
    key: str = ""


def drawn(query: OverviewQuery, report: SalesReport) -> Drawn:
    """Return a sales report for its chart."""
    earlier = report.earlier.buckets if report.earlier else ()
    return Drawn(
        query=query,
        coverage=report.coverage,
        grain=report.query.grain,
        sums=report.now.totals,
        earlier_days=query.earlier,
        earlier=report.earlier.totals if report.earlier else None,
        buckets=[_bucket(*pair) for pair in zip_longest(report.now.buckets, earlier)],
        hours=True,
    )


def _bucket(now: SalesBucket | None, then: SalesBucket | None) -> Bucket:
    here = now or then
    return Bucket(
        now.days if now else None,
        now.sums if now else None,
        then.days if then else None,
        then.sums if then else None,
        here.hour if here else None,
    )


class Charted(Protocol):
    """A report with a metric that can be drawn bucket by bucket."""

    @property
    def query(self) -> OverviewQuery: ...
    @property
    def coverage(self) -> Coverage: ...
    @property
    def grain(self) -> Grain: ...
    @property
    def sums(self) -> Sums: ...
    @property
    def earlier_days(self) -> Period | None: ...
    @property
    def earlier(self) -> Sums | None: ...
    @property
    def buckets(self) -> Sequence[Bucket]: ...


def figure(report: Charted, links: Links) -> Figure:
    """Return the chart of the chosen metric."""
    return _Chart(report, links).figure()


def rows_of(report: Charted, metric: Metric, days: Period, hour: int | None = None) -> str:
    """Return where the rows behind a figure of a report stand."""
    split, key = (report.split, report.key) if isinstance(report, Drawn) else ("", "")
    currency, lens = report.query.currency, report.query.lens
    return rows_href(metric, days, currency=currency, lens=lens, split=split, key=key, hour=hour)


def chosen_from(report: Charted) -> list[Grain]:
    """Return the grains to choose from; where days are the finest, there are no hours."""
    hours = isinstance(report, Drawn) and report.hours
    fitting = grains_of(report.query) if hours else report.query.grains()
    return fitting if report.grain in fitting else [*fitting, report.grain]


def grains(report: Charted, links: Links) -> list[Choice]:
    """Return the buckets that can be chosen: those that are not too many."""
    return [
        Choice(label=grain.label, href=links.to(by=grain), current=grain is report.grain)
        for grain in chosen_from(report)
    ]


class _Chart:
    """The chosen metric of a report, bucket by bucket."""

    def __init__(self, report: Charted, links: Links) -> None:
        self.report = report
        self.links = links
        self.metric = report.query.metric
        self.currency = report.query.currency
        self.today = report.coverage.today
        self.label = f"{self.metric.label} by {report.grain.value}"
        self.compared = report.earlier_days if report.earlier is not None else None

    def figure(self) -> Figure:
        finding = self._finding()
        return Figure(
            id=f"chart-{self.metric.key}",
            heading=finding.heading if finding else self.label,
            note=self._note(finding),
            summary=self._summary(),
            current=words.range_of(self.report.query.period, today=self.today),
            compare=words.range_of(self.compared, today=self.today) if self.compared else "",
            spec=self._spec() | self._comparison_spec(),
            columns=self._columns(),
            rows=[self._row(bucket) for bucket in self.report.buckets],
        )

    # ── parts ─────────────────────────────────────────────────────────────────────────────────

    def _note(self, finding: Finding | None) -> str:
        """Return what the chart shows, where its days begin, and its formula."""
        if finding is None:
            return f"In {self._zone()}. {self.metric.formula}"
        note = f"{self.label}, in {self._zone()}. {self.metric.formula} {finding.note}"
        return note.strip()

    def _spec(self) -> dict[str, Any]:
        buckets = self.report.buckets
        running = [self._runs(bucket) for bucket in buckets]
        return {
            "kind": "bars" if self.metric.additive else "line",
            "labels": [self._name(bucket) for bucket in buckets],
            "titles": [self._title(bucket.days, bucket.hour) for bucket in buckets],
            "values": [chart_value(self._value(bucket.sums)) for bucket in buckets],
            "unit": unit_spec(self.metric, self.currency),
            "unfinished": running.index(True) if True in running else None,
            "bands": [],
            "hrefs": [self._href(bucket) for bucket in buckets],
        }

    def _comparison_spec(self) -> dict[str, Any]:
        if self.compared is None:
            return {"compare": None, "compare_titles": None}
        buckets = self.report.buckets
        return {
            "compare": [chart_value(self._value(bucket.earlier)) for bucket in buckets],
            "compare_titles": [self._title(bucket.earlier_days, bucket.hour) for bucket in buckets],
        }

    def _columns(self) -> list[str]:
        columns = [self.report.grain.label, self.metric.label]
        if self.compared is not None:
            columns += ["Compared with", "Then"]
        return [*columns, metrics.ORDERS.label] if self._with_orders() else columns

    def _with_orders(self) -> bool:
        """Tell whether orders stand beside the metric; checkouts and products count none."""
        return self.metric is not metrics.ORDERS and bool(self.report.sums.orders)

    def _row(self, bucket: Bucket) -> list[str | Cell]:
        """Return one bucket as the figures of `_columns`, each with the way to its rows."""
        now, then, hour = bucket.days, bucket.earlier_days, bucket.hour
        row = [self._title(now, hour), self._cell(self.metric, bucket.sums, now, hour)]
        if self.compared is not None:
            row += [self._title(then, hour), self._cell(self.metric, bucket.earlier, then, hour)]
        if self._with_orders():
            row.append(self._cell(metrics.ORDERS, bucket.sums, now, hour))
        return row

    def _cell(
        self, metric: Metric, sums: Sums | None, days: Period | None, hour: int | None
    ) -> str | Cell:
        value = None if sums is None else metric.value(sums, self.currency)
        text = words.shown(metric, value, self.currency)
        return (
            Cell(text=text, href=rows_of(self.report, metric, days, hour))
            if value and days
            else text
        )

    def _summary(self) -> str:
        """Return in words what a look at the chart would tell."""
        days = words.range_of(self.report.query.period, today=self.today)
        total = f"{'Total' if self.metric.additive else 'In all'} {self._text(self.report.sums)}"
        if self.compared is not None:
            growth = words.signed(
                words.change(self.metric, self.report.sums, self.report.earlier, self.currency)
            )
            total += f", {growth} on {words.range_of(self.compared, today=self.today)}"
        best = max(self.report.buckets, key=lambda bucket: self._amount(bucket.sums))
        highest = f"Highest: {self._title(best.days, best.hour)} with {self._text(best.sums)}"
        return f"{self.label}, {days}. {total}. {highest}."

    def _finding(self) -> Finding | None:
        """Return what the rules find in a series that can be added up."""
        if not self.metric.additive or self.metric.negative:
            return None
        average = metrics.AVERAGE_ORDER_VALUE.value(self.report.sums, self.currency)
        money = self.metric.unit is Unit.MONEY
        return findings.of_series(
            Series(
                label=self.metric.label,
                bucket=self.report.grain.value,
                points=[self._point(bucket) for bucket in self.report.buckets if bucket.days],
                orders=self.report.sums.orders,
                least=LEAST_ORDERS * Decimal(average or 0) if money else Decimal(LEAST_ORDERS),
                shown=lambda amount: words.shown(self.metric, amount, self.currency),
            )
        )

    def _point(self, bucket: Bucket) -> Point:
        earlier = None if bucket.earlier is None else self._amount(bucket.earlier)
        return Point(self._name(bucket), self._amount(bucket.sums), earlier)

    # ── values and names ──────────────────────────────────────────────────────────────────────

    def _value(self, sums: Sums | None) -> Value:
        return None if sums is None else self.metric.value(sums, self.currency)

    def _amount(self, sums: Sums | None) -> Decimal:
        return Decimal(self._value(sums) or 0)

    def _text(self, sums: Sums | None) -> str:
        return words.shown(self.metric, self._value(sums), self.currency)

    def _name(self, bucket: Bucket) -> str:
        days, hour = bucket.days, bucket.hour
        return (
            words.bucket_label(days, self.report.grain, today=self.today, hour=hour) if days else ""
        )

    def _title(self, days: Period | None, hour: int | None) -> str:
        if days is None:
            return "no such day"
        return words.bucket_title(days, self.report.grain, today=self.today, hour=hour)

    def _runs(self, bucket: Bucket) -> bool:
        """Tell whether a bucket is not over yet."""
        if bucket.days is None or bucket.days.last != self.today:
            return False
        now = self.report.coverage.now.astimezone(self.report.coverage.zone)
        return bucket.hour is None or bucket.hour == now.hour

    def _href(self, bucket: Bucket) -> str:
        days = bucket.days or bucket.earlier_days
        return self.links.to_days(days) if days else ""

    def _zone(self) -> str:
        known = self.report.coverage.zone_is_known
        zone = self.report.coverage.zone.key
        return zone if known else f"{zone} until the shop tells its time zone"
