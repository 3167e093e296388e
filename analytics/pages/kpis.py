"""The strip of figures under the statement (components/kpi.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics import metrics
from analytics.charts import spark_points, trend
from analytics.metric import Metric, Value
from analytics.pages import words
from analytics.pages.figure import Charted, rows_of
from analytics.pages.links import Links
from analytics.sums import Sums
from xenofy.common.formats import Change

STRIP = (
    metrics.ORDERS,
    metrics.AVERAGE_ORDER_VALUE,
    metrics.NEW_CUSTOMERS,
    metrics.RETURNING_ORDERS,
    metrics.RETURNED_VALUE,
    metrics.CHECKOUT_COMPLETED,
)
WHY_UNKNOWN = {
    metrics.CHECKOUT_COMPLETED: "no checkouts known",
    metrics.RETURNED_VALUE: "nothing sold",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """The inputs of components/spark.html."""

    current: str
    earlier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """The inputs of components/kpi.html."""

    label: str
    value: str
    href: str
    rows: str
    current: bool
    change: Change | None
    was: str
    title: str
    spark: Spark | None


def kpis(
    report: Charted, links: Links, strip: Sequence[Metric] = STRIP, back: Metric = metrics.NET_SALES
) -> list[Kpi]:
    """Return the strip; each figure leads to its own chart, the current one to that of `back`."""
    return [_kpi(report, links, metric, back) for metric in strip]


def _kpi(report: Charted, links: Links, metric: Metric, back: Metric) -> Kpi:
    currency, current = report.query.currency, metric is report.query.metric
    value = metric.value(report.sums, currency)
    compared = report.earlier is not None and value is not None
    growth = words.change(metric, report.sums, report.earlier, currency)
    return Kpi(
        label=metric.label,
        value=words.shown(metric, value, currency),
        href=links.to(metric=back.key if current else metric.key),
        rows=rows_of(report, metric, report.query.period) if value else "",
        current=current,
        change=growth if compared else None,
        was=_was(report, metric) if value is not None else WHY_UNKNOWN.get(metric, "no orders"),
        title=metric.formula,
        spark=_spark(report, metric),
    )


def _was(report: Charted, metric: Metric) -> str:
    value = _value(report, metric, report.earlier)
    return "" if value is None else f"was {words.aside(metric, value, report.query.currency)}"


def _spark(report: Charted, metric: Metric) -> Spark | None:
    """Return the trend; None where there are not even two points of it."""
    now = trend([_value(report, metric, bucket.sums) for bucket in report.buckets])
    then = trend([_value(report, metric, bucket.earlier) for bucket in report.buckets])
    known = [value for value in (*now, *then) if value is not None]
    if sum(value is not None for value in now) < 2:
        return None
    low, high = min(known), max(known)
    return Spark(
        current=spark_points(now, low=low, high=high),
        earlier=spark_points(then, low=low, high=high),
    )


def _value(report: Charted, metric: Metric, sums: Sums | None) -> Value:
    return None if sums is None else metric.value(sums, report.query.currency)
