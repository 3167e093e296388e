"""Customers by the week, month or quarter of their first order, and when they came back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import DateField, Sum
from django.db.models.functions import Trunc

from analytics.enums import Grain, Lens
from analytics.models import CohortDay
from analytics.periods import Period, bucket_after, bucket_start
from analytics.reports.coverage import Coverage
from analytics.reports.query import ReportQuery

MONTHS, QUARTERS = 12, 8
GRAINS = (Grain.WEEK, Grain.MONTH, Grain.QUARTER)


class _Deed(NamedTuple):
    active: int
    net_sales: int


Deeds = defaultdict[tuple[date, date], _Deed]


class Cell(NamedTuple):
    """How many customers of a cohort ordered in one week, month or quarter, and for how much net.

    In minor units; `mature` once it is over.
    """

    active: int
    mature: bool
    net_sales: int


class Cohort(NamedTuple):
    """The customers whose first order was in the week, month or quarter that begins on `start`.

    The cells begin with the one after it.
    """

    start: date
    size: int
    mature: bool
    net_sales: int  # of the first one itself
    cells: list[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortsReport:
    """The cohorts of a period; `stale` of their days wait to be recomputed."""

    query: ReportQuery
    coverage: Coverage
    cohorts: list[Cohort]
    stale: int


def last_cohorts(coverage: Coverage, grain: Grain) -> Period:
    """Return the days of the last cohorts: twelve weeks or months, or eight quarters.

    The running one is included.
    """
    this = bucket_start(coverage.today, grain)
    count = QUARTERS if grain is Grain.QUARTER else MONTHS
    return Period(bucket_after(this, grain, 1 - count), coverage.today)


def cohorts_report(query: ReportQuery, *, coverage: Coverage) -> CohortsReport:
    """Return the cohorts that began in a period, followed until today."""
    live, first = coverage.live, bucket_start(query.period.first, query.grain)
    return CohortsReport(
        query=query,
        coverage=coverage,
        cohorts=cohorts(
            currency=query.currency,
            today=coverage.today,
            period=query.period,
            grain=query.grain,
            lens=query.lens,
        ),
        stale=sum(day >= first for day in live.days | live.stale),
    )


def latest_cohorts(currency: str, grain: Grain, *, coverage: Coverage) -> CohortsReport:
    """Return the last cohorts, which the page shows."""
    days = last_cohorts(coverage, grain)
    query = ReportQuery(period=days, earlier=None, currency=currency, grain=grain)
    return cohorts_report(query, coverage=coverage)


def cohorts(
    *,
    currency: str,
    today: date,
    period: Period,
    grain: Grain,
    lens: Lens = Lens.EVENT,
) -> list[Cohort]:
    """Return the cohorts of a period that have customers, the oldest first."""
    this = bucket_start(today, grain)
    first = bucket_start(period.first, grain)
    deeds = _deeds(currency, first, grain, lens)
    starts = [days.first for days in Period(first, today).buckets(grain)]
    return [_cohort(start, starts, deeds, this) for start in starts
            if start <= period.last and deeds[start, start].active]  # fmt: skip


def _cohort(start: date, starts: list[date], deeds: Deeds, this: date) -> Cohort:
    own = deeds[start, start]
    return Cohort(
        start,
        own.active,
        start < this,
        own.net_sales,
        [
            Cell(deeds[start, later].active, later < this, deeds[start, later].net_sales)
            for later in starts
            if later > start
        ],
    )


def _deeds(currency: str, first: date, grain: Grain, lens: Lens) -> Deeds:
    """Return what the customers of each cohort did in each week, month or quarter."""
    found = CohortDay.objects.filter(
        day__gte=first, cohort__gte=first, currency=currency, part__in=lens.parts
    )
    in_bucket = Trunc("day", grain.value, output_field=DateField())
    rows = found.order_by().values_list("cohort", in_bucket)
    deeds: Deeds = defaultdict(lambda: _Deed(0, 0))
    for day, bucket, active, net in rows.annotate(Sum(f"active_{grain.value}"), Sum("net_sales")):
        of = bucket_start(day, grain), bucket
        deeds[of] = _Deed(deeds[of].active + int(active), deeds[of].net_sales + int(net))
    return deeds
