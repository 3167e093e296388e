"""Customers by the month of their first order, and how many of them came back in which month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from analytics.enums import Grain, Lens
from analytics.models import CohortDay
from analytics.periods import Period, add_months
from analytics.reports.coverage import Coverage
from analytics.reports.query import ReportQuery

MONTHS = 12


class _Deed(NamedTuple):
    active: int
    net_sales: int


Deeds = defaultdict[tuple[date, date], _Deed]


class Cell(NamedTuple):
    """How many customers of a cohort ordered in one month, and for how much net, in minor units.

    `mature` once the month is over.
    """

    active: int
    mature: bool
    net_sales: int


class Cohort(NamedTuple):
    """The customers whose first order was in `month`; the cells begin with the month after it."""

    month: date
    size: int
    mature: bool
    net_sales: int  # of the month itself
    cells: list[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortsReport:
    """The cohorts of the months of a period; `stale` of their days wait to be recomputed."""

    query: ReportQuery
    coverage: Coverage
    cohorts: list[Cohort]
    stale: int


def cohorts_report(query: ReportQuery, *, coverage: Coverage) -> CohortsReport:
    """Return the cohorts that began in a period, followed until today."""
    live, first = coverage.live, query.period.first.replace(day=1)
    return CohortsReport(
        query=query,
        coverage=coverage,
        cohorts=cohorts(
            currency=query.currency, today=coverage.today, period=query.period, lens=query.lens
        ),
        stale=sum(day >= first for day in live.days | live.stale),
    )


def cohorts(
    *, currency: str, today: date, period: Period | None = None, lens: Lens = Lens.EVENT
) -> list[Cohort]:
    """Return the cohorts of the months of a period, of the last twelve without one.

    The oldest comes first.
    """
    this = today.replace(day=1)
    period = period or Period(add_months(this, 1 - MONTHS), today)
    first, last = period.first.replace(day=1), period.last.replace(day=1)
    deeds = _deeds(currency, first, lens)
    months = [days.first for days in Period(first, today).buckets(Grain.MONTH)]
    return [_cohort(month, months, deeds, this) for month in months
            if month <= last and deeds[month, month].active]  # fmt: skip


def _cohort(month: date, months: list[date], deeds: Deeds, this: date) -> Cohort:
    own = deeds[month, month]
    return Cohort(
        month,
        own.active,
        month < this,
        own.net_sales,
        [
            Cell(deeds[month, later].active, later < this, deeds[month, later].net_sales)
            for later in months
            if later > month
        ],
    )


def _deeds(currency: str, first: date, lens: Lens) -> Deeds:
    """Return what the customers of each cohort did in each month."""
    found = CohortDay.objects.filter(
        day__gte=first, cohort__gte=first, currency=currency, part__in=lens.parts
    )
    rows = found.order_by().values_list("cohort", TruncMonth("day"))
    deeds: Deeds = defaultdict(lambda: _Deed(0, 0))
    for cohort, month, active, net in rows.annotate(Sum("active_month"), Sum("net_sales")):
        had = deeds[cohort.replace(day=1), month]
        deeds[cohort.replace(day=1), month] = _Deed(
            had.active + int(active), had.net_sales + int(net)
        )
    return deeds
