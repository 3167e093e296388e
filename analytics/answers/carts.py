"""Checkouts: completed, abandoned and recovered."""

from __future__ import annotations

from decimal import Decimal

from analytics import metrics
from analytics.answers.answer import (
    UNKNOWN_BEFORE,
    Answer,
    Body,
    Framed,
    earlier_days,
    frame,
    growth,
    share,
    statement,
)
from analytics.answers.shapes import answer_of, compared, figures_of
from analytics.answers.tables import column_of, day_column, table
from analytics.figures.carts import ABANDONED, COMPLETED, OF_CARTS
from analytics.metric import quotient
from analytics.parameters import ReportParameters
from analytics.periods import Period
from analytics.reports.carts import CartsReport, carts
from analytics.reports.coverage import Coverage
from analytics.reports.query import ReportQuery
from analytics.sums import NO_SUMS, total_of
from xenofy.common.money import from_minor, to_minor
from xenofy.common.shapes import Day, Keys, ListOf, OrNull
from xenofy.common.tables import Column, Table

OF_CHECKOUTS = (metrics.CHECKOUT_COMPLETED, metrics.CHECKOUT_ABANDONMENT)

_BUCKET = {"start": Day, **figures_of((COMPLETED, ABANDONED, *OF_CHECKOUTS))}
_TOTALS = Keys(figures_of((*OF_CARTS, *OF_CHECKOUTS)))
_BUCKETS = {"buckets": ListOf(Keys(_BUCKET))}
CARTS = answer_of(
    {"grain": str, "totals": _TOTALS, **_BUCKETS},
    compared({"totals": OrNull(_TOTALS), **_BUCKETS}, figures=(*OF_CARTS, *OF_CHECKOUTS)),
)


def carts_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer the checkouts that were begun in a period."""
    query = parameters.query()
    framed = Framed(query=query, coverage=coverage, stale=query.stale(coverage))
    report = carts(query.period, currency=query.currency, live=coverage.live, now=coverage.now)

    def body() -> Body:
        found = {**frame(framed), "grain": query.grain.value, **_told(report, query.period, query)}
        if query.earlier:
            found["comparison"] = _comparison(found["totals"], query.earlier, query, coverage)
        return found

    return Answer(body=body, table=lambda: _table(framed, report))


def _comparison(now: Body, earlier: Period, query: ReportQuery, coverage: Coverage) -> Body:
    days = earlier_days(query) or {}
    if not coverage.covers(earlier.first):
        return {**days, "totals": None, "buckets": [], "reason": UNKNOWN_BEFORE}
    before = carts(earlier, currency=query.currency, live=coverage.live, now=coverage.now)
    told = _told(before, earlier, query)
    return {**days, **told, **growth((*OF_CARTS, *OF_CHECKOUTS), now, told["totals"])}


def _told(report: CartsReport, period: Period, query: ReportQuery) -> Body:
    return {
        "totals": _totals(report, query.currency),
        "buckets": _buckets(report, period, query),
    }


def _totals(report: CartsReport, currency: str) -> Body:
    sums = total_of([NO_SUMS, *report.days.values()])
    return {
        "abandoned": report.open,
        "abandonedValue": _money(report.value, currency),
        "withEmail": report.with_email,
        "recovered": report.recovered,
        "recoveredValue": _money(report.recovered_value, currency),
        "completed": report.completed,
        "recoveryRate": share(quotient(report.recovered, report.recovered + report.open)),
        **statement(sums, currency, OF_CHECKOUTS),
    }


def _money(amount: Decimal, currency: str) -> Decimal:
    return from_minor(to_minor(amount, currency), currency)


def _buckets(report: CartsReport, period: Period, query: ReportQuery) -> list[Body]:
    found = []
    for days in period.buckets(query.grain):
        sums = total_of(
            [NO_SUMS, *(report.days[day] for day in days.dates() if day in report.days)]
        )
        found.append(
            {
                "start": days.first.isoformat(),
                "completed": sums.checkouts_completed,
                "abandoned": sums.checkouts_abandoned,
                **statement(sums, query.currency, OF_CHECKOUTS),
            }
        )
    return found


def _table(framed: Framed, report: CartsReport) -> Table:
    query = framed.query
    figures: list[Column] = [column_of(each, query.currency) for each in (COMPLETED, ABANDONED)]
    figures += [column_of(each, query.currency) for each in OF_CHECKOUTS]
    rows = [list(bucket.values()) for bucket in _buckets(report, query.period, query)]
    columns = [day_column(framed, "start", "Start"), *figures]
    return table("abandoned-carts", framed, columns, (), rows)
