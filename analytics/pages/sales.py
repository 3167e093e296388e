"""The Sales page: the statement by day, week, ..., its chart, and what sales split into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from analytics import metrics
from analytics.enums import Grain, Lens
from analytics.forms import DEFAULT_LENS, DEFAULT_SPLIT
from analytics.metrics import Metric
from analytics.pages import words
from analytics.pages.figure import Figure, figure
from analytics.pages.figures import FigureRow, Figures, figure_row
from analytics.pages.links import Links, proof_href
from analytics.pages.notes import Note, currencies, notes
from analytics.pages.picker import Choice, Picker, period_picker
from analytics.periods import Period
from analytics.reports.breakdowns import Breakdown, SplitRow
from analytics.reports.coverage import Coverage
from analytics.reports.overview import Bucket
from analytics.reports.query import SalesQuery
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
LENSES = {Lens.EVENT: "Returns on their day", Lens.ORDER: "On the order’s day"}
GRAINS = [grain for grain in Grain if grain is not Grain.HOUR]


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
    statement_file: str
    splits: list[Choice]
    split: Figures
    split_note: str
    split_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """The report as its chart sees it."""

    query: SalesQuery
    coverage: Coverage
    grain: Grain
    sums: Sums
    earlier_days: Period | None
    earlier: Sums | None
    buckets: Sequence[Bucket]


def sales_page(query: SalesQuery, report: SalesReport, split: Breakdown) -> SalesPage:
    """Return the page of both reports."""
    coverage = report.coverage
    own = {"lens": (query.lens.value, DEFAULT_LENS.value), "split": (query.split, DEFAULT_SPLIT)}
    links = Links(query, default_currency=coverage.currency, more=own)
    return SalesPage(
        sub=_sub(report),
        notes=notes(coverage, query.period, stale=report.stale),
        picker=period_picker(query, links, coverage=coverage),
        currencies=currencies(coverage, links, chosen=query.currency),
        lenses=_choices(LENSES, "lens", links, chosen=query.lens),
        figure=figure(_drawn(query, report), links),
        grains=_choices(
            {grain: grain.label for grain in GRAINS if _fits(query, grain)},
            "by",
            links,
            chosen=report.query.grain,
        ),
        statement=_statement(report),
        statement_file=_file("sales", query, grain=report.query.grain.value),
        splits=_choices(
            {name: each.label for name, each in SPLITS.items()}, "split", links, chosen=query.split
        ),
        split=_split(query, split),
        split_note=_shown(split),
        split_file=_split_file(query),
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
        changes=report.query.earlier is not None,
        rows=[
            _days(report, bucket.days, bucket.sums, before, shown=shown)
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
    name: str = "",
) -> FigureRow:
    query = report.query
    return figure_row(
        name or words.bucket_title(days, query.grain, today=report.coverage.today),
        sums=sums,
        earlier=earlier,
        shown=shown,
        currency=query.currency,
        proof=lambda metric: proof_href(metric, days, currency=query.currency, lens=query.lens),
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
        changes=query.earlier is not None,
        rows=[
            _split_row(query, row, shown, _bar(found, row) / best if best > 0 else Decimal(0))
            for row in found.shown
        ],
        totals=figure_row(
            "Total",
            sums=found.totals,
            earlier=found.earlier,
            shown=[None if metric in found.split.once else metric for metric in shown],
            currency=query.currency,
            proof=lambda metric: proof_href(
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
    query: SalesQuery, row: SplitRow, shown: Sequence[Metric], share: Decimal
) -> FigureRow:
    return figure_row(
        row.name,
        sums=row.sums,
        earlier=row.earlier,
        shown=shown,
        currency=query.currency,
        proof=lambda metric: proof_href(
            metric,
            query.period,
            currency=query.currency,
            lens=query.lens,
            split=query.split,
            key=row.key,
        ),
        width=f"{share * 100:.1f}%",
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


def _drawn(query: SalesQuery, report: SalesReport) -> _Drawn:
    earlier = report.earlier.buckets if report.earlier else ()
    return _Drawn(
        query=query,
        coverage=report.coverage,
        grain=report.query.grain,
        sums=report.now.totals,
        earlier_days=query.earlier,
        earlier=report.earlier.totals if report.earlier else None,
        buckets=[
            Bucket(
                now.days if now else None,
                now.sums if now else None,
                then.days if then else None,
                then.sums if then else None,
            )
            for now, then in zip_longest(report.now.buckets, earlier)
        ],
    )


def _sub(report: SalesReport) -> str:
    totals, currency = report.now.totals, report.query.currency
    net = words.minor(totals.net_sales, currency)
    return f"{net} net from {words.counted(totals.orders, 'order', currency)}"


def _fits(query: SalesQuery, grain: Grain) -> bool:
    return grain in query.period.grains() or grain in (Grain.QUARTER, Grain.YEAR)


def _choices(names: Mapping[Any, str], choice: str, links: Links, *, chosen: Any) -> list[Choice]:
    return [
        Choice(label=label, href=links.to(**{choice: str(each)}), current=each == chosen)
        for each, label in names.items()
    ]


def _split_file(query: SalesQuery) -> str:
    places = {"countries": "country", "regions": "region"}
    if query.split in places:
        return _file("geography", query, by=places[query.split])
    return _file(query.split, query)


def _file(report: str, query: SalesQuery, **more: str) -> str:
    asked = {
        "startDate": query.period.first.isoformat(),
        "endDate": query.period.last.isoformat(),
        "lens": query.lens.value,
        "currency": query.currency,
        **more,
        "format": "csv",
    }
    return f"{reverse('report-' + report)}?{urlencode(asked)}"
