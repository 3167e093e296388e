"""Subscriptions of webhooks, and why Shopify refuses some."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_NAME = re.compile(r"[A-Za-z0-9_-]{1,50}")
_DOTTED = {"CUSTOMER_TAGS_ADDED": "customer.tags_added", "CUSTOMER_TAGS_REMOVED":
           "customer.tags_removed"}  # fmt: skip
_LONG = (  # resources of which the name itself has an underscore
    *("INVENTORY_LEVELS", "INVENTORY_ITEMS", "ORDER_TRANSACTIONS", "FULFILLMENT_EVENTS"),
    *("BULK_OPERATIONS", "DRAFT_ORDERS", "TENDER_TRANSACTIONS", "FULFILLMENT_ORDERS"),
)
_SCOPES = {
    **dict.fromkeys(
        ("orders", "refunds", "order_transactions", "checkouts", "carts"), "read_orders"
    ),
    **dict.fromkeys(("products", "collections"), "read_products"),
    **dict.fromkeys(("inventory_levels", "inventory_items"), "read_inventory"),
    **dict.fromkeys(("fulfillments", "fulfillment_events"), "read_fulfillments"),
    **dict.fromkeys(("customers", "customer"), "read_customers"),
    "returns": "read_returns",
    "locations": "read_locations",
    "disputes": "read_shopify_payments_disputes",
}


TOLD = (  # what the double tells
    *("ORDERS_CREATE", "ORDERS_UPDATED", "ORDERS_PAID", "ORDERS_CANCELLED", "ORDERS_FULFILLED"),
    *("ORDERS_PARTIALLY_FULFILLED", "ORDERS_DELETE", "ORDERS_EDITED", "REFUNDS_CREATE"),
    *("ORDER_TRANSACTIONS_CREATE", "FULFILLMENTS_CREATE", "FULFILLMENTS_UPDATE"),
    *("RETURNS_REQUEST", "RETURNS_APPROVE", "RETURNS_DECLINE", "RETURNS_PROCESS", "RETURNS_CLOSE"),
    *("RETURNS_REOPEN", "RETURNS_CANCEL"),
    *("CUSTOMERS_CREATE", "CUSTOMERS_UPDATE", "CUSTOMERS_MERGE"),
    *("PRODUCTS_CREATE", "PRODUCTS_UPDATE", "PRODUCTS_DELETE", "INVENTORY_LEVELS_UPDATE"),
    *("CHECKOUTS_CREATE", "CHECKOUTS_UPDATE", "LOCATIONS_CREATE"),
    *("BULK_OPERATIONS_FINISH", "APP_UNINSTALLED", "APP_SCOPES_UPDATE"),
)


@dataclass(slots=True)
class Subscription:
    """A topic that is sent somewhere; one of an app's configuration file stays when it fails."""

    id: int
    client_id: str
    domain: str
    topic: str  # as GraphQL names it: ORDERS_CREATE
    uri: str
    version: str
    created_at: datetime
    updated_at: datetime
    format: str = "JSON"
    include_fields: tuple[str, ...] = ()
    name: str | None = None
    failures: int = 0  # in a row
    is_configured: bool = False  # by the app's configuration file; the API does not show it

    @property
    def slashed(self) -> str:
        return slashed(self.topic)


class Problem(NamedTuple):
    """An entry of `userErrors`."""

    field: list[str]
    message: str


def slashed(topic: str) -> str:
    """Return a topic as deliveries name it: orders/create."""
    if topic in _DOTTED:
        return _DOTTED[topic]
    resource = next((name for name in _LONG if topic.startswith(f"{name}_")), "")
    head, _, verb = topic.partition("_")
    if resource:
        head, verb = resource, topic[len(resource) + 1 :]
    return f"{head.lower()}/{verb.lower()}"


def scope_of(topic: str) -> str | None:
    """Return the scope that a topic needs; None where it needs none."""
    resource = re.split(r"[/.]", slashed(topic))[0]
    if topic == "CUSTOMERS_MERGE":
        return "read_customer_merge"
    return _SCOPES.get(resource)


def changed(found: Subscription, given: Mapping[str, Any], *, now: datetime) -> Subscription:
    """Return a subscription with what an input says."""
    uri = given.get("uri") or given.get("callbackUrl") or found.uri
    fields = given.get("includeFields")
    return replace(
        found,
        uri=uri,
        format=given.get("format") or found.format,
        include_fields=found.include_fields if fields is None else tuple(fields),
        name=given.get("name", found.name),
        updated_at=now,
    )


def problems(wanted: Subscription, given: Mapping[str, Any]) -> list[Problem]:
    """Return why a subscription cannot be; HTTP is for loopback alone, which is no shop's."""
    found = []
    parts = urlsplit(wanted.uri)
    local = parts.hostname in {"127.0.0.1", "localhost", "testserver"}
    if not wanted.uri:
        found.append(Problem(["webhookSubscription", "uri"], "Address can't be blank"))
    elif parts.scheme != "https" and not (parts.scheme == "http" and local):
        message = f"Address protocol {parts.scheme}:// is not supported"
        found.append(Problem(["webhookSubscription", "uri"], message))
    if wanted.name and not _NAME.fullmatch(wanted.name):
        found.append(Problem(["webhookSubscription", "name"], "Name is invalid"))
    if wanted.format != "JSON":
        message = "The double writes JSON only"
        found.append(Problem(["webhookSubscription", "format"], message))
    if given.get("filter"):
        message = "The double knows no filters of webhooks"
        found.append(Problem(["webhookSubscription", "filter"], message))
    return found
