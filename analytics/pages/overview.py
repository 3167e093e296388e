"""The Overview page: everything its template shows, as texts."""

from __future__ import annotations

from dataclasses import dataclass

from analytics import metrics
from analytics.pages import words
from analytics.pages.figure import Figure, figure, grains
from analytics.pages.kpis import Kpi, kpis
from analytics.pages.links import Links
from analytics.pages.notes import Note, currencies, notes
from analytics.pages.picker import Choice, Picker, period_picker
from analytics.pages.products import ProductTable, product_table
from analytics.pages.statement import (
    Headline,
    ProofLine,
    StatementRow,
    headline,
    proof_line,
    statement,
)
from analytics.reports.overview import Overview


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """The inputs of analytics/overview.html; `currencies` is empty where there is one only."""

    sub: str
    notes: list[Note]
    picker: Picker
    currencies: list[Choice]
    headline: Headline
    statement_caption: str
    statement: list[StatementRow]
    proof: ProofLine
    figure: Figure
    grains: list[Choice]
    kpis: list[Kpi]
    products: ProductTable | None


def overview_page(report: Overview, *, is_demo: bool) -> OverviewPage:
    """Return the page of a report."""
    query, coverage = report.query, report.coverage
    links = Links(query, default_currency=coverage.currency)
    return OverviewPage(
        sub=_today(report),
        notes=notes(coverage, query.period, stale=report.stale),
        picker=period_picker(query, links, coverage=coverage),
        currencies=currencies(coverage, links, chosen=query.currency),
        headline=headline(report),
        statement_caption=_caption(report),
        statement=statement(report, links),
        proof=proof_line(report, is_demo=is_demo),
        figure=figure(report, links),
        grains=grains(report, links),
        kpis=kpis(report, links),
        products=product_table(report),
    )


def _today(report: Overview) -> str:
    """Return today so far, beside the same weekday of last week at the same time."""
    today, currency = report.today, report.query.currency
    amount = words.minor(today.sums.net_sales, currency)
    orders = words.counted(today.sums.orders, "order", currency)
    text = f"Today so far {amount} from {orders}"
    if today.earlier is None:
        return text
    growth = words.change(metrics.NET_SALES, today.sums, today.earlier, currency)
    direction = {"up": "ahead of", "down": "behind"}.get(growth.direction)
    weekday = words.LONG_WEEKDAYS[today.week_before.weekday()]
    clock = words.clock(report.coverage)
    if direction is None:
        before = words.minor(today.earlier.net_sales, currency)
        return f"{text}; last {weekday} at {clock} it was {before}"
    return f"{text}, {growth.text} {direction} last {weekday} at {clock}"


def _caption(report: Overview) -> str:
    caption = "How net sales and total sales are made up"
    if report.earlier_days is None:
        return caption
    days = words.range_of(report.earlier_days, today=report.coverage.today)
    return f"{caption}, with the change on {days}"
