"""How long orders took, bucket by bucket (components/figure.html)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from analytics.charts import chart_value
from analytics.enums import Grain
from analytics.figures.fulfilment import (
    MEDIAN_DELIVERY_HOURS,
    MEDIAN_HOURS,
    P90_DELIVERY_HOURS,
    P90_HOURS,
)
from analytics.pages import words
from analytics.pages.figure import Figure
from analytics.pages.figures import Cell
from analytics.pages.links import Links
from analytics.periods import Period
from analytics.reports.coverage import Coverage
from analytics.reports.fulfilment import (
    DELIVERED,
    DELIVERED_90,
    SENT,
    SENT_90,
    Series,
    Taken,
    Times,
)
from analytics.reports.overview import OverviewQuery
from analytics.series import Pair
from xenofy.common import formats


class Time(NamedTuple):
    """One of the times that can be drawn."""

    label: str
    about: str
    times: Callable[[Taken], Times]
    hours: Callable[[Times], Decimal | None]

    def of(self, taken: Taken | None) -> Decimal | None:
        """Return the hours; None where no order has come that far."""
        return None if taken is None else self.hours(self.times(taken))


TIMES = {
    SENT: Time("Until sent", MEDIAN_HOURS.formula, lambda t: t.sent, lambda t: t.median),
    SENT_90: Time("9 of 10 sent within", P90_HOURS.formula, lambda t: t.sent, lambda t: t.p90),
    DELIVERED: Time(
        "Until delivered",
        MEDIAN_DELIVERY_HOURS.formula,
        lambda t: t.delivered,
        lambda t: t.median,
    ),
    DELIVERED_90: Time(
        "9 of 10 delivered within",
        P90_DELIVERY_HOURS.formula,
        lambda t: t.delivered,
        lambda t: t.p90,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesReport:
    """The times of a period and of the days before, None where there are none or not known.

    `pairs` are the buckets of both; `now` and `earlier` have one for each that is not None.
    """

    query: OverviewQuery
    coverage: Coverage
    grain: Grain
    pairs: Sequence[Pair]
    now: Series
    earlier: Series | None


def times_figure(report: TimesReport, chosen: str, links: Links) -> Figure:
    """Return the chart of one of the times."""
    return _Chart(report, TIMES[chosen], links).figure(chosen)


def hours(value: Decimal | None) -> str:
    """Write a stretch of time: "40 min", "18.4 h", "3.2 days"."""
    if value is None:
        return words.UNKNOWN
    if value < 1:
        return f"{value * 60:.0f} min"
    return f"{value:.1f} h" if value < 72 else f"{value / 24:.1f} days"


def sent_orders(days: Period) -> str:
    """Return the list of the orders of some days that were sent."""
    first, last = days.first.isoformat(), days.last.isoformat()
    query = {"start": first, "end": last, "fulfilment": "fulfilled"}
    return f"{reverse('analytics:orders')}?{urlencode(query)}"


class _Bucket(NamedTuple):
    days: Period | None
    taken: Taken | None
    earlier_days: Period | None
    earlier: Taken | None


class _Chart:
    """One time, bucket by bucket; buckets without such an order are gaps."""

    def __init__(self, report: TimesReport, time: Time, links: Links) -> None:
        self.report = report
        self.time = time
        self.links = links
        self.today = report.coverage.today
        self.compared = report.query.earlier if report.earlier else None
        self.buckets = list(_buckets(report))

    def figure(self, chosen: str) -> Figure:
        days = words.range_of(self.report.query.period, today=self.today)
        label = f"{self.time.label} by {self.report.grain.value}"
        whole = hours(self.time.of(self.report.now.whole))
        return Figure(
            id=f"chart-{chosen}",
            heading=label,
            note=f"In {self.report.coverage.zone.key}, by the day of the order. {self.time.about} "
            "Orders that have not come so far yet are not in it.",
            summary=f"{label}, {days}. In all {whole}.",
            current=days,
            compare=words.range_of(self.compared, today=self.today) if self.compared else "",
            spec=self._spec(),
            columns=self._columns(),
            rows=[self._row(bucket) for bucket in self.buckets],
        )

    def _spec(self) -> dict[str, Any]:
        return {
            "kind": "line",
            "labels": [self._label(bucket.days) for bucket in self.buckets],
            "titles": [self._title(bucket.days) for bucket in self.buckets],
            "values": [chart_value(self.time.of(bucket.taken)) for bucket in self.buckets],
            "unit": {"type": "hours"},
            "unfinished": None,
            "bands": [],
            "hrefs": [self._href(bucket) for bucket in self.buckets],
            "compare": [chart_value(self.time.of(bucket.earlier)) for bucket in self.buckets]
            if self.compared
            else None,
            "compare_titles": [self._title(bucket.earlier_days) for bucket in self.buckets]
            if self.compared
            else None,
        }

    def _columns(self) -> list[str]:
        earlier = ["Compared with", "Then"] if self.compared else []
        return [self.report.grain.label, self.time.label, "Orders", *earlier]

    def _row(self, bucket: _Bucket) -> list[str | Cell]:
        row = [self._title(bucket.days), *self._cells(bucket.days, bucket.taken)]
        if self.compared:
            value, _ = self._cells(bucket.earlier_days, bucket.earlier)
            row += [self._title(bucket.earlier_days), value]
        return row

    def _cells(self, days: Period | None, taken: Taken | None) -> tuple[str | Cell, str | Cell]:
        count = self.time.times(taken).orders if taken else 0
        texts = hours(self.time.of(taken)), formats.integer(count, self.report.query.currency)
        if not days or not count:
            return texts
        first, second = (Cell(text=text, href=sent_orders(days)) for text in texts)
        return first, second

    def _label(self, days: Period | None) -> str:
        return words.bucket_label(days, self.report.grain, today=self.today) if days else ""

    def _title(self, days: Period | None) -> str:
        if days is None:
            return "no such day"
        return words.bucket_title(days, self.report.grain, today=self.today)

    def _href(self, bucket: _Bucket) -> str:
        days = bucket.days or bucket.earlier_days
        return self.links.to_days(days) if days else ""


def _buckets(report: TimesReport) -> list[_Bucket]:
    now = iter(report.now.each)
    earlier = iter(report.earlier.each if report.earlier else ())
    return [
        _Bucket(days, next(now) if days else None, before, next(earlier) if before else None)
        for days, before in report.pairs
    ]
