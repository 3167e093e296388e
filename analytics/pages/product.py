"""One product as texts: its figures, their chart and its variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analytics import metrics
from analytics.list_forms import ProductsForm
from analytics.metric import Metric
from analytics.pages import words
from analytics.pages.figure import Drawn
from analytics.pages.figures import Cell
from analytics.pages.frame import Chart, Frame, chart, frame
from analytics.pages.links import Links, rows_href
from analytics.periods import Period
from analytics.reports.coverage import Coverage
from analytics.reports.overview import Bucket, OverviewQuery
from analytics.reports.product import ProductDetail
from analytics.series import paired
from analytics.sums import NO_SUMS, Sums, total_of
from shop_data.models import Product, Variant
from xenofy.common import formats

VARIANT_COLUMNS = ["Variant", "SKU", "Price", "Net sales", "Units", "Returned", "In stock"]
SHOWN = (metrics.NET_SALES, metrics.UNITS, metrics.RETURNED_VALUE)
Days = Mapping[date, Sums]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """The inputs of analytics/product.html."""

    name: str
    sub: str
    frame: Frame
    chart: Chart
    variants: list[list[str | Cell]]
    totals: list[str | Cell]


def product_page(
    report: ProductDetail,
    earlier: Days | None,
    *,
    query: OverviewQuery,
    links: Links,
    coverage: Coverage,
) -> ProductPage:
    """Return the page of a product; `earlier` are its earlier days, None where not known."""
    product = report.product
    about = (
        (product.vendor, product.product_type, product.status) if product else ("no longer sold",)
    )
    shown = chart(_drawn(report, earlier, query, coverage), links, ProductsForm.strip)
    return ProductPage(
        name=report.title or f"Product {report.shopify_id}",
        sub=" · ".join(words.isolated(part) for part in about if part),
        frame=frame(query, links, coverage=coverage),
        chart=shown,
        variants=[_variant(*each, query) for each in report.variants],
        totals=_totals(report, query),
    )


def _drawn(
    report: ProductDetail, earlier: Days | None, query: OverviewQuery, coverage: Coverage
) -> Drawn:
    grain = query.fitting()
    known = query.earlier if earlier is not None else None
    then = earlier or {}
    return Drawn(
        query=query,
        coverage=coverage,
        grain=grain,
        sums=report.sums,
        earlier_days=query.earlier,
        earlier=_within(then, known) if known else None,
        buckets=[
            Bucket(
                now,
                _within(report.days, now) if now else None,
                before,
                _within(then, before) if before else None,
            )
            for now, before in paired(query.period, known, grain)
        ],
        split="products",
        key=str(report.shopify_id),
    )


def _within(days: Days, period: Period) -> Sums:
    return total_of([NO_SUMS, *(days[day] for day in period.dates() if day in days)])


def _variant(
    shopify_id: int, variant: Variant | None, sums: Sums, query: OverviewQuery
) -> list[str | Cell]:
    currency = query.currency
    price = variant.price if variant else None
    gone = f"Variant {shopify_id}" if shopify_id else "Without a variant"
    key = str(shopify_id) if shopify_id else ""
    return [
        (variant.title if variant else None) or gone,
        (variant.sku if variant else None) or words.UNKNOWN,
        words.UNKNOWN if price is None else formats.money(Decimal(price), currency),
        *(_cell(metric, sums, query, "variants", key) for metric in SHOWN),
        _stock(variant, currency),
    ]


def _totals(report: ProductDetail, query: OverviewQuery) -> list[str | Cell]:
    key = str(report.shopify_id)
    figures = [_cell(metric, report.sums, query, "products", key) for metric in SHOWN]
    return ["All variants", "", "", *figures, _stock(report.product, query.currency)]


def _stock(of: Product | Variant | None, currency: str) -> str:
    stock = of.inventory_quantity if of else None
    return words.UNKNOWN if stock is None else formats.integer(stock, currency)


def _cell(metric: Metric, sums: Sums, query: OverviewQuery, split: str, key: str) -> Cell:
    value = metric.value(sums, query.currency)
    rows = rows_href(
        metric, query.period, currency=query.currency, lens=query.lens, split=split, key=key
    )
    return Cell(text=words.shown(metric, value, query.currency), href=rows if value and key else "")
