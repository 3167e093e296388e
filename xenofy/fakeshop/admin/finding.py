"""Finding rows: by id, or all that a search wants in the order of a sort key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from xenofy.fakeshop import paying
from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.connections import Listing
from xenofy.fakeshop.admin.filters import Read, parse
from xenofy.fakeshop.admin.names import type_name
from xenofy.fakeshop.admin.resolvers.products import Item
from xenofy.fakeshop.dates import utc
from xenofy.fakeshop.fulfilling import fulfillment_status
from xenofy.fakeshop.records import Order
from xenofy.fakeshop.returning import return_status
from xenofy.fakeshop.state import ShopState


class Kind(NamedTuple):
    """A kind of rows that can be listed, and the scope that it takes."""

    name: str
    scope: str
    rows: Callable[[ShopState], Iterable[Any]]


_COMMON: dict[str, Read] = {
    "id": lambda row: row.id,
    "created_at": lambda row: row.created_at,
    "updated_at": lambda row: row.updated_at,
}
SEARCHES: dict[str, Mapping[str, Read]] = {
    "Order": {
        **_COMMON,
        "processed_at": lambda order: order.processed_at,
        "default": lambda order: f"{order.name} {order.email}",
        "name": lambda order: order.name,
        "email": lambda order: order.email,
        "test": lambda order: order.test,
        "status": lambda order: _status(order),
        "financial_status": paying.financial_status,
        "fulfillment_status": lambda order: _sent(order),
        "return_status": return_status,
        "source_name": lambda order: order.source_name,
        "customer_id": lambda order: order.customer_id,
        "tag": lambda order: order.tags,
        "gateway": lambda order: order.gateway,
    },
    "Customer": {
        **_COMMON,
        "customer_date": lambda row: row.created_at,
        "email": lambda row: row.email,
        "phone": lambda row: row.phone,
        "state": lambda row: row.state,
        "tag": lambda row: row.tags,
        "orders_count": lambda row: len(row.order_ids),
        "default": lambda row: f"{row.first_name} {row.last_name} {row.email}",
    },
    "Product": {
        **_COMMON,
        "published_at": lambda row: row.published_at,
        "status": lambda row: row.status,
        "vendor": lambda row: row.vendor,
        "product_type": lambda row: row.product_type,
        "title": lambda row: row.title,
        "handle": lambda row: row.handle,
        "tag": lambda row: row.tags,
        "default": lambda row: row.title,
    },
    "ProductVariant": {
        **_COMMON,
        "sku": lambda row: row.sku,
        "barcode": lambda row: row.barcode,
        "product_id": lambda row: row.product.id,
    },
    "Collection": {"id": lambda row: row.id, "updated_at": lambda row: row.updated_at},
    "Location": {"id": lambda row: row.id, "active": lambda row: row.active},
    "InventoryItem": {
        "id": lambda row: row.variant.item_id,
        "created_at": lambda row: row.variant.created_at,
        "updated_at": lambda row: row.variant.updated_at,
        "sku": lambda row: row.variant.sku,
    },
    "AbandonedCheckout": {
        **_COMMON,
        "recovery_state": lambda row: "recovered" if row.completed_at else "not_recovered",
        "status": lambda row: "closed" if row.completed_at else "open",
    },
    "BasicEvent": {
        "id": lambda row: row.id,
        "created_at": lambda row: row.at,
        "subject_type": lambda row: row.subject_type,
        "action": lambda row: row.action,
    },
}
_SORTS: dict[str, Read] = {
    "CREATED_AT": lambda row: getattr(row, "created_at", None) or row.at,
    "UPDATED_AT": lambda row: row.updated_at,
    "PROCESSED_AT": lambda row: row.processed_at,
    "ORDER_NUMBER": lambda row: row.number,
    "TITLE": lambda row: row.title,
    "NAME": lambda row: row.name,
}


def find(ask: Ask, kind: Kind, query: str | None, sort: str) -> Listing:
    """Return the rows that a search wants, in order; what was found stays known until the shop
    changes."""
    oldest = ask.oldest_order() if kind.name == "Order" else None
    key = (kind.name, query, sort, oldest, id(ask.state))
    kept = ask.shop.found.get(key)
    if kept is None or kept[0] != ask.state.version:
        kept = ask.state.version, _search(ask, kind, query or "", sort, oldest)
        ask.shop.keep_found(key, kept)
    return kept[1]


def _search(ask: Ask, kind: Kind, query: str, sort: str, oldest: datetime | None) -> Listing:
    unknown: list[str] = []
    wanted = parse(query, SEARCHES[kind.name], unknown)
    rows = [row for row in kind.rows(ask.state) if wanted(row)]
    if oldest is not None:
        rows = [row for row in rows if row.created_at >= oldest]
    for name in unknown:
        ask.warnings.append({"field": name, "message": "Invalid search field for this query."})
    read: Read = _SORTS.get(sort) or _nothing
    keyed = [((_sortable(read(row)), _id(row)), row) for row in rows]
    keyed.sort(key=lambda pair: pair[0])
    return Listing([pair[0] for pair in keyed], [pair[1] for pair in keyed])


def _nothing(row: Any) -> int:
    return 0


def _sortable(value: Any) -> Any:
    return utc(value) if isinstance(value, datetime) else value


def _id(row: Any) -> int:
    return int(row.variant.item_id if isinstance(row, Item) else row.id)


def _status(order: Order) -> list[str]:
    """Return the words of `status:` that an order answers to."""
    if order.cancelled_at is not None:
        return ["cancelled", "not_open", "any"]
    return ["closed", "not_open", "any"] if order.closed_at else ["open", "not_closed", "any"]


def _sent(order: Order) -> list[str]:
    state = fulfillment_status(order).lower()
    return {
        "unfulfilled": ["unfulfilled", "unshipped"],
        "partially_fulfilled": ["partial"],
        "fulfilled": ["shipped", "fulfilled"],
    }[state]


_OF_ORDERS = frozenset({"Order", "Refund", "Return", "Fulfillment"})
_SCOPES = {
    **dict.fromkeys(_OF_ORDERS | {"AbandonedCheckout"}, "read_orders"),
    **dict.fromkeys(("Product", "ProductVariant", "Collection"), "read_products"),
    "Return": "read_returns",
    "Customer": "read_customers",
    "Location": "read_locations",
    "InventoryItem": "read_inventory",
}


def found_in(ask: Ask, kind: str, number: int) -> Any:
    """Return the record of a global id; None where there is none, or none that may be seen."""
    ask.needs(_SCOPES.get(kind, ""), kind[:1].lower() + kind[1:])
    state = ask.state
    if kind in _OF_ORDERS:
        return _of_order(ask, state.orders.get(number) or state.parts.get(number), kind)
    if kind == "InventoryItem":
        items = (Item(each) for each in state.variants.values() if each.item_id == number)
        return next(items, None)
    if kind == "BasicEvent":
        return next((event for event in state.events if event.id == number), None)
    rows: dict[str, Mapping[int, Any]] = {
        "Customer": state.customers,
        "Product": state.products,
        "ProductVariant": state.variants,
        "Collection": state.collections,
        "Location": state.locations,
        "AbandonedCheckout": state.checkouts,
    }
    return rows.get(kind, {}).get(number)


def _of_order(ask: Ask, found: Any, kind: str) -> Any:
    """Return an order or a part of one, unless it is of another kind or too old for the app."""
    if found is None or type_name(found) != kind:
        return None
    order: Order = getattr(found, "order", found)
    oldest = ask.oldest_order()
    return None if oldest and order.created_at < oldest else found
