"""What still has to be sent, as texts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from analytics.pages import words
from analytics.pages.facts import Fact
from analytics.pages.orders import OrderRow, order_rows
from analytics.reports.coverage import Coverage
from analytics.reports.fulfilment import FulfilmentReport, Times
from xenofy.common import formats

TIMES = "Of the orders placed in these days; hours are known to 2.5 %."


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentPage:
    """The inputs of analytics/fulfillment.html; `rows` are late, the oldest first."""

    sub: str
    facts: list[Fact]
    heading: str
    rows: list[OrderRow]


def fulfilment_page(report: FulfilmentReport, *, coverage: Coverage) -> FulfilmentPage:
    """Return the page."""
    late = words.counted(report.late, "order", coverage.currency)
    verb = "waits" if report.late == 1 else "wait"
    return FulfilmentPage(
        sub=f"{_open(report, coverage)}, {report.partial} of them sent in part",
        facts=_facts(report, coverage.currency),
        heading=f"{late} {verb} for more than 48 hours",
        rows=order_rows(report.oldest, {}, coverage=coverage, may_see_people=False),
    )


def _open(report: FulfilmentReport, coverage: Coverage) -> str:
    count = report.fresh + report.waiting + report.late
    return words.counted(count, "open order", coverage.currency)


def _facts(report: FulfilmentReport, currency: str) -> list[Fact]:
    return [
        Fact(label="Open up to 24 hours", value=formats.integer(report.fresh, currency)),
        Fact(label="24 to 48 hours", value=formats.integer(report.waiting, currency)),
        Fact(label="More than 48 hours", value=formats.integer(report.late, currency)),
        Fact(label="Until sent", value=_hours(report.sent.median), was=_of(report.sent, currency),
             title=f"Median. {TIMES}"),
        Fact(label="9 of 10 sent within", value=_hours(report.sent.p90),
             was=_of(report.sent, currency), title=f"90th percentile. {TIMES}"),
        Fact(label="Until delivered", value=_hours(report.delivered.median),
             was=_of(report.delivered, currency), title=f"Median. {TIMES}"),
    ]  # fmt: skip


def _of(times: Times, currency: str) -> str:
    return f"of {words.counted(times.orders, 'order', currency)}"


def _hours(hours: Decimal | None) -> str:
    """Write a stretch of time: "40 min", "18.4 h", "3.2 days"."""
    if hours is None:
        return words.UNKNOWN
    if hours < 1:
        return f"{hours * 60:.0f} min"
    return f"{hours:.1f} h" if hours < 72 else f"{hours / 24:.1f} days"
