"""One product: its sales by day and by variant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Sum

from analytics.enums import Lens
from analytics.models import VariantDay
from analytics.periods import Period
from analytics.reports.live import LiveDays
from analytics.reports.products import titles_of
from analytics.rollup_sql.statement import lines
from analytics.sums import Sums, total_of
from shop_data.models import Product, Variant
from tenants.scope import current_tenant_id

COLUMNS = ("gross_sales", "discounts", "returns", "taxes", "units", "units_returned")

_DAY = {
    Lens.EVENT: "day",
    Lens.ORDER: "CASE action WHEN 'return' THEN order_day ELSE day END",
}
_NOW = {
    lens: f"""
SELECT {day}, coalesce(variant_shopify_id, 0), {lines(COLUMNS)} FROM shop_data_sale
WHERE tenant_id = %(tenant)s AND {day} = ANY(%(days)s) AND product_shopify_id = %(product)s
    AND currency = %(currency)s
GROUP BY 1, 2
"""  # noqa: S608  # of constants
    for lens, day in _DAY.items()
}

Row = tuple[date, int, Sums]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDetail:
    """A product; `product` is None for one that is only known from orders."""

    shopify_id: int
    title: str | None
    product: Product | None
    sums: Sums
    days: dict[date, Sums]
    variants: list[tuple[int, Variant | None, Sums]]


def product_detail(
    shopify_id: int, *, period: Period, currency: str, live: LiveDays, lens: Lens = Lens.EVENT
) -> ProductDetail | None:
    """Return a product of the shop by Shopify's id; None for what it never had."""
    product = Product.objects.filter(shopify_id=shopify_id).first()
    title = product.title if product else titles_of([shopify_id]).get(shopify_id)
    if product is None and title is None:
        return None
    rows = _rows(shopify_id, period, currency, live, lens)
    return ProductDetail(
        shopify_id=shopify_id,
        title=title,
        product=product,
        sums=total_of(sums for *_, sums in rows) if rows else Sums(),
        days=_added(rows, 0),
        variants=_variants(product, _added(rows, 1)),
    )


def sales_of_product(
    shopify_id: int, *, period: Period, currency: str, live: LiveDays, lens: Lens
) -> dict[date, Sums]:
    """Return the sums of a product by day."""
    return _added(_rows(shopify_id, period, currency, live, lens), 0)


def _variants(
    product: Product | None, sums: dict[Any, Sums]
) -> list[tuple[int, Variant | None, Sums]]:
    """Return the variants by net sales; those that are gone only where they sold or came back."""
    known = {variant.shopify_id: variant for variant in product.variants.all()} if product else {}
    ids = sorted(known.keys() | sums.keys(), key=lambda each: (-_net(sums, each), each))
    return [(each, known.get(each), sums.get(each, Sums())) for each in ids]


def _net(sums: dict[Any, Sums], variant: int) -> int:
    return sums[variant].net_sales if variant in sums else 0


def _added(rows: list[Row], column: int) -> dict[Any, Sums]:
    parts = defaultdict(list)
    for row in rows:
        parts[row[column]].append(row[2])
    return {key: total_of(sums) for key, sums in parts.items()}


def _rows(shopify_id: int, period: Period, currency: str, live: LiveDays, lens: Lens) -> list[Row]:
    """Return the sums by day and variant; of days that wait to be recomputed from the ledger."""
    days = [day for day in live.days if day in period]
    stored = VariantDay.objects.filter(
        day__range=(period.first, period.last),
        product_shopify_id=shopify_id,
        currency=currency,
        part__in=lens.parts,
    ).exclude(day__in=days)
    columns = {name: Sum(name) for name in COLUMNS}
    rows = list(stored.order_by().values_list("day", "variant_shopify_id").annotate(**columns))
    if days:
        rows += _live_rows(lens, product=shopify_id, currency=currency, days=days)
    return [(day, variant, _sums(values)) for day, variant, *values in rows]


def _live_rows(lens: Lens, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_NOW[lens], {**params, "tenant": current_tenant_id()})
        return list(cursor.fetchall())


def _sums(values: list[Any]) -> Sums:
    return Sums(**dict(zip(COLUMNS, map(int, values), strict=True)))
