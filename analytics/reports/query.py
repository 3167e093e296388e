"""What every report is asked with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from analytics.enums import Grain, Lens
from analytics.periods import CHARTED, Period
from analytics.reports.coverage import Coverage
from analytics.reports.overview import OverviewQuery
from analytics.sales_reads import Window
from xenofy.common.errors import XenofyError

T = TypeVar("T")
SHOWN = 20  # rows of a split on a page


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

    lens: Lens
    split: str

    def report(self) -> ReportQuery:
        """Return the query of its reports; a grain with too many buckets gives way."""
        return ReportQuery(
            period=self.period,
            earlier=self.earlier,
            currency=self.currency,
            grain=self.period.grain(self.grain) if self.grain in CHARTED else self.grain,
            lens=self.lens,
            limit=SHOWN,
        )


def chosen_currency(currency: str | None, known: Coverage) -> str:
    """Return the currency to sum in; raise `CurrencyRequired` where it has to be said which."""
    choices = known.currencies
    if not choices:
        return currency or ""
    if currency in choices or (currency is None and len(choices) == 1):
        return currency or known.currency
    message = f"This shop has sales in {' and '.join(choices)}; choose one as currency."
    raise CurrencyRequired(message, fields={"currency": list(choices)})
