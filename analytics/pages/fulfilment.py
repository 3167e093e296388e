"""What still has to be sent, and how long orders took, as texts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse

from analytics.list_forms import FulfilmentForm
from analytics.pages import words
from analytics.pages.facts import Fact
from analytics.pages.figures import Cell
from analytics.pages.frame import Chart, Frame, frame
from analytics.pages.links import Links
from analytics.pages.orders import OrderRow, order_rows, totals
from analytics.pages.picker import Choice
from analytics.pages.times import TIMES, TimesReport, hours, sent_orders, times_figure
from analytics.reports.fulfilment import ANY, PARTIAL, OpenByAge, OpenOrders, Times
from xenofy.common import formats
from xenofy.common.formats import Change

KNOWN_TO = "Of the orders placed in these days; hours are known to 2.5 %."
AGES = {
    "fresh": "Up to 24 hours",
    "waiting": "24 to 48 hours",
    "late": "More than 48 hours",
}
NAMES = {**AGES, PARTIAL: "Sent in part", ANY: "Of any age"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """Open orders of one age; `width` is their bar, `current` tells that they are listed."""

    label: str
    orders: str
    share: str  # leads where its orders do
    href: str
    width: str
    current: bool


class Empty(NamedTuple):
    """What stands in the place of a list without any order, and the way out."""

    text: str
    href: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentPage:
    """The inputs of analytics/fulfillment.html; `rows` are open orders, the oldest first."""

    sub: str
    frame: Frame
    nothing: bool
    chart: Chart
    facts: list[Fact]
    ages: list[Age]
    open: Cell
    partial: Cell
    heading: str
    empty: Empty
    kept: list[tuple[str, str]]
    clear: str
    rows: list[OrderRow]
    totals: list[tuple[str, str]]
    first: str
    older: str


def fulfilment_page(
    orders: OpenByAge,
    report: TimesReport,
    listed: OpenOrders,
    *,
    form: FulfilmentForm,
    links: Links,
) -> FulfilmentPage:
    """Return the page: what is open now, how long orders took, and a page of the open ones."""
    query, coverage = report.query, report.coverage
    currency = coverage.currency
    age = form.cleaned_data["age"]
    return FulfilmentPage(
        sub=f"{words.counted(orders.total, 'open order', currency)}, "
        f"{formats.integer(orders.partial, currency)} of them sent in part",
        frame=frame(query, links, coverage=coverage, report="fulfillment"),
        nothing=coverage.first_day is None and not orders.total,
        chart=_chart(report, form.cleaned_data["time"], links),
        facts=_facts(report, form.cleaned_data["time"], links),
        ages=_ages(orders, age, links, currency),
        open=_cell(orders.total, ANY, links, currency),
        partial=_cell(orders.partial, PARTIAL, links, currency),
        heading=_heading(orders.total if age == ANY else getattr(orders, age), age),
        empty=_empty(form, orders, links),
        kept=links.kept("q"),
        clear=links.to(q=""),
        rows=order_rows(listed.orders, {}, coverage=coverage, may_see_people=False),
        totals=totals(listed.totals),
        first=f"{links.to()}#rows" if form.cleaned_data["after"] else "",
        older=f"{links.to(after=str(listed.more))}#rows" if listed.more else "",
    )


def _chart(report: TimesReport, chosen: str, links: Links) -> Chart:
    """Return the chart of a time; its figures stand above it as facts."""
    return Chart(
        figure=times_figure(report, chosen, links),
        grains=[
            Choice(label=grain.label, href=links.to(by=grain), current=grain is report.grain)
            for grain in report.query.grains()
        ],
        kpis=[],
        files=[],
    )


def _facts(report: TimesReport, chosen: str, links: Links) -> list[Fact]:
    earlier = report.earlier.whole if report.earlier else None
    facts = []
    for key, time in TIMES.items():
        taken, value = time.times(report.now.whole), time.of(report.now.whole)
        facts.append(
            Fact(
                label=time.label,
                value=hours(value),
                title=f"{time.about} {KNOWN_TO}",
                was=_of(taken, report.query.currency),
                rows=sent_orders(report.query.period) if taken.orders else "",
                href=links.to(time=key),
                current=key == chosen,
                change=_change(value, time.of(earlier)),
            )
        )
    return facts


def _heading(count: int, age: str) -> str:
    """Write how many orders are listed: "2 orders wait: more than 48 hours"."""
    orders = words.counted(count, "order") if count else "No order"
    return f"{orders} {'wait' if count > 1 else 'waits'}: {NAMES[age].lower()}"


def _empty(form: FulfilmentForm, orders: OpenByAge, links: Links) -> Empty:
    if form.cleaned_data["q"]:
        return Empty("No open order’s name begins so.", links.to(q=""), "Clear the search")
    if orders.total:
        others = f"In all, {words.counted(orders.total, 'order')} can still be sent."
        return Empty(others, links.to(age=ANY), "Show all open orders")
    return Empty("Every order is sent in full.", reverse("analytics:orders"), "Show all orders")


def _cell(count: int, age: str, links: Links, currency: str) -> Cell:
    href = f"{links.to(age=age)}#rows" if count else ""
    return Cell(text=formats.integer(count, currency), href=href)


def _ages(orders: OpenByAge, age: str, links: Links, currency: str) -> list[Age]:
    counts = {"fresh": orders.fresh, "waiting": orders.waiting, "late": orders.late}
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


def _change(now: Decimal | None, then: Decimal | None) -> Change | None:
    if now is None or then is None:
        return None
    return formats.change(now, then, good_up=False, points=False)


def _of(times: Times, currency: str) -> str:
    return words.counted(times.orders, "order", currency)
