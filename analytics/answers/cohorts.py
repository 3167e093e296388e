"""Customers by the week, month or quarter of their first order."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate
from typing import Annotated, TypedDict

from analytics.answers.answer import Answer, Body, frame, picked, share
from analytics.answers.shapes import answer_of
from analytics.answers.tables import table
from analytics.figures.cohorts import OF_COHORTS
from analytics.metric import average, quotient
from analytics.parameters import ReportParameters
from analytics.periods import bucket_after, bucket_name
from analytics.reports.cohorts import Cohort, CohortsReport, cohorts_report
from analytics.reports.coverage import Coverage
from analytics.reports.query import ReportQuery
from xenofy.common.money import from_minor
from xenofy.common.shapes import Count, Money, Share
from xenofy.common.tables import Column, Row, Table

MOST_COHORTS = 160  # each has a cell for every week, month or quarter since


class _CellBody(TypedDict):
    number: Annotated[int, "0 is the time of the first order."]
    period: Annotated[str, "As the key of a cohort."]
    mature: Annotated[bool, "Whether it is over."]
    customers: Count
    retention: Share | None
    netSales: Money
    netSalesPerCustomer: Annotated[Money | None, "Up to and with it."]


class _CohortBody(TypedDict):
    key: Annotated[str, "`2026-10`, or the name of a week or quarter."]
    size: Count
    cells: list[_CellBody]


class _SizeBody(TypedDict):
    size: Count


COHORTS = answer_of({"grain": str, "total": Count, "rows": list[_CohortBody], "totals": _SizeBody})


def cohorts_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer how many of each cohort's customers came back when, and for how much."""
    report = cohorts_report(parameters.query(), coverage=coverage)
    return Answer(body=lambda: _body(report), table=lambda: _table(report))


def _body(report: CohortsReport) -> Body:
    return {
        **frame(report),
        "grain": report.query.grain.value,
        "total": len(report.cohorts),
        "rows": [
            {
                "key": bucket_name(cohort.start, report.query.grain),
                "size": cohort.size,
                "cells": _cells(cohort, report.query),
            }
            for cohort in report.cohorts
        ],
        "totals": {"size": sum(cohort.size for cohort in report.cohorts)},
    }


def _cells(cohort: Cohort, query: ReportQuery) -> list[Body]:
    """Return the week, month or quarter of the first order, then each one after it."""
    currency, grain = query.currency, query.grain
    cells = [(cohort.size, cohort.mature, cohort.net_sales), *cohort.cells]
    so_far = accumulate(net for _, _, net in cells)
    return [
        {
            "number": number,
            "period": bucket_name(bucket_after(cohort.start, grain, number), grain),
            "mature": mature,
            "customers": active,
            "retention": share(quotient(active, cohort.size)),
            "netSales": from_minor(net, currency),
            "netSalesPerCustomer": _per_customer(total, cohort.size, currency),
        }
        for number, ((active, mature, net), total) in enumerate(zip(cells, so_far, strict=True))
    ]


def _per_customer(net: int, size: int, currency: str) -> Decimal | None:
    value = average(net, size)
    return None if value is None else from_minor(value, currency)


def _table(report: CohortsReport) -> Table:
    said = {"cohort": "First order", "size": "Customers of the cohort", "number": "Number after it",
            "period": "Period", "mature": "Over"}  # fmt: skip
    columns = [Column(key=key, label=label) for key, label in said.items()]
    query = report.query
    rows: list[Row] = [
        [bucket_name(cohort.start, query.grain), cohort.size, cell["number"], cell["period"],
         "yes" if cell["mature"] else "no", *picked(OF_COHORTS, cell)]
        for cohort in report.cohorts
        for cell in _cells(cohort, query)
    ]  # fmt: skip
    return table("cohorts", report, columns, OF_COHORTS, rows)
