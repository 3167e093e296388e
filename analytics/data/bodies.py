"""The answers of totals and lists, in the contract's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from analytics.data.lists import OrderParts
from analytics.data.objects import (
    amount,
    customer_body,
    moment,
    number,
    order_body,
    order_summary,
    product_body,
)
from analytics.data.shapes import (
    CountedBody,
    CustomerBody,
    CustomerStatsBody,
    DomainBody,
    OrderBody,
    OrdersByDayBody,
    OrderStatsBody,
    ProductStatsBody,
    SalesBody,
    SoldBody,
    SoldProductBody,
    SpendersBody,
)
from analytics.data.totals import CustomerStats, OrderStats, ProductStats
from analytics.metrics import GROSS_SALES, NET_SALES, ORDERS, TOTAL_SALES, UNITS
from analytics.models import CustomerTotal
from analytics.sums import NO_SUMS, Sums, total_of
from shop_data.models import Customer, Order, Product
from xenofy.common.money import from_minor


def sales_body(sums: Sums, currency: str) -> SalesBody:
    """Return the number of orders and what they came to."""
    return {
        "total": number(ORDERS, sums),
        "revenue": amount(TOTAL_SALES, sums, currency),
        "netSales": amount(NET_SALES, sums, currency),
        "grossSales": amount(GROSS_SALES, sums, currency),
        "currency": currency or None,
    }


def customer_stats_body(found: CustomerStats, *, may_see_people: bool) -> CustomerStatsBody:
    """Return the statistic; a domain can be one person's, so not all see them."""
    domains: list[DomainBody] | None = None
    if may_see_people:
        domains = [{"domain": each.domain, "customers": each.customers} for each in found.domains]
    return {
        "total": found.total,
        "new": found.new,
        "byEmail": {
            "withEmail": found.with_email,
            "withoutEmail": found.total - found.with_email,
            "domains": domains,
        },
    }


def spenders_body(
    found: list[CustomerTotal], currency: str, *, may_see_people: bool
) -> SpendersBody:
    """Return the customers, greatest first; one that Shopify told nothing about has ids alone."""
    ids = [each.customer_shopify_id for each in found]
    known = {row.shopify_id: row for row in Customer.objects.filter(shopify_id__in=ids)}
    return {
        "topCustomers": [
            customer_body(
                known[each.customer_shopify_id],
                each,
                currency=currency,
                may_see_people=may_see_people,
            )
            if each.customer_shopify_id in known
            else _unknown(each, currency)
            for each in found
        ]
    }


def customer_bodies(
    rows: Sequence[Customer], currency: str, *, may_see_people: bool
) -> list[CustomerBody]:
    """Return customers with what they ordered."""
    ids = [row.shopify_id for row in rows]
    found = CustomerTotal.objects.filter(customer_shopify_id__in=ids, currency=currency)
    totals = {each.customer_shopify_id: each for each in found}
    return [
        customer_body(
            row, totals.get(row.shopify_id), currency=currency, may_see_people=may_see_people
        )
        for row in rows
    ]


def order_bodies(rows: Sequence[Order], parts: OrderParts) -> list[OrderBody]:
    """Return orders with their parts."""
    return [order_body(row, parts.items[row.id], parts.addresses[row.id]) for row in rows]


def order_stats_body(found: OrderStats) -> OrderStatsBody:
    """Return orders of all time and by month, `2026-11`."""
    return {
        **sales_body(found.sums, found.currency),
        "recent": [order_summary(order) for order in found.recent],
        "ordersByMonth": {
            f"{month:%Y-%m}": _counted(sums, found.currency)
            for month, sums in found.by_month.items()
        },
    }


def days_body(days: Mapping[date, Sums | None], currency: str) -> OrdersByDayBody:
    """Return each day, those without an order too, and what they come to."""
    sums = total_of(each for each in days.values() if each is not None)
    return {
        "ordersByDate": {
            day.isoformat(): _counted(each or NO_SUMS, currency) for day, each in days.items()
        },
        **sales_body(sums, currency),
    }


def product_stats_body(found: ProductStats, currency: str) -> ProductStatsBody:
    """Return the statistic; `bestSelling` counts the days from `since` on."""
    return {
        "total": found.total,
        "products": [product_body(row, currency=currency) for row in found.newest],
        "since": found.period.first.isoformat(),
        "bestSelling": [
            {
                "shopifyId": str(each.product),
                "title": each.title,
                "currency": currency or None,
                **_sold(each.sums, currency),
            }
            for each in found.best
        ],
    }


def product_bodies(
    rows: Sequence[Product], sold: Mapping[int, Sums], currency: str
) -> list[SoldProductBody]:
    """Return products with what they sold."""
    return [
        {
            **product_body(row, currency=currency),
            **_sold(sold.get(row.shopify_id, NO_SUMS), currency),
        }
        for row in rows
    ]


def _sold(sums: Sums, currency: str) -> SoldBody:
    return {
        "unitsSold": number(UNITS, sums),
        "revenue": amount(TOTAL_SALES, sums, currency),
        "netSales": amount(NET_SALES, sums, currency),
        "grossSales": amount(GROSS_SALES, sums, currency),
    }


def _counted(sums: Sums, currency: str) -> CountedBody:
    return {
        "totalOrders": number(ORDERS, sums),
        "totalRevenue": amount(TOTAL_SALES, sums, currency),
    }


def _unknown(total: CustomerTotal, currency: str) -> CustomerBody:
    return {
        "id": None,
        "tenantId": str(total.tenant_id),
        "shopifyId": str(total.customer_shopify_id),
        "email": None,
        "firstName": None,
        "lastName": None,
        "createdAt": None,
        "updatedAt": None,
        "totalOrders": total.orders,
        "totalSpent": from_minor(total.net_sales, currency),
        "currency": currency,
        "lastOrderAt": moment(total.last_at),
    }
