"""What every report is asked with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from analytics.enums import Grain, Lens
from analytics.periods import MOST_BUCKETS, Period
from analytics.reports.coverage import Coverage
from analytics.reports.overview import WIDE, OverviewQuery
from analytics.sales_reads import Window
from xenofy.common.errors import XenofyError

T = TypeVar("T")
SHOWN = 20  # rows of a split on a page
HOURS = 24


class CurrencyRequired(XenofyError):
    """The shop has sales in several currencies, and no sum may mix them."""

    code = "CURRENCY_REQUIRED"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuery:
    """The days of a report, how they are looked at, and which part of its rows is shown.

    Parameters
    ----------
    earlier
        the days to compare with; None without a comparison.
    sort
        the key of a metric, "name" or "key"; a "-" in front puts the greatest first.
    """

    period: Period
    earlier: Period | None
    currency: str
    grain: Grain = Grain.DAY
    lens: Lens = Lens.EVENT
    page: int = 1
    limit: int = 50
    sort: str = "-netSales"

    def windows(self, coverage: Coverage) -> tuple[Window, Window | None]:
        """Return what to sum for the period and for the earlier days.

        A period that is still running is compared with the same stretch up to the same time of
        day. The earlier window is None without a comparison, and where its days are not known
        from the first on.
        """
        now = Window(
            period=self.period,
            currency=self.currency,
            lens=self.lens,
            live=coverage.live.days,
            zone=coverage.zone,
        )
        if self.earlier is None or not coverage.covers(self.earlier.first):
            return now, None
        running = self.period.last == coverage.today
        clock = coverage.now.astimezone(coverage.zone).time() if running else None
        return now, replace(now, period=self.earlier, clock=clock)

    def stale(self, coverage: Coverage) -> int:
        """Return how many of the days of both periods wait to be recomputed."""
        periods = [period for period in (self.period, self.earlier) if period]
        return sum(any(day in period for period in periods) for day in coverage.live.stale)

    def shown(self, rows: Sequence[T]) -> Sequence[T]:
        """Return the page that is asked for."""
        return rows[(self.page - 1) * self.limit : self.page * self.limit]


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesQuery(OverviewQuery):
    """What the Sales page is asked for: `split` is one of `splits.SPLITS`."""

    split: str


def asked(query: OverviewQuery) -> ReportQuery:
    """Return what a page asks its reports; a grain with too many buckets gives way."""
    return ReportQuery(
        period=query.period,
        earlier=query.earlier,
        currency=query.currency,
        grain=query.grain if query.grain in grains(query) else query.fitting(),
        lens=query.lens,
        limit=SHOWN,
    )


def grains(query: OverviewQuery) -> list[Grain]:
    """Return the grains whose buckets can be told apart, the finest first."""
    periods = [query.period, *filter(None, [query.earlier])]
    hours = [Grain.HOUR] if max(map(len, periods)) * HOURS <= MOST_BUCKETS else []
    return [*hours, *(grain for grain in query.grains() if grain not in WIDE), *WIDE]


def chosen_currency(currency: str | None, known: Coverage) -> str:
    """Return the currency to sum in; empty where the shop has none.

    Raises
    ------
    CurrencyRequired
        where it has to be said which, or one is said that the shop does not have: an answer of
        zeros would say that it sold nothing.
    """
    choices = known.currencies
    if currency is None and len(choices) < 2:
        return known.currency
    if currency in choices:
        return currency
    raise CurrencyRequired(_choices(known), fields={"currency": list(choices)})


def _choices(known: Coverage) -> str:
    if not known.currencies:
        return "This shop has told no currency yet and has no sales; leave the currency out."
    if known.first_day is None:
        return f"This shop has no sales yet; its currency is {known.currency}."
    return f"This shop has sales in {' and '.join(known.currencies)}; choose one as currency."
