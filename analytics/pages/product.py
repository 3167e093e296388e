"""One product as texts: its chart by day and its variants."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from analytics import metrics
from analytics.charts import chart_value, unit_spec
from analytics.enums import Grain
from analytics.metrics import Metric
from analytics.pages import words
from analytics.pages.facts import Fact
from analytics.pages.figure import Figure
from analytics.periods import Period
from analytics.reports.coverage import Coverage
from analytics.reports.product import ProductDetail
from analytics.sums import Sums, total_of
from shop_data.models import Variant
from xenofy.common import formats

VARIANT_COLUMNS = ["Variant", "SKU", "Price", "Net sales", "Units", "Returned", "In stock"]
FACTS = (
    *(metrics.NET_SALES, metrics.UNITS, metrics.UNITS_RETURNED),
    *(metrics.RETURNED_VALUE, metrics.DISCOUNTS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """The inputs of analytics/product.html."""

    name: str
    sub: str
    facts: list[Fact]
    figure: Figure
    variants: list[list[str]]


def product_page(
    report: ProductDetail, *, period: Period, currency: str, coverage: Coverage
) -> ProductPage:
    """Return the page of a product."""
    product = report.product
    about = (
        (product.vendor, product.product_type, product.status) if product else ("no longer sold",)
    )
    stock = product.inventory_quantity if product else None
    facts = [
        Fact(label=metric.label, value=_shown(metric, report.sums, currency), title=metric.formula)
        for metric in FACTS
    ]
    in_stock = words.UNKNOWN if stock is None else formats.integer(stock, currency)
    return ProductPage(
        name=report.title or f"Product {report.shopify_id}",
        sub=" · ".join(part for part in about if part),
        facts=[*facts, Fact(label="In stock", value=in_stock)],
        figure=_figure(report, period, currency, coverage),
        variants=[_variant(*each, currency) for each in report.variants],
    )


def _figure(report: ProductDetail, period: Period, currency: str, coverage: Coverage) -> Figure:
    """Return net sales bucket by bucket."""
    grain, today = period.grain(Grain.DAY), coverage.today
    buckets = [(days, _within(report, days)) for days in period.buckets(grain)]
    titles = [words.bucket_title(days, grain, today=today) for days, _ in buckets]
    texts = [_shown(metrics.NET_SALES, sums, currency) for _, sums in buckets]
    days, total = (
        words.range_of(period, today=today),
        _shown(metrics.NET_SALES, report.sums, currency),
    )
    return Figure(
        id="chart-net-sales",
        heading=f"Net sales by {grain.value}",
        note=f"In {coverage.zone.key}. {metrics.NET_SALES.formula}",
        summary=f"Net sales by {grain.value}, {days}. Total {total}.",
        current=days,
        compare="",
        spec={
            "kind": "bars",
            "labels": [words.bucket_label(each, grain, today=today) for each, _ in buckets],
            "titles": titles,
            "values": [chart_value(metrics.NET_SALES.value(sums, currency)) for _, sums in buckets],
            "unit": unit_spec(metrics.NET_SALES, currency),
            "unfinished": len(buckets) - 1 if period.last == today else None,
            "bands": [],
            "hrefs": ["" for _ in buckets],
            "compare": None,
            "compare_titles": None,
        },
        columns=[grain.value.capitalize(), metrics.NET_SALES.label, metrics.UNITS.label],
        rows=[
            [title, text, _shown(metrics.UNITS, sums, currency)]
            for title, text, (_, sums) in zip(titles, texts, buckets, strict=True)
        ],
    )


def _within(report: ProductDetail, days: Period) -> Sums:
    found = [sums for day, sums in report.days.items() if day in days]
    return total_of(found) if found else Sums()


def _variant(shopify_id: int, variant: Variant | None, sums: Sums, currency: str) -> list[str]:
    price = variant.price if variant else None
    stock = variant.inventory_quantity if variant else None
    gone = f"Variant {shopify_id}" if shopify_id else "Without a variant"
    return [
        (variant.title if variant else None) or gone,
        (variant.sku if variant else None) or words.UNKNOWN,
        words.UNKNOWN if price is None else formats.money(Decimal(price), currency),
        _shown(metrics.NET_SALES, sums, currency),
        _shown(metrics.UNITS, sums, currency),
        _shown(metrics.RETURNED_VALUE, sums, currency),
        words.UNKNOWN if stock is None else formats.integer(stock, currency),
    ]


def _shown(metric: Metric, sums: Sums, currency: str) -> str:
    return words.shown(metric, metric.value(sums, currency), currency)
