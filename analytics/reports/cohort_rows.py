"""The rows behind a cell of the cohorts: its customers, or its rows of the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from analytics.ledger_rows import Behind
from analytics.metrics import NET_SALES
from analytics.periods import Period, bucket_after, bucket_name
from analytics.reports.behind import Asked, Proven, buyers_of, list_of_buyers, no_such_row
from analytics.reports.cohorts import Cohort, CohortsReport, cohorts_report
from analytics.reports.coverage import Coverage
from analytics.reports.proof import Proof, proof_of_rows
from analytics.reports.query import ReportQuery
from shop_data.models import Order

# Whose first order that counts, in any currency, is of the cohort.
OF_COHORT = """s.customer_shopify_id IN (
    SELECT first.customer_shopify_id FROM shop_data_order AS first
    WHERE first.tenant_id = %(tenant)s AND first.counts AND first.customer_shopify_id IS NOT NULL
    GROUP BY 1 HAVING min(first.day) BETWEEN %(cohort_first)s AND %(cohort_last)s)"""


def behind_cohorts(asked: Asked, query: ReportQuery, coverage: Coverage) -> Proven:
    """Return the customers of a cohort, all of them or those who ordered in one of its cells.

    The size of all cohorts together needs no key.
    """
    report = cohorts_report(query, coverage=coverage)
    whole = asked.metric == "size"
    chosen = report.cohorts if whole and asked.key is None else [_cohort(report, asked.key)]
    number = 0 if whole else asked.number
    return Proven(
        listed=list_of_buyers(*(_customers(cohort, query, number) for cohort in chosen)),
        reported=sum(_cell(cohort, number)[0] for cohort in chosen),
    )


def _customers(cohort: Cohort, query: ReportQuery, number: int) -> QuerySet[Any]:
    """Return who ordered first in a cohort, and in one of its cells."""
    own = days_of(cohort, query, 0)
    ever = Order.objects.filter(counts=True, customer_shopify_id__isnull=False).order_by()
    first = ever.filter(day__range=(own.first, own.last)).values("customer_shopify_id")
    before = ever.filter(day__lt=own.first).values("customer_shopify_id")
    found = buyers_of(days_of(cohort, query, number), query.currency)
    return found.filter(customer_shopify_id__in=first).exclude(customer_shopify_id__in=before)


def proof_of_money(asked: Asked, query: ReportQuery, coverage: Coverage) -> Proof:
    """Return the rows of the ledger that make the net sales of a cell."""
    report = cohorts_report(query, coverage=coverage)
    cohort = _cohort(report, asked.key)
    own, days = days_of(cohort, query, 0), days_of(cohort, query, asked.number)
    query = replace(query, period=days, earlier=None)
    window, _ = query.windows(coverage)
    behind = Behind(
        lines=NET_SALES.lines,
        window=window,
        condition=OF_COHORT,
        more={"cohort_first": own.first, "cohort_last": own.last},
    )
    return proof_of_rows(
        behind,
        query,
        metric=NET_SALES,
        name=asked.key or "",
        reported=_cell(cohort, asked.number)[1],
        coverage=coverage,
    )


def days_of(cohort: Cohort, query: ReportQuery, number: int) -> Period:
    """Return the days of a cell, whole, even where some of them are still to come."""
    first = bucket_after(cohort.start, query.grain, number)
    return Period(first, bucket_after(first, query.grain, 1) - timedelta(days=1))


def _cohort(report: CohortsReport, key: str | None) -> Cohort:
    grain = report.query.grain
    known = {bucket_name(cohort.start, grain): cohort for cohort in report.cohorts}
    if key not in known:
        raise no_such_row(*known)
    return known[key]


def _cell(cohort: Cohort, number: int) -> tuple[int, int]:
    """Return how many ordered and for how much, in minor units."""
    if number == 0:
        return cohort.size, cohort.net_sales
    if number > len(cohort.cells):
        return 0, 0
    cell = cohort.cells[number - 1]
    return cell.active, cell.net_sales
