"""Which writer of the mirror takes which topic, in the order in which a batch is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from shop_data.changes import Change
from shop_data.upserts.bodies import Superseded, upsert_customers, upsert_locations
from shop_data.upserts.checkouts import upsert_checkouts
from shop_data.upserts.fulfillments import upsert_fulfillments
from shop_data.upserts.orders import upsert_orders
from shop_data.upserts.products import upsert_inventory_levels, upsert_products
from shop_data.upserts.store import upsert_store


class Writer(Protocol):
    """Writes the changes of its topics and returns the deliveries that were superseded."""

    def __call__(self, changes: Sequence[Change], *, now: datetime) -> Superseded: ...


class Subject(NamedTuple):
    """Topics that one writer takes together."""

    writer: Writer
    topics: frozenset[str]


SUBJECTS = (
    Subject(upsert_store, frozenset({"shop/update"})),
    Subject(upsert_locations, frozenset({"locations/create", "locations/update"})),
    Subject(upsert_customers, frozenset({"customers/create", "customers/update"})),
    Subject(upsert_products, frozenset({"products/create", "products/update"})),
    Subject(upsert_inventory_levels, frozenset({"inventory_levels/update"})),
    Subject(
        upsert_orders,
        frozenset(
            {
                *("orders/create", "orders/updated", "orders/paid", "orders/cancelled"),
                *("orders/fulfilled", "orders/partially_fulfilled"),
                *("orders/edited", "orders/delete", "refunds/create"),
            }
        ),
    ),
    Subject(upsert_fulfillments, frozenset({"fulfillments/create", "fulfillments/update"})),
    Subject(upsert_checkouts, frozenset({"checkouts/create", "checkouts/update"})),
)
TOPICS = frozenset(topic for subject in SUBJECTS for topic in subject.topics)
