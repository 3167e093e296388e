"""The Overview: a statement with its proof, one metric as a series, products, today so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from analytics.enums import Comparison, Grain, Lens, Preset
from analytics.ledger_sums import money_of_window, sales_so_far
from analytics.metric import Metric
from analytics.metrics import METRICS, NET_SALES
from analytics.periods import CHARTED, Period
from analytics.reports.checkouts import checkouts_by_day
from analytics.reports.coverage import Coverage
from analytics.reports.live import sales_by_day, sums_of
from analytics.reports.products import TopProducts, top_products
from analytics.series import paired
from analytics.sums import LEDGER_MONEY, NO_SUMS, Sums, total_of
from shop_data.reconciliation.results import Checked, checked

WIDE = (Grain.QUARTER, Grain.YEAR)  # never too many
ADDED_UP = 10_000  # rows of the ledger at most, with each page: some milliseconds
WEEK = timedelta(days=7)
CHECKED = (
    NET_SALES,
    *(each for each in METRICS.values() if each.lines and set(each.lines) <= set(LEDGER_MONEY)),
)

SumsByDay = dict[date, Sums]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewQuery:
    """What a page of figures is asked for; `grain` may be finer than the period allows.

    `period` has known days only. `compared` are chosen days to compare with, whatever `comparison`
    says.
    """

    preset: Preset
    period: Period
    comparison: Comparison
    grain: Grain
    metric: Metric
    currency: str
    lens: Lens = Lens.EVENT
    compared: Period | None = None

    @property
    def earlier(self) -> Period | None:
        """Return the days to compare with; nothing was before all time."""
        if self.preset is Preset.ALL:
            return None
        return self.compared or self.period.compared(self.comparison)

    def grains(self) -> list[Grain]:
        """Return the grains whose buckets can be told apart in both periods."""
        earlier = self.earlier.grains() if self.earlier else CHARTED
        fine = [grain for grain in self.period.grains() if grain in earlier]
        wide = [grain for grain in WIDE if len(self.period.buckets(grain)) > 1]
        return [*(fine or [Grain.MONTH]), *wide]

    def fitting(self) -> Grain:
        """Return the grain, or the finest that fits where it has too many buckets."""
        return self.grain if self.grain in self.grains() else self.grains()[0]


class Bucket(NamedTuple):
    """One bar and its counterpart; either side may be missing, `earlier` also be unknown.

    `hour` is None but in a series of hours.
    """

    days: Period | None
    sums: Sums | None
    earlier_days: Period | None
    earlier: Sums | None
    hour: int | None = None


class Proof(NamedTuple):
    """What a statement says and what the ledger rows of its days add up to.

    `found` is None where the rows are more than are added up with each page. `stale` of the days
    wait to be recomputed.
    """

    stated: Sums
    found: Sums | None
    stale: int

    def gap(self) -> tuple[Metric, int] | None:
        """Return the first amount that differs, and by how many minor units; None if all agree."""
        if self.found is None:
            return None
        for metric in CHECKED:
            gap = int(metric.of(self.stated) or 0) - int(metric.of(self.found) or 0)
            if gap:
                return metric, gap
        return None


class TodaySoFar(NamedTuple):
    """Today, and the same weekday of last week up to this time of day (None: not known)."""

    sums: Sums
    week_before: date
    earlier: Sums | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The figures of the page.

    `earlier` is None without a comparison, and where its days are not known from the first on.
    `stale` of the days of both periods wait to be recomputed. `checked` says how the period stands
    against Shopify, None where that is unknown.
    """

    query: OverviewQuery
    coverage: Coverage
    grain: Grain
    sums: Sums
    earlier_days: Period | None
    earlier: Sums | None
    buckets: tuple[Bucket, ...]
    stale: int
    proof: Proof
    checked: Checked | None
    products: TopProducts
    today: TodaySoFar


def overview(query: OverviewQuery, *, coverage: Coverage) -> Overview:
    """Return the figures of a period beside those of an earlier one.

    A period that is still running is compared with the same stretch up to the same time of day.
    """
    earlier = query.earlier
    known = earlier if earlier and coverage.covers(earlier.first) else None
    so_far = _so_far(query, earlier, coverage)
    days = _days(query, earlier, coverage, so_far)
    sums = _sums_within(days, query.period)
    return Overview(
        query=query,
        coverage=coverage,
        grain=query.fitting(),
        sums=sums,
        earlier_days=earlier,
        earlier=_sums_within(days, known) if known else None,
        buckets=_buckets(query, known, days),
        stale=_stale(coverage, query.period, known),
        proof=_prove(sums, query, coverage),
        checked=_checked(query),
        products=top_products(
            query.period, currency=query.currency, live=coverage.live, lens=query.lens
        ),
        today=_today(coverage, so_far),
    )


def _checked(query: OverviewQuery) -> Checked | None:
    """Return how the period stands against Shopify, whose days have returns on their own day."""
    if query.lens is not Lens.EVENT:
        return None
    return checked(query.period.first, query.period.last, query.currency)


def _so_far(query: OverviewQuery, earlier: Period | None, coverage: Coverage) -> SumsByDay:
    """Return the days that are only looked at up to this time of day."""
    wanted = {coverage.today, coverage.today - WEEK}
    if earlier and query.period.last == coverage.today:
        wanted.add(earlier.last)
    rows = sales_so_far(
        wanted,
        now=coverage.now,
        zone=coverage.zone,
        live=coverage.live.days,
        lens=query.lens,
    )
    return dict.fromkeys(wanted, NO_SUMS) | sums_of(rows, query.currency, query.lens)


def _days(
    query: OverviewQuery, earlier: Period | None, coverage: Coverage, so_far: SumsByDay
) -> SumsByDay:
    """Return the sums of each day of both periods."""
    windows = [query.period, earlier] if earlier else [query.period]
    days = sales_by_day(windows, currency=query.currency, live=coverage.live, lens=query.lens)
    if earlier and query.period.last == coverage.today:
        days[earlier.last] = so_far[earlier.last]
    for day, found in checkouts_by_day(windows, live=coverage.live, now=coverage.now).items():
        days[day] = days.get(day, NO_SUMS)._replace(
            checkouts_completed=found.completed, checkouts_abandoned=found.abandoned
        )
    return days


def _buckets(query: OverviewQuery, known: Period | None, days: SumsByDay) -> tuple[Bucket, ...]:
    pairs = paired(query.period, known, query.fitting())
    return tuple(
        Bucket(
            current,
            _sums_within(days, current) if current else None,
            earlier,
            _sums_within(days, earlier) if earlier else None,
        )
        for current, earlier in pairs
    )


def _sums_within(days: SumsByDay, period: Period) -> Sums:
    return total_of(days[day] for day in period.dates() if day in days)


def _prove(sums: Sums, query: OverviewQuery, coverage: Coverage) -> Proof:
    few = sums.rows <= ADDED_UP
    found = money_of_window(query.period, query.currency, lens=query.lens) if few else None
    return Proof(sums, found, _stale(coverage, query.period))


def _stale(coverage: Coverage, *periods: Period | None) -> int:
    days = coverage.live.stale
    return sum(any(period and day in period for period in periods) for day in days)


def _today(coverage: Coverage, so_far: SumsByDay) -> TodaySoFar:
    week_before = coverage.today - WEEK
    known = coverage.covers(week_before)
    return TodaySoFar(so_far[coverage.today], week_before, so_far[week_before] if known else None)
