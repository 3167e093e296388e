"""What still has to be sent, and how long orders took, as texts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from analytics.list_forms import FulfilmentForm
from analytics.pages import words
from analytics.pages.facts import Fact
from analytics.pages.figures import Cell
from analytics.pages.frame import Frame, frame
from analytics.pages.links import Links
from analytics.pages.orders import OrderRow, order_rows
from analytics.reports.coverage import Coverage
from analytics.reports.fulfilment import ANY, PARTIAL, FulfilmentReport, OpenOrders, Times
from analytics.reports.overview import OverviewQuery
from xenofy.common import formats
from xenofy.common.formats import Change

TIMES = "Of the orders placed in these days; hours are known to 2.5 %."
AGES = {
    "fresh": "Up to 24 hours",
    "waiting": "24 to 48 hours",
    "late": "More than 48 hours",
}
NAMES = {**AGES, PARTIAL: "Sent in part", ANY: "Of any age"}
Earlier = tuple[Times, Times]


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """Open orders of one age; `width` is their bar, `current` tells that they are listed."""

    label: str
    orders: str
    share: str  # leads where its orders do
    href: str
    width: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentPage:
    """The inputs of analytics/fulfillment.html; `rows` are open orders, the oldest first."""

    sub: str
    frame: Frame
    ages: list[Age]
    open: Cell
    partial: Cell
    facts: list[Fact]
    heading: str
    kept: list[tuple[str, str]]
    clear: str
    rows: list[OrderRow]
    newer: str
    older: str


def fulfilment_page(
    report: FulfilmentReport,
    earlier: Earlier | None,
    listed: OpenOrders,
    *,
    form: FulfilmentForm,
    query: OverviewQuery,
    links: Links,
    coverage: Coverage,
) -> FulfilmentPage:
    """Return the page; `earlier` are the times of the earlier days."""
    currency = coverage.currency
    whole = report.fresh + report.waiting + report.late
    age, number = form.cleaned_data["age"], form.number
    return FulfilmentPage(
        sub=f"{_open(report, coverage)}, {report.partial} of them sent in part",
        frame=frame(query, links, coverage=coverage, report="fulfillment"),
        ages=_ages(report, age, links, currency),
        open=_cell(whole, ANY, links, currency),
        partial=_cell(report.partial, PARTIAL, links, currency),
        facts=_facts(report, earlier, query, currency),
        heading=_heading(whole if age == ANY else getattr(report, age), age),
        kept=links.kept("q"),
        clear=links.to(q=""),
        rows=order_rows(listed.orders, {}, coverage=coverage, may_see_people=False),
        newer=f"{links.to(page=str(number - 1))}#rows" if number > 1 else "",
        older=f"{links.to(page=str(number + 1))}#rows" if listed.more else "",
    )


def _heading(count: int, age: str) -> str:
    """Write how many orders are listed: "2 orders wait: more than 48 hours"."""
    verb = "waits" if count == 1 else "wait"
    return f"{words.counted(count, 'order')} {verb}: {NAMES[age].lower()}"


def _cell(count: int, age: str, links: Links, currency: str) -> Cell:
    href = f"{links.to(age=age)}#rows" if count else ""
    return Cell(text=formats.integer(count, currency), href=href)


def _open(report: FulfilmentReport, coverage: Coverage) -> str:
    count = report.fresh + report.waiting + report.late
    return words.counted(count, "open order", coverage.currency)


def _ages(report: FulfilmentReport, age: str, links: Links, currency: str) -> list[Age]:
    counts = {"fresh": report.fresh, "waiting": report.waiting, "late": report.late}
    most, whole = max(counts.values()), sum(counts.values())
    return [
        Age(
            label=label,
            orders=formats.integer(counts[key], currency),
            share=formats.percent(Decimal(counts[key]) / whole) if whole else words.UNKNOWN,
            href=f"{links.to(age=key)}#rows" if counts[key] else "",
            width=f"{Decimal(counts[key]) / most * 100:.1f}%" if most else "0%",
            current=key == age,
        )
        for key, label in AGES.items()
    ]


def _facts(
    report: FulfilmentReport, earlier: Earlier | None, query: OverviewQuery, currency: str
) -> list[Fact]:
    sent, delivered = earlier or (None, None)
    days = {"start": query.period.first.isoformat(), "end": query.period.last.isoformat()}
    rows = f"{reverse('analytics:orders')}?{urlencode({**days, 'fulfilment': 'fulfilled'})}"
    return [
        Fact(label="Until sent", value=_hours(report.sent.median), was=_of(report.sent, currency),
             title=f"Median. {TIMES}", rows=rows if report.sent.orders else "",
             change=_change(report.sent.median, sent and sent.median)),
        Fact(label="9 of 10 sent within", value=_hours(report.sent.p90),
             was=_of(report.sent, currency), title=f"90th percentile. {TIMES}",
             rows=rows if report.sent.orders else "",
             change=_change(report.sent.p90, sent and sent.p90)),
        Fact(label="Until delivered", value=_hours(report.delivered.median),
             was=_of(report.delivered, currency), title=f"Median. {TIMES}",
             rows=rows if report.delivered.orders else "",
             change=_change(report.delivered.median, delivered and delivered.median)),
        Fact(label="9 of 10 delivered within", value=_hours(report.delivered.p90),
             was=_of(report.delivered, currency), title=f"90th percentile. {TIMES}",
             rows=rows if report.delivered.orders else "",
             change=_change(report.delivered.p90, delivered and delivered.p90)),
    ]  # fmt: skip


def _change(now: Decimal | None, then: Decimal | None) -> Change | None:
    if now is None or then is None:
        return None
    return formats.change(now, then, good_up=False, points=False)


def _of(times: Times, currency: str) -> str:
    return f"of {words.counted(times.orders, 'order', currency)}"


def _hours(hours: Decimal | None) -> str:
    """Write a stretch of time: "40 min", "18.4 h", "3.2 days"."""
    if hours is None:
        return words.UNKNOWN
    if hours < 1:
        return f"{hours * 60:.0f} min"
    return f"{hours:.1f} h" if hours < 72 else f"{hours / 24:.1f} days"
