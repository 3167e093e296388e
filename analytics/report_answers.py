"""Reports as the HTTP contract writes them: a body of JSON, and the rows of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from analytics.exports import Column, Table
from analytics.metrics import METRICS, NET_SALES, STATEMENT, Metric, Unit
from analytics.parameters import ReportParameters
from analytics.reports.breakdowns import Breakdown, SplitRow, breakdown
from analytics.reports.bridge import FORMULA, bridge
from analytics.reports.coverage import Coverage
from analytics.reports.hours import hours_report
from analytics.reports.proof import proof
from analytics.reports.query import ReportQuery
from analytics.reports.sales import SalesBucket, SalesSeries, sales_report
from analytics.reports.splits import OF_ORDERS
from analytics.sums import Sums
from xenofy.common.moments import iso
from xenofy.common.money import from_minor

Body = dict[str, Any]
UNKNOWN_BEFORE = "Sales of all these days are not known."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a report says; `total` is the number of rows of which the body holds a page."""

    body: Body
    table: Callable[[], Table]
    total: int | None = None


class Reported(Protocol):
    """What all reports have."""

    @property
    def query(self) -> ReportQuery: ...
    @property
    def coverage(self) -> Coverage: ...
    @property
    def stale(self) -> int: ...


def statement(sums: Sums, currency: str, metrics: Iterable[Metric] = STATEMENT) -> Body:
    """Return S of the contract, or the part of it that applies."""
    return {metric.key: metric.value(sums, currency) for metric in metrics}


def sales_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer the statement bucket by bucket."""
    report = sales_report(parameters.query(), coverage=coverage)
    currency = report.query.currency
    body = {
        **_frame(report),
        "grain": report.query.grain.value,
        "totals": statement(report.now.totals, currency),
        "buckets": [_bucket(bucket, currency) for bucket in report.now.buckets],
    }
    if report.query.earlier:
        body["comparison"] = _comparison(report.query, report.earlier)
    series = [("current", report.now), ("comparison", report.earlier)]
    rows = [
        [name, _start(bucket), *_values(bucket.sums, STATEMENT, currency)]
        for name, each in series
        if each
        for bucket in each.buckets
    ]
    columns = [Column(key="series", label="Series"), _days(report, "start", "Start")]
    return Answer(body=body, table=lambda: _table("sales", report, columns, STATEMENT, rows))


def breakdown_answer(name: str) -> Callable[[ReportParameters, Coverage], Answer]:
    """Return what answers a split of sales; countries and regions are one address."""

    def answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
        found = breakdown(_split(name, parameters), parameters.query(), coverage=coverage)
        return Answer(
            body=_breakdown_body(found),
            table=lambda: _breakdown_table(name, found),
            total=len(found.rows),
        )

    return answer


def hours_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer the 168 hours of a week."""
    report = hours_report(parameters.query(), coverage=coverage)
    currency = report.query.currency
    body = {
        **_frame(report),
        "rows": [
            {"weekday": each.weekday, "hour": each.hour, "days": each.days,
             **statement(each.sums, currency, OF_ORDERS)}
            for each in report.cells
        ],
        "totals": statement(report.totals, currency, OF_ORDERS),
    }  # fmt: skip
    columns = [Column(key="weekday", label="Weekday (1 is Monday)"), _days(report, "hour", "Hour")]
    rows = [
        [each.weekday, each.hour, *_values(each.sums, OF_ORDERS, currency)] for each in report.cells
    ]
    return Answer(body=body, table=lambda: _table("hours", report, columns, OF_ORDERS, rows))


def bridge_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer the way from the net sales of earlier days to these."""
    report = bridge(parameters.query(), coverage=coverage)
    currency = report.query.currency
    rows = [(step.key, from_minor(step.amount, currency)) for step in report.steps]
    body: Body = {
        **_frame(report),
        "metric": NET_SALES.key,
        "comparison": _days_of(report.query),
        "from": report.earlier and NET_SALES.value(report.earlier, currency),
        "to": NET_SALES.value(report.now, currency),
        "difference": sum((amount for _, amount in rows), from_minor(0, currency))
        if report.earlier
        else None,
        "parts": [{"key": key, "amount": amount, "formula": FORMULA[key]} for key, amount in rows],
    }
    if report.earlier is None:
        body["reason"] = UNKNOWN_BEFORE
    columns = [
        Column(key="key", label="Part"),
        Column(key="amount", label=f"Amount ({currency})"),
    ]
    return Answer(body=body, table=lambda: _table("bridge", report, columns, (), rows))


def proof_answer(name: str) -> Callable[[ReportParameters, Coverage], Answer]:
    """Return what answers the rows behind one figure of a report."""

    def answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
        given = parameters.validated_data
        found = proof(
            _split(name, parameters),
            parameters.query(),
            metric=METRICS[given["metric"]],
            key=given.get("key"),
            coverage=coverage,
        )
        currency = found.query.currency
        money = found.metric.unit is Unit.MONEY
        rows = [
            {
                "key": row.key,
                "happenedAt": iso(row.happened_at),
                "day": row.day.isoformat(),
                "orderId": str(row.order_id),
                "orderName": row.order_name,
                "action": row.action,
                "lineType": row.line_type,
                "quantity": row.quantity,
                "gross": from_minor(row.gross, currency),
                "discount": from_minor(row.discount, currency),
                "tax": from_minor(row.tax, currency),
                "amount": from_minor(row.amount, currency) if money else row.amount,
            }
            for row in found.rows
        ]
        body = {
            **_frame(found),
            "metric": found.metric.key,
            "value": from_minor(found.value, currency) if money else found.value,
            "reported": from_minor(found.reported, currency) if money else found.reported,
            "formula": found.metric.formula,
            "version": found.metric.version,
            "rowCount": found.row_count,
            "rows": rows,
            "page": found.query.page,
            "limit": found.query.limit,
        }
        columns = [Column(key=key, label=key) for key in (rows[0] if rows else {})]
        lines = [list(row.values()) for row in rows]
        return Answer(
            body=body,
            table=lambda: _table("proof", found, columns, (), lines),
            total=found.row_count,
        )

    return answer


# ── parts of bodies ───────────────────────────────────────────────────────────────────────────


def _frame(report: Reported) -> Body:
    query, coverage = report.query, report.coverage
    since = coverage.known_since
    return {
        "currency": query.currency or None,
        "timezone": coverage.zone.key,
        "lens": query.lens.value,
        "startDate": query.period.first.isoformat(),
        "endDate": query.period.last.isoformat(),
        "asOf": iso(coverage.now),
        "knownSince": since and since.isoformat(),
        "daysUpdating": report.stale,
    }


def _bucket(bucket: SalesBucket, currency: str) -> Body:
    return {"start": _start(bucket), **statement(bucket.sums, currency)}


def _start(bucket: SalesBucket) -> str:
    day = bucket.days.first.isoformat()
    return day if bucket.hour is None else f"{day}T{bucket.hour:02}:00"


def _days_of(query: ReportQuery) -> Body | None:
    if query.earlier is None:
        return None
    first, last = query.earlier.first, query.earlier.last
    return {"startDate": first.isoformat(), "endDate": last.isoformat()}


def _comparison(query: ReportQuery, series: SalesSeries | None) -> Body:
    days = _days_of(query) or {}
    if series is None:
        return {**days, "totals": None, "buckets": [], "reason": UNKNOWN_BEFORE}
    buckets = [_bucket(bucket, query.currency) for bucket in series.buckets]
    return {**days, "totals": statement(series.totals, query.currency), "buckets": buckets}


def _split(name: str, parameters: ReportParameters) -> str:
    if name == "geography":
        return "regions" if parameters.validated_data["by"] == "region" else "countries"
    return name


def _breakdown_body(found: Breakdown) -> Body:
    currency = found.query.currency
    summed = [each for each in found.split.metrics if each not in found.split.once]
    body = {
        **_frame(found),
        "total": len(found.rows),
        "page": found.query.page,
        "limit": found.query.limit,
        "rows": [_split_row(found, row) for row in found.shown],
        "totals": statement(found.totals, currency, summed),
    }
    if found.query.earlier:
        earlier = found.earlier and statement(found.earlier, currency, summed)
        body["comparison"] = {**(_days_of(found.query) or {}), "totals": earlier}
    return body


def _split_row(found: Breakdown, row: SplitRow) -> Body:
    currency, metrics = found.query.currency, found.split.metrics
    body = {
        "key": row.key,
        "name": row.name,
        **statement(row.sums, currency, metrics),
        "share": _share(row),
    }
    if row.earlier is not None:
        body["comparison"] = statement(row.earlier, currency, metrics)
    return body


def _share(row: SplitRow) -> Decimal | None:
    return row.share if row.share is None else row.share.quantize(Decimal("0.000001"))


# ── tables ────────────────────────────────────────────────────────────────────────────────────


def _breakdown_table(name: str, found: Breakdown) -> Table:
    metrics, currency = found.split.metrics, found.query.currency
    columns = [Column(key="key", label="Key"), Column(key="name", label=found.split.label)]
    rows = [[row.key, row.name, *_values(row.sums, metrics, currency)] for row in found.rows]
    return _table(name, found, columns, metrics, rows)


def _values(sums: Sums, metrics: Iterable[Metric], currency: str) -> list[Any]:
    return [metric.value(sums, currency) for metric in metrics]


def _days(report: Reported, key: str, label: str) -> Column:
    return Column(key=key, label=f"{label} ({report.coverage.zone.key})")


def _table(
    name: str,
    report: Reported,
    columns: Sequence[Column],
    metrics: Iterable[Metric],
    rows: Sequence[Sequence[Any]],
) -> Table:
    query = report.query
    money = f" ({query.currency})" if query.currency else ""
    figures = [
        Column(key=each.key, label=each.label + (money if each.unit is Unit.MONEY else ""))
        for each in metrics
    ]
    days = f"{query.period.first}-to-{query.period.last}"
    return Table(name=f"{name}-{days}", columns=[*columns, *figures], rows=rows)
