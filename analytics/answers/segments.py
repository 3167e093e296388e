"""Customers in four segments, of which each customer is in one."""

from __future__ import annotations

from analytics.answers.answer import Answer, Body, Framed, frame, picked, share
from analytics.answers.shapes import answer_of, figures_of
from analytics.answers.tables import table
from analytics.data.situation_shapes import SegmentBody, ThresholdsBody
from analytics.figures import OF_SEGMENTS, SEGMENTS, SHARE
from analytics.metric import quotient
from analytics.parameters import ReportParameters
from analytics.reports.coverage import Coverage
from analytics.reports.segments import Segment, Segments, segments
from xenofy.common.money import from_minor
from xenofy.common.shapes import Count, Keys
from xenofy.common.tables import Column, Table

NAMED = {figure.key: figure for figure in SEGMENTS}

SEGMENTS_SHAPE = answer_of(
    {
        "thresholds": ThresholdsBody,
        "total": Count,
        "rows": list[SegmentBody],
        "totals": Keys(figures_of((*SEGMENTS, *OF_SEGMENTS))),
    }
)


def segments_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer how many customers are of high value, regular, new and of low value, as it is now."""
    query = parameters.query()
    live = coverage.live
    framed = Framed(query=query, coverage=coverage, stale=len(live.days) + len(live.stale))
    found = segments(currency=query.currency, coverage=coverage)
    return Answer(body=lambda: _body(framed, found), table=lambda: _table(framed, found))


def _body(framed: Framed, found: Segments) -> Body:
    limits, currency = found.thresholds, framed.query.currency
    net = sum(each.net_sales for each in found.segments)
    return {
        **frame(framed),
        "thresholds": {
            "highValue": from_minor(limits.high, currency),
            "lowValue": from_minor(limits.low, currency),
            "newSince": limits.new_since.isoformat(),
        },
        "total": len(found.segments),
        "rows": _rows(framed, found),
        "totals": {
            **{each.key: each.customers for each in found.segments},
            "customers": _people(found),
            "netSales": from_minor(net, currency),
        },
    }


def _people(found: Segments) -> int:
    return sum(each.customers for each in found.segments)


def _rows(framed: Framed, found: Segments) -> list[Body]:
    return [_row(each, _people(found), framed.query.currency) for each in found.segments]


def _row(each: Segment, whole: int, currency: str) -> Body:
    figure = NAMED[each.key]
    return {
        "key": each.key,
        "name": figure.label,
        "customers": each.customers,
        "netSales": from_minor(each.net_sales, currency),
        "share": share(quotient(each.customers, whole)),
        "rule": figure.formula,
    }


def _table(framed: Framed, found: Segments) -> Table:
    said = {"key": "Key", "name": "Segment", "rule": "Rule"}
    columns = [Column(key=key, label=label) for key, label in said.items()]
    figures = (*OF_SEGMENTS, SHARE)
    rows = [[*(row[key] for key in said), *picked(figures, row)] for row in _rows(framed, found)]
    return table("segments", framed, columns, figures, rows)
