"""What can be asked for: one record, pages of records, counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from graphql import GraphQLError

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.connections import MAX_PAGE, Page, check_page_size, page
from xenofy.fakeshop.admin.fields import RESOLVERS, field
from xenofy.fakeshop.admin.finding import Kind, find, found_in
from xenofy.fakeshop.admin.names import number_of
from xenofy.fakeshop.admin.resolvers.events import remembered
from xenofy.fakeshop.admin.resolvers.orders import Count
from xenofy.fakeshop.admin.resolvers.products import Item
from xenofy.fakeshop.state import ShopState


def _items(state: ShopState) -> Iterable[Any]:
    return (Item(variant) for variant in state.variants.values())


_ROOTS = {
    "orders": Kind("Order", "read_orders", lambda state: state.orders.values()),
    "customers": Kind("Customer", "read_customers", lambda state: state.customers.values()),
    "products": Kind("Product", "read_products", lambda state: state.products.values()),
    "productVariants": Kind(
        "ProductVariant", "read_products", lambda state: state.variants.values()
    ),
    "collections": Kind("Collection", "read_products", lambda state: state.collections.values()),
    "inventoryItems": Kind("InventoryItem", "read_inventory", _items),
    "locations": Kind("Location", "read_locations", lambda state: state.locations.values()),
    "abandonedCheckouts": Kind(
        "AbandonedCheckout", "read_orders", lambda state: state.checkouts.values()
    ),
    "events": Kind("BasicEvent", "", remembered),
}


@field("QueryRoot", "shop")
def shop(root: Any, ask: Ask) -> ShopState:
    return ask.state


def _pages(name: str, kind: Kind) -> Callable[..., Page]:
    def answer(
        root: Any,
        ask: Ask,
        query: str = "",
        sortKey: str = "ID",
        **paging: Any,
    ) -> Page:
        ask.needs(kind.scope, name)
        check_page_size(paging.get("first"), paging.get("last"))
        return page(ask, find(ask, kind, query, sortKey), **paging)

    return answer


def _counts(name: str, kind: Kind) -> Callable[..., Count]:
    def answer(root: Any, ask: Ask, query: str = "", limit: int | None = 10_000, **_: Any) -> Count:
        ask.needs(kind.scope, name)
        count = len(find(ask, kind, query, "ID").rows)
        if limit is not None and count > limit:
            return Count(limit, "AT_LEAST")
        return Count(count)

    return answer


for _name, _kind in _ROOTS.items():
    RESOLVERS["QueryRoot", _name] = _pages(_name, _kind)
    RESOLVERS["QueryRoot", f"{_name}Count"] = _counts(f"{_name}Count", _kind)
for _one in ("order", "customer", "product", "productVariant", "collection", "inventoryItem",
             "inventoryLevel", "location", "return", "refund", "fulfillment", "event"):  # fmt: skip

    @field("QueryRoot", _one)
    def one(root: Any, ask: Ask, id: str = "") -> Any:
        return found_in(ask, *number_of(id))


@field("QueryRoot", "node")
def node(root: Any, ask: Ask, id: str) -> Any:
    return found_in(ask, *number_of(id))


@field("QueryRoot", "nodes")
def nodes(root: Any, ask: Ask, ids: list[str]) -> list[Any]:
    if len(ids) > MAX_PAGE:
        raise GraphQLError(
            f"The input array size of {len(ids)} is greater than the maximum allowed of"
            f" {MAX_PAGE}.",
            extensions={"code": "MAX_INPUT_SIZE_EXCEEDED"},
        )
    return [found_in(ask, *number_of(id)) for id in ids]
