"""What still has to be sent, and how long orders took."""

from __future__ import annotations

from analytics.answers.answer import Answer, Body, Framed, earlier_days, frame
from analytics.answers.figures import OF_TIMES, hundredths
from analytics.answers.tables import table
from analytics.parameters import ReportParameters
from analytics.reports.coverage import Coverage
from analytics.reports.fulfilment import (
    FulfilmentReport,
    OpenByAge,
    Times,
    fulfilment,
    times_of,
)
from analytics.tables import Column, Row, Table

AGES = {"fresh": (0, 24), "waiting": (24, 48), "late": (48, None)}  # hours


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
        }
        if query.earlier:
            known = coverage.covers(query.earlier.first)
            times = _times(*times_of(query.earlier, live=coverage.live)) if known else None
            found["comparison"] = {**(earlier_days(query) or {}), "times": times}
        return found

    return Answer(body=body, table=lambda: _table(framed, report))


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
