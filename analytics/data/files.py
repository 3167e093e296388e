"""All rows of a list as a table for a file: one for each order, customer or product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet

from analytics.data import bodies, lists, totals
from analytics.data.shapes import EventBody, OrderBody
from analytics.data.situation_bodies import cart_bodies
from analytics.list_filters import FeedFilter
from analytics.reports.activity import happened
from analytics.reports.coverage import Coverage
from analytics.reports.long_lists import row_count
from analytics.serializers import event_body
from shop_data.models import AbandonedCart, Customer, Order, Product, StoreEvent
from xenofy.common.list_files import Rows, Told, list_table, moment_column
from xenofy.common.tables import Column, Table

M = TypeVar("M", bound=Model)
NAMELESS = "a line without a name"
DATES = {
    "createdAt": "Created",
    "updatedAt": "Updated",
    "processedAt": "Placed",
    "cancelledAt": "Cancelled",
    "completedAt": "Completed",
    "lastOrderAt": "Last order",
}
AMOUNTS = {
    "totalPrice": "Total",
    "subtotalPrice": "Subtotal",
    "totalTax": "Taxes",
    "totalDiscounts": "Discounts",
    "totalSpent": "Net sales",
    "price": "Price",
    "revenue": "Net sales",
}
TEXTS = {
    "shopifyId": "Shopify’s id",
    "name": "Order",
    "customerId": "Customer",
    "currency": "Currency",
    "financialStatus": "Payment",
    "fulfillmentStatus": "Fulfilment",
    "email": "E-mail",
    "firstName": "First name",
    "lastName": "Last name",
    "totalOrders": "Orders",
    "title": "Title",
    "handle": "Handle",
    "inventoryQuantity": "Stock",
    "inventoryPolicy": "Sells without stock",
    "unitsSold": "Units",
    "items": "Lines",
    "addresses": "Addresses",
    "checkoutId": "Shopify’s checkout",
    "eventId": "Shopify’s event",
    "type": "About",
    "verb": "What",
    "description": "In words",
    "subjectType": "Kind",
    "subjectId": "Shopify’s id",
    "subjectName": "Name",
}
ORDER = (
    *("shopifyId", "name", "processedAt", "customerId", "financialStatus", "fulfillmentStatus"),
    *("currency", "totalPrice", "subtotalPrice", "totalTax", "totalDiscounts"),
    *("cancelledAt", "createdAt", "updatedAt"),
)
CUSTOMER = (
    *("shopifyId", "firstName", "lastName", "email", "totalOrders", "totalSpent", "currency"),
    *("lastOrderAt", "createdAt", "updatedAt"),
)
CART = (
    *("checkoutId", "email", "totalPrice", "currency", "createdAt", "updatedAt", "completedAt"),
)
EVENT = (
    *("createdAt", "type", "verb", "description"),
    *("subjectType", "subjectId", "subjectName", "eventId"),
)
PRODUCT = (
    *("shopifyId", "title", "handle", "price", "currency", "inventoryQuantity"),
    *("inventoryPolicy", "unitsSold", "revenue", "createdAt", "updatedAt"),
)


def orders_table(
    found: QuerySet[Order, Order], kind: str, *, coverage: Coverage, may_see_people: bool
) -> Table:
    """Return the orders; amounts are in the currency of their row.

    For programs each has its lines and addresses as the API tells them, in a spreadsheet its lines
    stand in one cell.
    """

    def told(rows: Sequence[Order]) -> Rows:
        parts = lists.parts_of(list(rows), may_see_people=may_see_people)
        whole = bodies.order_bodies(rows, parts)
        return whole if kind == "jsonl" else [_in_cells(each) for each in whole]

    only = coverage.currency if len(coverage.currencies) == 1 else ""
    keys = (*ORDER, "items", "addresses") if kind == "jsonl" else (*ORDER, "items")
    return _table("orders", keys, only, found, told)


def _in_cells(order: OrderBody) -> dict[str, object]:
    """Return an order whose lines are one text: "2 × Silk shawl (SHAWL-1); 1 × Stole"."""
    lines = [
        f"{item['quantity']} × {item['title'] or NAMELESS}"
        + (f" ({item['sku']})" if item["sku"] else "")
        for item in order["items"]
    ]
    return {**order, "items": "; ".join(lines)}


def customers_table(
    found: QuerySet[Customer, Customer], *, currency: str, may_see_people: bool
) -> Table:
    """Return the customers with what they ordered in one currency."""

    def told(rows: Sequence[Customer]) -> Rows:
        return bodies.customer_bodies(rows, currency, may_see_people=may_see_people)

    return _table("customers", CUSTOMER, currency, found, told)


def products_table(
    found: QuerySet[Product, Product], *, currency: str, coverage: Coverage
) -> Table:
    """Return the products with what they sold in all time."""

    def told(rows: Sequence[Product]) -> Rows:
        sold = totals.sold_of_all_time(rows, currency=currency, coverage=coverage)
        return bodies.product_bodies(rows, sold, currency)

    return _table("products", PRODUCT, currency, found, told)


def carts_table(
    found: QuerySet[AbandonedCart, AbandonedCart], *, currency: str, may_see_people: bool
) -> Table:
    """Return carts in one currency."""

    def told(rows: Sequence[AbandonedCart]) -> Rows:
        return cart_bodies(rows, currency, may_see_people=may_see_people)

    columns = [_column(key, currency) for key in CART]
    return list_table("abandoned-carts", columns, found, told, count=found.count())


def feed_table(feed: FeedFilter, *, may_see_people: bool) -> Table:
    """Return what happened, and what each line is about where that is here."""

    def told(rows: Sequence[StoreEvent]) -> Rows:
        return [
            _of_feed(event_body(line)) for line in happened(rows, may_see_people=may_see_people)
        ]

    found = feed.rows()
    columns = [_column(key, "") for key in EVENT]
    return list_table("activity", columns, found, told, count=feed.count(found))


def _of_feed(line: EventBody) -> dict[str, object]:
    subject = line["subject"]
    return {
        **line,
        "subjectType": subject and subject["type"],
        "subjectId": subject and subject["shopifyId"],
        "subjectName": subject and subject["name"],
    }


def _table(
    name: str, keys: Sequence[str], currency: str, found: QuerySet[M, M], told: Told[M]
) -> Table:
    columns = [_column(key, currency) for key in keys]
    return list_table(name, columns, found, told, count=row_count(found))


def _column(key: str, currency: str) -> Column:
    if key in DATES:
        return moment_column(key, DATES[key])
    if key in AMOUNTS:
        named = f"{AMOUNTS[key]} ({currency})" if currency else AMOUNTS[key]
        return Column(key=key, label=named, currency=currency)
    return Column(key=key, label=TEXTS[key])
