"""The list of products as texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from analytics import metrics
from analytics.metrics import Metric
from analytics.pages import words
from analytics.pages.orders import Tag
from analytics.reports.product_list import ListedProduct
from analytics.reports.products import NO_PRODUCT
from analytics.sums import Sums, total_of
from xenofy.common import formats

PAGE = 50
CLASSES = {"A": "good", "B": "", "C": "", "U": "warn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    """One product of the list."""

    name: str
    href: str
    abc: Tag | None
    net_sales: str
    width: str
    share: str
    units: str
    returned: str
    stock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductsPage:
    """The inputs of analytics/products.html; the totals are of all products."""

    sub: str
    rows: list[ListedRow]
    net_sales: str
    units: str
    returned: str
    newer: str
    older: str


def products_page(
    products: list[ListedProduct], *, number: int, currency: str, state: Mapping[str, str]
) -> ProductsPage:
    """Return one page of the list, the first being number 1."""
    whole = total_of(each.sums for each in products) if products else Sums()
    best = max((each.sums.net_sales for each in products), default=0)
    shown = products[(number - 1) * PAGE : number * PAGE]
    sold = sum(each.sums.units > 0 for each in products if each.shopify_id != NO_PRODUCT)
    more = len(products) > number * PAGE
    return ProductsPage(
        sub=f"{words.counted(sold, 'product', currency)} sold, by net sales",
        rows=[_row(each, whole, best, currency, state) for each in shown],
        net_sales=_shown(metrics.NET_SALES, whole, currency),
        units=_shown(metrics.UNITS, whole, currency),
        returned=_shown(metrics.RETURNED_VALUE, whole, currency),
        newer=_to(number - 1, state) if number > 1 else "",
        older=_to(number + 1, state) if more else "",
    )


def _row(
    each: ListedProduct, whole: Sums, best: int, currency: str, state: Mapping[str, str]
) -> ListedRow:
    net, total = each.sums.net_sales, whole.net_sales
    width = Decimal(max(0, net)) / best if best > 0 else Decimal(0)
    return ListedRow(
        name=_name(each),
        href=_href(each, state),
        abc=Tag(text=each.abc, tone=CLASSES[each.abc]) if each.abc else None,
        net_sales=_shown(metrics.NET_SALES, each.sums, currency),
        width=f"{width * 100:.1f}%",
        share=formats.percent(Decimal(net) / total) if total else words.UNKNOWN,
        units=_shown(metrics.UNITS, each.sums, currency),
        returned=_shown(metrics.RETURNED_VALUE, each.sums, currency),
        stock=words.UNKNOWN if each.stock is None else formats.integer(each.stock, currency),
    )


def _name(each: ListedProduct) -> str:
    if each.shopify_id == NO_PRODUCT:
        return "Without a product"
    return each.title or f"Product {each.shopify_id}"


def _href(each: ListedProduct, state: Mapping[str, str]) -> str:
    if each.shopify_id == NO_PRODUCT:
        return ""
    return f"{reverse('analytics:product', args=[each.shopify_id])}?{urlencode(state)}"


def _to(number: int, state: Mapping[str, str]) -> str:
    return f"?{urlencode({**state, 'page': str(number)})}"


def _shown(metric: Metric, sums: Sums, currency: str) -> str:
    return words.shown(metric, metric.value(sums, currency), currency)
