"""Customers by the month of their first order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import accumulate

from analytics.answers.answer import Answer, Body, frame, share
from analytics.answers.figures import OF_COHORTS, picked
from analytics.answers.tables import table
from analytics.metric import average, quotient
from analytics.parameters import ReportParameters
from analytics.periods import Period, add_months
from analytics.reports.cohorts import MONTHS, Cohort, CohortsReport, cohorts_report
from analytics.reports.coverage import Coverage
from analytics.tables import Column, Row, Table
from xenofy.common.money import from_minor


def last_months(coverage: Coverage) -> Period:
    """Return the twelve months of which the page shows the cohorts, the running one included."""
    this = coverage.today.replace(day=1)
    return Period(add_months(this, 1 - MONTHS), coverage.today)


def cohorts_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer how many of each month's new customers came back in which month."""
    report = cohorts_report(parameters.query(), coverage=coverage)
    return Answer(body=lambda: _body(report), table=lambda: _table(report))


def _body(report: CohortsReport) -> Body:
    currency = report.query.currency
    return {
        **frame(report),
        "total": len(report.cohorts),
        "rows": [
            {
                "key": _month(cohort.month),
                "size": cohort.size,
                "cells": _cells(cohort, currency),
            }
            for cohort in report.cohorts
        ],
        "totals": {"size": sum(cohort.size for cohort in report.cohorts)},
    }


def _cells(cohort: Cohort, currency: str) -> list[Body]:
    """Return the month of the first order, then each month after it."""
    cells = [(cohort.size, cohort.mature, cohort.net_sales), *cohort.cells]
    so_far = accumulate(net for _, _, net in cells)
    return [
        {
            "number": number,
            "month": _month(add_months(cohort.month, number)),
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
    said = {"cohort": "First order", "size": "Customers of the cohort", "number": "Months after",
            "month": "Month", "mature": "Over"}  # fmt: skip
    columns = [Column(key=key, label=label) for key, label in said.items()]
    currency = report.query.currency
    rows: list[Row] = [
        [_month(cohort.month), cohort.size, cell["number"], cell["month"],
         "yes" if cell["mature"] else "no", *picked(OF_COHORTS, cell)]
        for cohort in report.cohorts
        for cell in _cells(cohort, currency)
    ]  # fmt: skip
    return table("cohorts", report, columns, OF_COHORTS, rows)


def _month(first: date) -> str:
    return f"{first:%Y-%m}"
