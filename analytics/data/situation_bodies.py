"""The answers about where a shop stands, in the contract's words.

What cannot be known from a shop's data is null, with the reason beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from analytics.answers.answer import hundredths, share
from analytics.data.objects import amount, exact, moment, number
from analytics.data.situation import Months, OfStatus, Stock
from analytics.data.situation_shapes import (
    CartBody,
    ConversionBody,
    FulfillmentBody,
    InsightsBody,
    MonthsBody,
    SegmentBody,
    SegmentKey,
    SegmentsBody,
    StatusBody,
    StockedBody,
    StockTotalsBody,
    StoreBody,
    TopProductBody,
)
from analytics.figures import SEGMENTS
from analytics.metric import quotient
from analytics.metrics import NET_SALES, ORDERS, TOTAL_SALES, UNITS
from analytics.reports.activity import Happened
from analytics.reports.carts import CartsReport
from analytics.reports.inventory import StockedProduct
from analytics.reports.products import NO_PRODUCT, TopProducts
from analytics.reports.segments import Segment, Segments
from analytics.serializers import event_body
from analytics.sums import Sums
from shop_data.models import AbandonedCart, Product, StoreInfo
from xenofy.common.money import from_minor

NO_VISITS = "No source of visits is connected, so visits and their conversion are not known."
NAMED = {figure.key: figure for figure in SEGMENTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """What the answer is made of; `sums` and `carts` are those of its range."""

    best: TopProducts
    sums: Sums
    customers: int
    months: Months
    carts: CartsReport
    activity: Sequence[Happened]


def insights_body(found: Insights, currency: str, *, store: StoreInfo | None) -> InsightsBody:
    """Return the main figures of a range."""
    conversion = _conversion(found.carts)
    return {
        "topProducts": _top_products(found.best, currency),
        "totalRevenue": amount(TOTAL_SALES, found.sums, currency),
        "netSales": amount(NET_SALES, found.sums, currency),
        "currency": currency or None,
        "totalCustomers": found.customers,
        "recentOrders": number(ORDERS, found.sums),
        "revenue": _months_body(found.months, currency),
        "conversion": conversion,
        "conversionMetrics": conversion,
        "storeInfo": _store_body(store),
        "recentActivity": [event_body(each) for each in found.activity],
    }


def segments_body(found: Segments, currency: str) -> SegmentsBody:
    """Return the four numbers, and what each is."""
    limits, customers = found.thresholds, {each.key: each.customers for each in found.segments}
    whole = sum(customers.values())
    return {
        "highValue": customers["highValue"],
        "regular": customers["regular"],
        "new": customers["new"],
        "lowValue": customers["lowValue"],
        "total": whole,
        "currency": currency or None,
        "thresholds": {
            "highValue": from_minor(limits.high, currency),
            "lowValue": from_minor(limits.low, currency),
            "newSince": limits.new_since.isoformat(),
        },
        "segments": [_segment(each, whole, currency) for each in found.segments],
    }


def statuses_body(found: Mapping[str, OfStatus], currency: str) -> FulfillmentBody:
    """Return the orders by fulfilment status."""
    return {
        "total": sum(each.orders for each in found.values()),
        "currency": currency or None,
        "statusBreakdown": {
            "fulfilled": _status(found["fulfilled"], currency),
            "partial": _status(found["partial"], currency),
            "unfulfilled": _status(found["unfulfilled"], currency),
            "restocked": _status(found["restocked"], currency),
        },
    }


def _status(each: OfStatus, currency: str) -> StatusBody:
    return {"count": each.orders, "value": exact(each.value, currency)}


def cart_bodies(
    rows: Sequence[AbandonedCart], currency: str, *, may_see_people: bool
) -> list[CartBody]:
    """Return carts in one currency."""
    return [_cart(each, currency, may_see_people) for each in rows]


def stock_body(found: Stock, shown: Sequence[StockedProduct], currency: str) -> StockTotalsBody:
    """Return what the stock comes to, and a page of the products with stock."""
    return {
        "stats": {
            "totalProducts": found.products,
            "inStock": found.in_stock,
            "outOfStock": found.out_of_stock,
            "lowStock": found.low,
            "stockValue": exact(found.value, currency),
        },
        "currency": currency or None,
        "productsWithStock": [_stocked(each) for each in shown],
    }


def _stocked(each: StockedProduct) -> StockedBody:
    return {
        "shopifyId": str(each.listed.shopify_id),
        "title": each.listed.title,
        "inventoryQuantity": each.listed.stock,
        "unitsSold": each.listed.sums.units,
        "unitsPerDay": hundredths(each.units_per_day),
        "daysOfStock": hundredths(each.days_of_stock),
    }


def _segment(each: Segment, whole: int, currency: str) -> SegmentBody:
    figure = NAMED[each.key]
    return {
        "key": cast("SegmentKey", each.key),
        "name": figure.label,
        "rule": figure.formula,
        "customers": each.customers,
        "netSales": from_minor(each.net_sales, currency),
        "share": share(quotient(each.customers, whole)),
    }


def _top_products(found: TopProducts, currency: str) -> list[TopProductBody]:
    ids = [line.shopify_id for line in found.lines if line.shopify_id != NO_PRODUCT]
    known = {row.shopify_id: row for row in Product.objects.filter(shopify_id__in=ids)}
    return [
        _top_product(line.shopify_id, line.title, line.sums, known.get(line.shopify_id), currency)
        for line in found.lines
        if line.shopify_id != NO_PRODUCT
    ]


def _top_product(
    product: int, title: str | None, sums: Sums, row: Product | None, currency: str
) -> TopProductBody:
    return {
        "id": str(row.id) if row else None,
        "shopifyId": str(product),
        "title": title,
        "price": exact(row.price, currency) if row else None,
        "totalSold": number(UNITS, sums),
        "totalRevenue": amount(NET_SALES, sums, currency),
        "inventoryQuantity": row.inventory_quantity if row else None,
    }


def _months_body(found: Months, currency: str) -> MonthsBody:
    """Return total sales of both months; growth is against the same days of the last month."""
    current, before = found.current.total_sales, found.last_so_far
    then = before.total_sales if before is not None else 0
    return {
        "currentMonth": from_minor(current, currency),
        "lastMonth": from_minor(found.last.total_sales, currency),
        "growthRate": share(quotient(current - then, then)) if then > 0 else None,
    }


def _conversion(found: CartsReport) -> ConversionBody:
    return {
        "estimatedVisits": None,
        "conversionRate": None,
        "reason": NO_VISITS,
        "cartAbandonRate": share(quotient(found.open, found.open + found.completed)),
    }


def _store_body(store: StoreInfo | None) -> StoreBody:
    return {
        "name": store.name if store else None,
        "domain": (store.domain or store.myshopify_domain) if store else None,
        "planName": store.plan_name if store else None,
        "currency": store.currency if store else None,
        "country": store.country_code if store else None,
    }


def _cart(cart: AbandonedCart, currency: str, may_see_people: bool) -> CartBody:
    return {
        "id": str(cart.id),
        "checkoutId": str(cart.shopify_id),
        "totalPrice": exact(cart.total_price, currency),
        "currency": currency or None,
        "email": cart.email if may_see_people else None,
        "createdAt": moment(cart.checkout_created_at),
        "updatedAt": moment(cart.checkout_updated_at),
        "completedAt": moment(cart.completed_at),
    }
