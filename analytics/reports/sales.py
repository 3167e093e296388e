"""Sales: the statement of a period, bucket by bucket, beside those of an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from analytics.buyers import Buyers, Stretch, buyers_by_gaps, buyers_by_orders
from analytics.enums import Dimension, Grain
from analytics.periods import Period
from analytics.reports.coverage import Coverage
from analytics.reports.query import ReportQuery
from analytics.sales_reads import Window, sales_by
from analytics.series import paired
from analytics.sums import NO_SUMS, Sums, total_of

HOURS = range(24)


class SalesBucket(NamedTuple):
    """One row of the statement; `hour` is None but in a series of hours."""

    days: Period
    hour: int | None
    sums: Sums


class SalesSeries(NamedTuple):
    """A period, its totals, and each of its buckets, empty ones too, oldest first."""

    period: Period
    totals: Sums
    buckets: tuple[SalesBucket, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesReport:
    """Both series, bucket by bucket side by side.

    `earlier` is None without a comparison and where its days are not known.
    `stale` of the days of both periods wait to be recomputed.
    """

    query: ReportQuery
    coverage: Coverage
    now: SalesSeries
    earlier: SalesSeries | None
    stale: int


def sales_report(query: ReportQuery, *, coverage: Coverage) -> SalesReport:
    """Return the sales statement of a period by the grain that is asked for."""
    now, before = query.windows(coverage)
    pairs = paired(query.period, before.period if before else None, query.grain)
    days = [current for current, _ in pairs if current]
    earlier = [counterpart for _, counterpart in pairs if counterpart]
    return SalesReport(
        query=query,
        coverage=coverage,
        now=_series(now, days, query.grain, coverage),
        earlier=_series(before, earlier, query.grain, coverage) if before else None,
        stale=query.stale(coverage),
    )


def _series(
    window: Window, days: Sequence[Period], grain: Grain, coverage: Coverage
) -> SalesSeries:
    buckets = _by_hour(window) if grain is Grain.HOUR else _by_days(window, days)
    totals = total_of([NO_SUMS, *(bucket.sums for bucket in buckets)])
    stretches = [Stretch(window.period, None, window.clock)]
    stretches += [_stretch(bucket, window) for bucket in buckets]
    whole, *each = _buyers(stretches, window, grain, coverage)
    return SalesSeries(
        window.period,
        _with_buyers(totals, whole),
        tuple(
            bucket._replace(sums=_with_buyers(bucket.sums, buyers))
            for bucket, buyers in zip(buckets, each, strict=True)
        ),
    )


def _by_days(window: Window, periods: Sequence[Period]) -> list[SalesBucket]:
    found = sales_by(window, Dimension.TOTAL, ("day",))
    return [SalesBucket(days, None, total_of([NO_SUMS, *_within(found, days)])) for days in periods]


def _within(found: dict[tuple[date], Sums], days: Period) -> list[Sums]:
    return [found[(day,)] for day in days.dates() if (day,) in found]


def _by_hour(window: Window) -> list[SalesBucket]:
    """Return 24 buckets of each day; the hour that daylight saving leaves out is empty."""
    found = sales_by(window, Dimension.HOUR, ("day", "key"))
    return [
        SalesBucket(Period(day, day), hour, found.get((day, f"{hour:02}"), NO_SUMS))
        for day in window.period.dates()
        for hour in HOURS
    ]


def _stretch(bucket: SalesBucket, window: Window) -> Stretch:
    cut = bucket.days.last == window.period.last
    return Stretch(bucket.days, bucket.hour, window.clock if cut else None)


def _buyers(
    stretches: Sequence[Stretch], window: Window, grain: Grain, coverage: Coverage
) -> list[Buyers]:
    whole_days = grain is not Grain.HOUR and window.clock is None
    if whole_days and len(coverage.currencies) <= 1:
        return buyers_by_gaps(stretches, live=window.live)
    return buyers_by_orders(stretches, currency=window.currency, zone=window.zone)


def _with_buyers(sums: Sums, buyers: Buyers) -> Sums:
    return sums._replace(customers=buyers.customers, returning_customers=buyers.returning)
