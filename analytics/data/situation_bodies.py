"""The answers about where a shop stands, in the contract's words.

What cannot be known from a shop's data is null, with the reason beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analytics.answers.answer import share
from analytics.data.objects import Body, exact, moment
from analytics.data.situation import Months, OfStatus, Stock
from analytics.metric import quotient
from analytics.metrics import NET_SALES, ORDERS, TOTAL_SALES, UNITS
from analytics.reports.activity import Happened
from analytics.reports.carts import CartList, CartsReport
from analytics.reports.inventory import StockedProduct
from analytics.reports.products import NO_PRODUCT, TopProducts
from analytics.reports.segments import Segments
from analytics.serializers import event_body
from analytics.sums import Sums
from shop_data.models import AbandonedCart, Product, StoreInfo
from xenofy.common.money import from_minor

NO_VISITS = "No source of visits is connected, so visits and their conversion are not known."
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """What the answer is made of; `sums` and `carts` are those of its range."""

    best: TopProducts
    sums: Sums
    customers: int
    months: Months
    carts: CartsReport
    activity: Sequence[Happened]


def insights_body(found: Insights, currency: str, *, store: StoreInfo | None) -> Body:
    """Return the main figures of a range."""
    conversion = _conversion(found.carts)
    return {
        "topProducts": _top_products(found.best, currency),
        "totalRevenue": TOTAL_SALES.value(found.sums, currency),
        "netSales": NET_SALES.value(found.sums, currency),
        "currency": currency or None,
        "totalCustomers": found.customers,
        "recentOrders": ORDERS.value(found.sums, currency),
        "revenue": _months_body(found.months, currency),
        "conversion": conversion,
        "conversionMetrics": conversion,
        "storeInfo": _store_body(store),
        "recentActivity": [event_body(each) for each in found.activity],
    }


def segments_body(found: Segments, currency: str) -> Body:
    """Return the four numbers, and what each is."""
    limits = found.thresholds
    whole = sum(each.customers for each in found.segments)
    return {
        **{each.key: each.customers for each in found.segments},
        "total": whole,
        "currency": currency or None,
        "thresholds": {
            "highValue": from_minor(limits.high, currency),
            "lowValue": from_minor(limits.low, currency),
            "newSince": limits.new_since.isoformat(),
        },
        "segments": [
            {
                "key": each.key,
                "customers": each.customers,
                "netSales": from_minor(each.net_sales, currency),
                "share": share(quotient(each.customers, whole)),
            }
            for each in found.segments
        ],
    }


def statuses_body(found: Mapping[str, OfStatus], currency: str) -> Body:
    """Return the orders by fulfilment status."""
    return {
        "total": sum(each.orders for each in found.values()),
        "currency": currency or None,
        "statusBreakdown": {
            status: {"count": each.orders, "value": exact(each.value, currency)}
            for status, each in found.items()
        },
    }


def carts_body(found: CartList, currency: str, *, limit: int, may_see_people: bool) -> Body:
    """Return how many carts there are, what they are worth, and the greatest of them."""
    return {
        "total": found.count,
        "value": exact(found.value, currency),
        "currency": currency or None,
        "recentCarts": [_cart(each, currency, may_see_people) for each in found.carts[:limit]],
    }


def stock_body(found: Stock, shown: Sequence[StockedProduct], currency: str) -> Body:
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
        "productsWithStock": [
            {
                "shopifyId": str(each.listed.shopify_id),
                "title": each.listed.title,
                "inventoryQuantity": each.listed.stock,
                "unitsSold": each.listed.sums.units,
                "unitsPerDay": _hundredths(each.units_per_day),
                "daysOfStock": _hundredths(each.days_of_stock),
            }
            for each in shown
        ],
    }


def _top_products(found: TopProducts, currency: str) -> list[Body]:
    ids = [line.shopify_id for line in found.lines if line.shopify_id != NO_PRODUCT]
    known = {row.shopify_id: row for row in Product.objects.filter(shopify_id__in=ids)}
    return [
        _top_product(line.shopify_id, line.title, line.sums, known.get(line.shopify_id), currency)
        for line in found.lines
        if line.shopify_id != NO_PRODUCT
    ]


def _top_product(
    product: int, title: str | None, sums: Sums, row: Product | None, currency: str
) -> Body:
    return {
        "id": str(row.id) if row else None,
        "shopifyId": str(product),
        "title": title,
        "price": exact(row.price, currency) if row else None,
        "totalSold": UNITS.value(sums, currency),
        "totalRevenue": NET_SALES.value(sums, currency),
        "inventoryQuantity": row.inventory_quantity if row else None,
    }


def _months_body(found: Months, currency: str) -> Body:
    """Return total sales of both months; growth is against the same days of the last month."""
    current, before = found.current.total_sales, found.last_so_far
    then = before.total_sales if before is not None else 0
    return {
        "currentMonth": from_minor(current, currency),
        "lastMonth": from_minor(found.last.total_sales, currency),
        "growthRate": share(quotient(current - then, then)) if then > 0 else None,
    }


def _conversion(found: CartsReport) -> Body:
    return {
        "estimatedVisits": None,
        "conversionRate": None,
        "reason": NO_VISITS,
        "cartAbandonRate": share(quotient(found.open, found.open + found.completed)),
    }


def _store_body(store: StoreInfo | None) -> dict[str, Any]:
    return {
        "name": store and store.name,
        "domain": store and (store.domain or store.myshopify_domain),
        "planName": store and store.plan_name,
        "currency": store and store.currency,
        "country": store and store.country_code,
    }


def _cart(cart: AbandonedCart, currency: str, may_see_people: bool) -> Body:
    return {
        "id": str(cart.id),
        "checkoutId": str(cart.shopify_id),
        "totalPrice": exact(cart.total_price, currency),
        "email": cart.email if may_see_people else None,
        "createdAt": moment(cart.checkout_created_at),
        "updatedAt": moment(cart.checkout_updated_at),
    }


def _hundredths(value: Decimal | None) -> Decimal | None:
    return value.quantize(HUNDREDTH) if value is not None else None
