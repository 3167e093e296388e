"""What still has to be sent, and how long orders took."""

from __future__ import annotations

from typing import Literal, TypedDict

from analytics.answers.answer import (
    UNKNOWN_BEFORE,
    Answer,
    Body,
    Framed,
    earlier_days,
    frame,
    growth,
    hundredths,
)
from analytics.answers.shapes import Hundredths, answer_of, compared, figures_of
from analytics.answers.tables import table
from analytics.figures.fulfilment import OF_FULFILMENT, OF_PERIOD, OF_TIMES
from analytics.parameters import ReportParameters
from analytics.reports.coverage import Coverage
from analytics.reports.fulfilment import (
    FulfilmentReport,
    OpenByAge,
    Times,
    fulfilment,
    times_of,
)
from analytics.reports.query import ReportQuery
from xenofy.common.shapes import Count, Keys, OrNull
from xenofy.common.tables import Column, Row, Table

AGES = {"fresh": (0, 24), "waiting": (24, 48), "late": (48, None)}  # hours


class _AgeBody(TypedDict):
    key: Literal["fresh", "waiting", "late"]
    fromHours: Count
    toHours: int | None
    orders: Count


class _OpenBody(TypedDict):
    total: Count
    partial: Count
    ages: list[_AgeBody]


class _TimesBody(TypedDict):
    key: Literal["fulfilled", "delivered"]
    orders: Count
    medianHours: Hundredths | None
    p90Hours: Hundredths | None


FULFILMENT = answer_of(
    {"open": _OpenBody, "times": list[_TimesBody], "totals": Keys(figures_of(OF_FULFILMENT))},
    compared(
        {"times": list[_TimesBody] | None, "totals": OrNull(Keys(figures_of(OF_PERIOD)))},
        figures=OF_PERIOD,
    ),
)


def fulfilment_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer the open orders by age, and the times of the orders of a period."""
    query = parameters.query()
    framed = Framed(query=query, coverage=coverage, stale=query.stale(coverage))
    report = fulfilment(query.period, live=coverage.live, now=coverage.now)

    def body() -> Body:
        found = {
            **frame(framed),
            "open": _open(report.open),
            "times": _times(report.sent, report.delivered),
            "totals": {**_ages(report.open), **_of_times(report.sent, report.delivered)},
        }
        if query.earlier:
            found["comparison"] = _comparison(found["totals"], query, coverage)
        return found

    return Answer(body=body, table=lambda: _table(framed, report))


def _comparison(now: Body, query: ReportQuery, coverage: Coverage) -> Body:
    """Return the times of earlier days; what is open is so now, and has no earlier figure."""
    days = earlier_days(query) or {}
    if query.earlier is None or not coverage.covers(query.earlier.first):
        return {**days, "times": None, "totals": None, "reason": UNKNOWN_BEFORE}
    both = times_of(query.earlier, live=coverage.live)
    totals = _of_times(*both)
    return {**days, "times": _times(*both), "totals": totals, **growth(OF_PERIOD, now, totals)}


def _ages(orders: OpenByAge) -> Body:
    return {"open": orders.total, **{key: getattr(orders, key) for key in (*AGES, "partial")}}


def _of_times(sent: Times, delivered: Times) -> Body:
    return {
        "fulfilled": sent.orders,
        "delivered": delivered.orders,
        "medianHours": hundredths(sent.median),
        "p90Hours": hundredths(sent.p90),
        "medianHoursToDelivery": hundredths(delivered.median),
        "p90HoursToDelivery": hundredths(delivered.p90),
    }


def _open(orders: OpenByAge) -> Body:
    return {
        "total": orders.total,
        "partial": orders.partial,
        "ages": [
            {"key": key, "fromHours": first, "toHours": last, "orders": getattr(orders, key)}
            for key, (first, last) in AGES.items()
        ],
    }


def _times(sent: Times, delivered: Times) -> list[Body]:
    return [
        {
            "key": key,
            "orders": times.orders,
            "medianHours": hundredths(times.median),
            "p90Hours": hundredths(times.p90),
        }
        for key, times in (("fulfilled", sent), ("delivered", delivered))
    ]


def _table(framed: Framed, report: FulfilmentReport) -> Table:
    columns = [Column(key="key", label="Orders that are"), Column(key="orders", label="Orders")]
    rows: list[Row] = [[key, getattr(report.open, key), None, None] for key in (*AGES, "partial")]
    rows += [list(each.values()) for each in _times(report.sent, report.delivered)]
    return table("fulfillment", framed, columns, OF_TIMES, rows)
