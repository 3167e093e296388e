"""Values of Shopify's Admin GraphQL API, as webhooks write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shop_data.payloads.values import Body, PayloadError, child, identifier, objects, text

Convert = Callable[[Any], Any]
Fields = Mapping[str, tuple[str, Convert]]  # GraphQL's name -> the webhook's, and its value


def same(value: Any) -> Any:
    """Return the value as it is."""
    return value


def shopify_id(value: Any) -> int | str | None:
    """Return the end of a `gid://`: mostly a number, of shipping lines also a text."""
    try:
        return identifier(value, "id")
    except PayloadError:
        return (text(value, "id") or "").rsplit("/", 1)[-1].split("?", 1)[0]


def small(value: Any) -> str | None:
    """Return an enum as webhooks write it."""
    return (text(value, "enum") or "").lower() or None


def reference(value: Any) -> Any:
    """Return the id of an object that is referred to."""
    return None if value is None else {"id": shopify_id(value.get("id"))}


def money_set(value: Any) -> Any:
    """Return a `MoneyBag` as the money set of a webhook."""
    if value is None:
        return None
    sides = {"shopMoney": "shop_money", "presentmentMoney": "presentment_money"}
    return {
        side: {
            "amount": value[name].get("amount"),
            "currency_code": value[name].get("currencyCode"),
        }
        for name, side in sides.items()
        if value.get(name)
    }


def shop_amount(bag: Body) -> Any:
    """Return the amount of a `MoneyBag` in the shop's currency."""
    return (child(bag, "shopMoney") or {}).get("amount")


def nodes(node: Body, field: str) -> list[Body]:
    """Return the nodes of a connection, however it was asked for; a list is one already."""
    found = node.get(field)
    if isinstance(found, Mapping):
        edges = [edge["node"] for edge in objects(found, "edges") if edge.get("node")]
        return [*objects(found, "nodes"), *edges]
    return objects(node, field)


def read_fields(node: Body, fields: Fields) -> dict[str, Any]:
    """Return the fields that a node has, under their names in webhooks."""
    return {
        name: convert(node[field]) for field, (name, convert) in fields.items() if field in node
    }


def amounts(node: Body, names: Mapping[str, str]) -> dict[str, Any]:
    """Return money sets under their name and, as webhooks do, the shop's side alone."""
    found: dict[str, Any] = {}
    for field, name in names.items():
        if field in node:
            bag = node[field]
            found |= {name: bag and shop_amount(bag), f"{name}_set": money_set(bag)}
    return found
