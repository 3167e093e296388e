"""Which body a topic carries, as bytes that no one should write again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from xenofy.fakeshop.bodies import checkouts, customers, parts
from xenofy.fakeshop.bodies.goods import level, product
from xenofy.fakeshop.bodies.orders import order_body
from xenofy.fakeshop.bodies.values import Body
from xenofy.fakeshop.bulk import BulkOperation
from xenofy.fakeshop.catalogue_records import Checkout, Customer, Level, Location, Product
from xenofy.fakeshop.records import Fulfillment, Order, Refund, Return, Transaction
from xenofy.fakeshop.state import ShopState

Writer = Callable[[ShopState, Any], Body]

_BY_TOPIC: dict[str, Writer] = {
    "customers/redact": customers.redact,
    "customers/merge": lambda _, pair: customers.merge(*pair),
}
_BY_RECORD: dict[type, Writer] = {
    Order: order_body,
    Refund: parts.refund,
    Transaction: parts.transaction,
    Fulfillment: parts.fulfillment,
    Return: parts.returned,
    Product: product,
    Level: level,
    Location: checkouts.location,
    Checkout: checkouts.checkout,
    BulkOperation: checkouts.bulk_operation,
    Customer: customers.customer,
}


def body_of(state: ShopState, topic: str, subject: Any) -> Body:
    """Return what a topic tells of a record; a mapping is taken as it is."""
    if topic.endswith("/delete"):
        return {"id": subject["id"] if isinstance(subject, dict) else subject.id}
    if isinstance(subject, dict):
        return subject
    writer = _BY_TOPIC.get(topic) or _BY_RECORD.get(type(subject))
    if writer is None:
        raise TypeError(f"The double has no body of {topic} for {type(subject).__name__}.")
    return writer(state, subject)


def written(body: Body) -> bytes:
    r"""Return a body as Shopify's own writer does, with `\/` and `&` escaped."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return text.replace("/", "\\/").replace("&", "\\u0026").encode()
