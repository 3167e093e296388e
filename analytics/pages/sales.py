"""The Sales page: the statement by day, week, ..., its chart, and what sales split into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from analytics import metrics
from analytics.forms import DEFAULT_SPLIT
from analytics.metric import Metric
from analytics.pages import words
from analytics.pages.figure import Figure, drawn, figure
from analytics.pages.figures import FigureRow, Figures, figure_row
from analytics.pages.files import files, split_files
from analytics.pages.links import Links, rows_href
from analytics.pages.notes import Note, currencies, notes
from analytics.pages.picker import Choice, Picker, period_picker
from analytics.periods import Period
from analytics.reports.breakdowns import Breakdown, SplitRow
from analytics.reports.query import SalesQuery, grains
from analytics.reports.sales import SalesReport
from analytics.reports.splits import SPLITS
from analytics.sums import Sums

ALWAYS = (
    *(metrics.GROSS_SALES, metrics.DISCOUNTS, metrics.RETURNS, metrics.NET_SALES),
    *(metrics.SHIPPING, metrics.TAXES, metrics.DUTIES, metrics.ADDITIONAL_FEES),
    *(metrics.TOTAL_SALES, metrics.ORDERS, metrics.UNITS),
)
WHERE_ANY = {metrics.DUTIES, metrics.ADDITIONAL_FEES}
OF_SPLIT = (
    *(metrics.NET_SALES, metrics.GROSS_SALES, metrics.DISCOUNTS, metrics.RETURNS),
    *(metrics.ORDERS, metrics.UNITS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesPage:
    """The inputs of analytics/sales.html; `currencies` is empty where there is one only."""

    sub: str
    notes: list[Note]
    picker: Picker
    currencies: list[Choice]
    lenses: list[Choice]
    figure: Figure
    grains: list[Choice]
    statement: Figures
    statement_files: list[Choice]
    splits: list[Choice]
    split: Figures
    split_note: str
    split_files: list[Choice]


def sales_page(query: SalesQuery, report: SalesReport, split: Breakdown) -> SalesPage:
    """Return the page of both reports."""
    coverage = report.coverage
    own = {"split": (query.split, DEFAULT_SPLIT)}
    links = Links(query, default_currency=coverage.currency, more=own)
    picker = period_picker(query, links, coverage=coverage)
    return SalesPage(
        sub=_sub(report),
        notes=notes(coverage, query.period, stale=report.stale),
        picker=picker,
        currencies=currencies(coverage, links, chosen=query.currency),
        lenses=picker.lenses,
        figure=figure(drawn(query, report), links),
        grains=_choices(
            {grain: grain.label for grain in grains(query)},
            "by",
            links,
            chosen=report.query.grain,
        ),
        statement=_statement(report),
        statement_files=files("sales", query, grain=report.query.grain.value),
        splits=_choices(
            {name: each.label for name, each in SPLITS.items()}, "split", links, chosen=query.split
        ),
        split=_split(query, split),
        split_note=_shown(split),
        split_files=split_files(query.split, query),
    )


# ── the statement ─────────────────────────────────────────────────────────────────────────────


def _statement(report: SalesReport) -> Figures:
    shown = [each for each in ALWAYS if each not in WHERE_ANY or each.of(report.now.totals)]
    grain, earlier = report.query.grain, report.earlier
    then = [bucket.sums for bucket in earlier.buckets] if earlier else []
    return Figures(
        caption=f"Sales by {grain.value}",
        columns=[grain.label, *(metric.label for metric in shown)],
        bars=False,
        changes=metrics.NET_SALES.label if report.query.earlier else "",
        rows=[
            _days(report, bucket.days, bucket.sums, before, shown=shown, hour=bucket.hour)
            for bucket, before in zip_longest(report.now.buckets, then)
            if bucket
        ],
        totals=_days(
            report,
            report.query.period,
            report.now.totals,
            earlier.totals if earlier else None,
            shown=shown,
            name="Total",
        ),
    )


def _days(
    report: SalesReport,
    days: Period,
    sums: Sums,
    earlier: Sums | None,
    *,
    shown: Sequence[Metric],
    hour: int | None = None,
    name: str = "",
) -> FigureRow:
    query = report.query
    return figure_row(
        name or words.bucket_title(days, query.grain, today=report.coverage.today, hour=hour),
        sums=sums,
        earlier=earlier,
        shown=shown,
        currency=query.currency,
        proof=lambda metric: rows_href(
            metric, days, currency=query.currency, lens=query.lens, hour=hour
        ),
    )


# ── the split ─────────────────────────────────────────────────────────────────────────────────


def _split(query: SalesQuery, found: Breakdown) -> Figures:
    has_net = metrics.NET_SALES in found.split.metrics
    shown = [m for m in OF_SPLIT if m in found.split.metrics] if has_net else found.split.metrics
    best = max((_bar(found, row) for row in found.rows), default=Decimal(0))
    return Figures(
        caption=f"Sales by {found.split.label.lower()}",
        columns=[found.split.label, *(metric.label for metric in shown)],
        bars=True,
        changes=found.split.main.label if query.earlier else "",
        rows=[_split_row(found, query, row, shown, best) for row in found.shown],
        totals=figure_row(
            "Total",
            sums=found.totals,
            earlier=found.earlier,
            shown=[None if metric in found.split.once else metric for metric in shown],
            currency=query.currency,
            main=found.split.main,
            proof=lambda metric: rows_href(
                metric, query.period, currency=query.currency, lens=query.lens
            ),
        ),
    )


def _bar(found: Breakdown, row: SplitRow) -> Decimal:
    """Return how long the bar of a row is; none for what goes the other way."""
    main = found.split.main
    amount = Decimal(main.of(row.sums) or 0)
    return max(Decimal(0), -amount if main.negative else amount)


def _split_row(
    found: Breakdown, query: SalesQuery, row: SplitRow, shown: Sequence[Metric], best: Decimal
) -> FigureRow:
    return figure_row(
        row.name,
        sums=row.sums,
        earlier=row.earlier,
        shown=shown,
        currency=query.currency,
        main=found.split.main,
        proof=lambda metric: rows_href(
            metric,
            query.period,
            currency=query.currency,
            lens=query.lens,
            split=query.split,
            key=row.key,
        ),
        width=f"{_bar(found, row) / best * 100 if best > 0 else 0:.1f}%",
    )


def _shown(found: Breakdown) -> str:
    """Return how many of the rows stand there."""
    if len(found.rows) <= len(found.shown):
        main = found.split.main
        what = "net sales, after discounts and returns"
        by = what if main is metrics.NET_SALES else main.label.lower()
        return f"By {by}; the rows add up to the total."
    all_rows = words.counted(len(found.rows), "row", found.query.currency)
    by = found.split.main.label.lower()
    return f"The first {len(found.shown)} of {all_rows} by {by}; the file holds all of them."


# ── parts ─────────────────────────────────────────────────────────────────────────────────────


def _sub(report: SalesReport) -> str:
    totals, currency = report.now.totals, report.query.currency
    net = words.minor(totals.net_sales, currency)
    return f"{net} net from {words.counted(totals.orders, 'order', currency)}"


def _choices(names: Mapping[Any, str], choice: str, links: Links, *, chosen: Any) -> list[Choice]:
    return [
        Choice(label=label, href=links.to(**{choice: str(each)}), current=each == chosen)
        for each, label in names.items()
    ]
