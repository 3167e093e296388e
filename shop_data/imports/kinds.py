"""What is imported, and how each object becomes what a webhook would have told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shop_data.changes import Change, version_of
from shop_data.payloads import graphql_orders, graphql_shop
from shop_data.payloads.values import Body, parse, written
from shop_data.upserts.checkouts import upsert_checkouts
from shop_data.upserts.customers import upsert_customers, upsert_purchasing_summaries
from shop_data.upserts.inventory import upsert_inventory_items, upsert_inventory_levels
from shop_data.upserts.orders import upsert_orders
from shop_data.upserts.products import upsert_products
from shop_data.upserts.store import upsert_locations
from xenofy.common.identifiers import uuid7

Told = tuple[str, dict[str, Any]]  # the topic that a webhook would have, and its body


@dataclass(frozen=True)
class Kind:
    """Objects that one bulk query brings.

    `connections` names the connection of each child's `__typename`; `told` what an object tells;
    `writers` who writes which topics. One that `is_searched` can be asked for by when it changed.
    `needs` are the scopes without which it is left out, `empties` what is then missing, as a
    merchant would say. One that `has_people` asks who somebody is, which not every app may see.
    """

    name: str
    query: str
    told: Callable[[Body], Iterator[Told]]
    writers: Mapping[str, Any]
    connections: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    empties: str = ""
    is_searched: bool = False
    has_people: bool = False


def change_of(topic: str, body: dict[str, Any], asked_at: datetime) -> Change:
    """Return what an object tells, as if a webhook had told it at a moment."""
    raw = written(body)
    parsed = parse(raw)
    return Change(uuid7(), topic, parsed, raw, version_of(parsed, raw, asked_at))


def _orders(node: Body) -> Iterator[Told]:
    yield "orders/updated", graphql_orders.order_body(node)


def _customers(node: Body) -> Iterator[Told]:
    yield "customers/update", graphql_shop.customer_body(node)
    yield "customers/purchasing_summary", graphql_shop.summary_body(node)


def _products(node: Body) -> Iterator[Told]:
    yield "products/update", graphql_shop.product_body(node)
    for item in graphql_shop.item_bodies(node):
        yield "inventory_items/update", item


def _levels(node: Body) -> Iterator[Told]:
    for level, is_kept in graphql_shop.level_bodies(node):
        yield f"inventory_levels/{'update' if is_kept else 'disconnect'}", level


def _locations(node: Body) -> Iterator[Told]:
    yield "locations/update", graphql_shop.location_body(node)


def _checkouts(node: Body) -> Iterator[Told]:
    yield "checkouts/update", graphql_shop.checkout_body(node)


ORDERS = Kind(
    "orders",
    "bulk_orders",
    _orders,
    {"orders/updated": upsert_orders},
    {
        "LineItem": "lineItems",
        "ShippingLine": "shippingLines",
        **dict.fromkeys(graphql_orders.DISCOUNTS, "discountApplications"),
    },
    needs=("read_orders",),
    empties="orders and all figures of sales",
    is_searched=True,
    has_people=True,
)
# In the order in which they are brought, after the newest orders.
OTHERS = (
    Kind(
        "locations",
        "bulk_locations",
        _locations,
        {"locations/update": upsert_locations},
        needs=("read_locations",),
        empties="the names of locations",
    ),
    Kind(
        "products",
        "bulk_products",
        _products,
        {"products/update": upsert_products, "inventory_items/update": upsert_inventory_items},
        {"ProductVariant": "variants"},
        needs=("read_products", "read_inventory"),
        empties="products and their costs",
        is_searched=True,
    ),
    Kind(
        "customers",
        "bulk_customers",
        _customers,
        {
            "customers/update": upsert_customers,
            "customers/purchasing_summary": upsert_purchasing_summaries,
        },
        needs=("read_customers",),
        empties="names of customers",
        is_searched=True,
        has_people=True,
    ),
    Kind(
        "stock",
        "bulk_levels",
        _levels,
        {
            "inventory_levels/update": upsert_inventory_levels,
            "inventory_levels/disconnect": upsert_inventory_levels,
        },
        {"InventoryLevel": "inventoryLevels"},
        needs=("read_inventory",),
        empties="stock by location",
    ),
    Kind(
        "checkouts",
        "bulk_checkouts",
        _checkouts,
        {"checkouts/update": upsert_checkouts},
        {"AbandonedCheckoutLineItem": "lineItems"},
        needs=("read_orders",),
        empties="abandoned carts of the past",
        is_searched=True,
        has_people=True,
    ),
)
KINDS = {kind.name: kind for kind in (ORDERS, *OTHERS)}
