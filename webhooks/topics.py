"""Which writer of the mirror takes which topic, in the order in which a batch is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from shop_data.changes import Change
from shop_data.privacy.requests import note_requests
from shop_data.upserts.bodies import Superseded
from shop_data.upserts.checkouts import upsert_checkouts
from shop_data.upserts.customers import (
    upsert_customers,
    upsert_purchasing_summaries,
    upsert_tags,
)
from shop_data.upserts.fulfillments import upsert_fulfillment_events, upsert_fulfillments
from shop_data.upserts.inventory import upsert_inventory_items, upsert_inventory_levels
from shop_data.upserts.merged_customers import merge_customers
from shop_data.upserts.orders import upsert_orders
from shop_data.upserts.products import upsert_collections, upsert_products
from shop_data.upserts.returns import upsert_disputes, upsert_returns, upsert_transactions
from shop_data.upserts.store import (
    note_scopes,
    note_uninstalled,
    upsert_bulk_operations,
    upsert_locations,
    upsert_store,
)


class Writer(Protocol):
    """Writes the changes of its topics and returns the deliveries that were superseded."""

    def __call__(self, changes: Sequence[Change], *, now: datetime) -> Superseded: ...


class Subject(NamedTuple):
    """Topics that one writer takes together."""

    writer: Writer
    topics: frozenset[str]


def _topics(resource: str, *verbs: str) -> frozenset[str]:
    return frozenset(f"{resource}/{verb}" for verb in verbs)


def keep_only(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Mirror nothing: these stay in the inbox alone."""
    return set()


SUBJECTS = (
    Subject(
        note_requests, _topics("customers", "data_request", "redact") | _topics("shop", "redact")
    ),
    Subject(upsert_store, _topics("shop", "update")),
    Subject(
        upsert_locations,
        _topics("locations", "create", "update", "delete", "activate", "deactivate"),
    ),
    Subject(
        upsert_customers, _topics("customers", "create", "update", "enable", "disable", "delete")
    ),
    Subject(merge_customers, _topics("customers", "merge")),
    Subject(upsert_tags, frozenset({"customer.tags_added", "customer.tags_removed"})),
    Subject(upsert_purchasing_summaries, _topics("customers", "purchasing_summary")),
    Subject(upsert_products, _topics("products", "create", "update", "delete")),
    Subject(upsert_collections, _topics("collections", "create", "update", "delete")),
    Subject(upsert_inventory_items, _topics("inventory_items", "create", "update", "delete")),
    Subject(
        upsert_inventory_levels, _topics("inventory_levels", "connect", "update", "disconnect")
    ),
    Subject(
        upsert_orders,
        _topics(
            *("orders", "create", "updated", "paid", "cancelled", "fulfilled"),
            *("partially_fulfilled", "edited", "delete"),
        )
        | _topics("refunds", "create"),
    ),
    Subject(upsert_transactions, _topics("order_transactions", "create")),
    Subject(
        upsert_returns,
        _topics(
            *("returns", "request", "approve", "update", "process", "close", "cancel", "reopen"),
            "decline",
        ),
    ),
    Subject(upsert_disputes, _topics("disputes", "create", "update")),
    Subject(upsert_fulfillments, _topics("fulfillments", "create", "update")),
    Subject(upsert_fulfillment_events, _topics("fulfillment_events", "create", "delete")),
    Subject(upsert_checkouts, _topics("checkouts", "create", "update", "delete")),
    Subject(keep_only, _topics("carts", "create", "update")),
    Subject(upsert_bulk_operations, _topics("bulk_operations", "finish")),
    Subject(note_scopes, _topics("app", "scopes_update")),
    Subject(note_uninstalled, _topics("app", "uninstalled")),
)
TOPICS = frozenset(topic for subject in SUBJECTS for topic in subject.topics)
