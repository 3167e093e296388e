"""What a delivery tells of, in a sentence: from topic and body alone, whatever came before.

A sentence names orders by their number and products by their title, never a person: who is meant
is an id beside it, so that a person can be forgotten and the feed stays true. Nothing here fails:
a field that cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from shop_data.payloads.values import Body, PayloadError, identifier, word

OTHER = "other"  # the type of topics that nothing is known of
_NAME_LENGTH = 80
_OWN = ("id", "admin_graphql_api_id", "inventory_item_id", "location_id", "customer_id")
_ORDER, _CUSTOMER = ("order_id", "order.id"), ("customer_id", "customerId", "customer.id", "id")
_MERGED = ("admin_graphql_api_customer_kept_id", "admin_graphql_api_id_customer_kept")


class Happening(NamedTuple):
    """`subject` is Shopify's id of the thing or person; `own` tells apart what one event told."""

    type: str
    verb: str
    subject: int | None
    own: str
    description: str


class _Words(NamedTuple):
    """How topics of one resource are told: `{}` of a sentence is the first of `names`."""

    type: str
    sentences: Mapping[str, str]  # topic -> sentence
    names: tuple[str, ...] = ()
    subject: tuple[str, ...] = ("id", "admin_graphql_api_id")


_TOLD = (
    _Words("order", {
        "orders/create": "Order {} was placed.",
        "orders/updated": "Order {} was changed.",
        "orders/paid": "Order {} was paid.",
        "orders/cancelled": "Order {} was cancelled.",
        "orders/fulfilled": "Order {} was sent in full.",
        "orders/partially_fulfilled": "Order {} was sent in part.",
        "orders/delete": "Order {} was deleted.",
    }, ("name",)),
    _Words("order", {"orders/edited": "An order was edited."}, subject=("order_edit.order_id",)),
    _Words("refund", {"refunds/create": "A refund was made."}, subject=_ORDER),
    _Words("payment", {"order_transactions/create": "A payment was recorded: {}."},
           ("kind",), _ORDER),
    _Words("return", {
        "returns/request": "A return was requested.",
        "returns/approve": "A return was approved.",
        "returns/update": "A return was changed.",
        "returns/process": "A return was processed.",
        "returns/close": "A return was closed.",
        "returns/cancel": "A return was cancelled.",
        "returns/reopen": "A return was opened again.",
        "returns/decline": "A return was declined.",
    }, subject=_ORDER),
    _Words("dispute", {
        "disputes/create": "A payment was disputed.",
        "disputes/update": "A dispute was changed: {}.",
    }, ("status",), _ORDER),
    _Words("fulfillment", {
        "fulfillments/create": "Parcel {} was made up.",
        "fulfillments/update": "Parcel {} was changed.",
    }, ("name",), _ORDER),
    _Words("fulfillment", {
        "fulfillment_events/create": "A parcel was reported: {}.",
        "fulfillment_events/delete": "A report on a parcel was withdrawn.",
    }, ("status",), _ORDER),
    _Words("customer", {
        "customers/create": "A customer was added.",
        "customers/update": "A customer was changed.",
        "customers/enable": "A customer opened an account.",
        "customers/disable": "A customer's account was closed.",
        "customers/delete": "A customer was deleted.",
        "customers/purchasing_summary": "What a customer bought was counted again.",
        "customer.tags_added": "A customer was tagged.",
        "customer.tags_removed": "A customer lost a tag.",
    }, subject=_CUSTOMER),
    _Words("customer", {"customers/merge": "Two customers were made one."}, subject=_MERGED),
    _Words("product", {
        "products/create": "Product “{}” was added.",
        "products/update": "Product “{}” was changed.",
        "products/delete": "Product {} was deleted.",
    }, ("title",)),
    _Words("collection", {
        "collections/create": "Collection “{}” was added.",
        "collections/update": "Collection “{}” was changed.",
        "collections/delete": "Collection {} was deleted.",
    }, ("title",)),
    _Words("inventory", {
        "inventory_items/create": "Stock item {} was added.",
        "inventory_items/update": "Stock item {} was changed.",
        "inventory_items/delete": "Stock item {} was deleted.",
    }, ("sku",)),
    _Words("inventory", {
        "inventory_levels/connect": "An item is now kept at one more location.",
        "inventory_levels/update": "Stock of an item is now {}.",
        "inventory_levels/disconnect": "An item is no longer kept at a location.",
    }, ("available",), ("inventory_item_id",)),
    _Words("checkout", {
        "checkouts/create": "A checkout was begun.",
        "checkouts/update": "A checkout went on.",
        "checkouts/delete": "A checkout was deleted.",
        "carts/create": "A cart was begun.",
        "carts/update": "A cart was changed.",
    }),
    _Words("shop", {
        "locations/create": "Location “{}” was added.",
        "locations/update": "Location “{}” was changed.",
        "locations/activate": "Location “{}” was opened.",
        "locations/deactivate": "Location “{}” was closed.",
        "locations/delete": "Location {} was deleted.",
        "shop/update": "The settings of the shop were changed.",
    }, ("name",)),
    _Words("app", {
        "app/uninstalled": "Xenofy was uninstalled from the shop.",
        "app/scopes_update": "What Xenofy may read in the shop was changed.",
        "bulk_operations/finish": "Shopify ended a bulk operation: {}.",
    }, ("status",)),
    _Words("privacy", {
        "customers/data_request": "A customer asked for their data.",
        "customers/redact": "Shopify asked that a customer be forgotten.",
        "shop/redact": "Shopify asked that the data of the shop be erased.",
    }, subject=()),
)  # fmt: skip
_BY_TOPIC = {topic: words for words in _TOLD for topic in words.sentences}
TOLD_TOPICS = frozenset(_BY_TOPIC)
TYPES = tuple(dict.fromkeys([*(words.type for words in _TOLD), OTHER]))


def happening(topic: str, body: Body) -> Happening:
    """Return what a delivery tells of; of an unknown topic that it came."""
    words = _BY_TOPIC.get(topic)
    if words is None:
        said = topic[:_NAME_LENGTH]
        return Happening(OTHER, said, None, "", f"Shopify told of “{said}”; it is kept, not read.")
    verb = topic.replace(".", "/").rsplit("/", 1)[-1]
    subject = _first_identifier(body, words.subject)
    name = _first_word(body, words.names) or str(subject or "without a name")
    sentence = words.sentences[topic].replace("{}", name)
    return Happening(words.type, verb, subject, _own(body), sentence)


def _first_identifier(body: Body, paths: Iterable[str]) -> int | None:
    for path in paths:
        try:
            found = identifier(_at(body, path), path)
        except PayloadError:
            continue
        if found is not None:
            return found
    return None


def _first_word(body: Body, paths: Iterable[str]) -> str:
    found = next(filter(None, (_word(_at(body, path)) for path in paths)), "")
    return found.replace("_", " ")


def _word(value: Any) -> str:
    try:
        return (word(value, "") or "")[:_NAME_LENGTH]
    except PayloadError:
        return ""


def _at(body: Body, path: str) -> Any:
    """Return what lies at a path of names with dots; None where there is nothing."""
    value: Any = body
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _own(body: Body) -> str:
    """Return the ids by which a body differs from others that the same event told."""
    return " ".join(_word(body.get(name)) for name in _OWN)
