"""The table of the best products."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from analytics import findings, metrics
from analytics.metric import Metric
from analytics.pages import words
from analytics.pages.figures import Cell
from analytics.pages.links import rows_href
from analytics.pages.product_list import product_href
from analytics.reports.overview import Overview
from analytics.reports.products import NO_PRODUCT, ProductLine

SHOWN = (metrics.NET_SALES, metrics.UNITS, metrics.RETURNED_VALUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """One product; `width` is its net sales as a bar, in percent of the best."""

    name: str
    href: str
    width: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTable:
    """The inputs of analytics/_products.html."""

    heading: str
    note: str
    rows: list[ProductRow]


def product_table(report: Overview) -> ProductTable | None:
    """Return the best products; None where none was sold or came back."""
    top = report.products
    if not top.lines:
        return None
    best = max(line.sums.net_sales for line in top.lines)
    shown = sum(line.sums.net_sales for line in top.lines)
    finding = findings.of_top(
        shown=len(top.lines),
        sold=top.sold,
        share=Decimal(shown) / top.net_sales if top.net_sales else None,
        orders=report.sums.orders,
    )
    return ProductTable(
        heading=finding or "Top products",
        note="By net sales, after discounts and returns",
        rows=[_row(report, line, best) for line in top.lines],
    )


def _row(report: Overview, line: ProductLine, best: int) -> ProductRow:
    share = Decimal(max(0, line.sums.net_sales)) / best if best > 0 else Decimal(0)
    return ProductRow(
        name=_name(line),
        href=product_href(line.shopify_id, report.query) if line.shopify_id != NO_PRODUCT else "",
        width=f"{share * 100:.1f}%",
        cells=[_cell(report, metric, line) for metric in SHOWN],
    )


def _cell(report: Overview, metric: Metric, line: ProductLine) -> Cell:
    query = report.query
    value = metric.value(line.sums, query.currency)
    key = str(line.shopify_id) if line.shopify_id != NO_PRODUCT else ""
    rows = rows_href(
        metric, query.period, currency=query.currency, lens=query.lens, split="products", key=key
    )
    return Cell(
        text=words.shown(metric, value, query.currency),
        href=rows if value else "",
        strong=metric is metrics.NET_SALES,
    )


def _name(line: ProductLine) -> str:
    if line.shopify_id == NO_PRODUCT:
        return "Without a product"
    return line.title or f"Product {line.shopify_id}"
