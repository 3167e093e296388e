"""Comparing what there is: ids that Shopify has and we lack, those we have and it lacks, old ones.

A list is taken whole or not at all (`BulkFile`). What is missing in it is asked for alone before
it counts as deleted: a list may have been made a moment too early.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import QuerySet

from shop_data.changes import EPOCH
from shop_data.csv_exports.numbers import FIRST
from shop_data.imports.planning import ALL_ORDERS, RECENT
from shop_data.imports.spans import Span
from shop_data.models import AppInstallation, Customer, Order, OrderDocument, Product
from shop_data.payloads.graphql_values import shopify_id
from shop_data.payloads.values import moment
from shop_data.shopify.client import AdminClient
from shop_data.shopify.documents import document
from shop_data.shopify.errors import ShopifyError
from shop_data.upserts.customers import upsert_customers
from shop_data.upserts.orders import upsert_orders
from shop_data.upserts.products import upsert_products

_AT_ONCE = 5_000  # ids of one look at the database
MOST_TO_READ = 20_000  # more is not read again, but imported
_EDGE = timedelta(days=1)  # of the days that are seen, which end while a list is made


class Listed(NamedTuple):
    """A kind of objects that is compared by id."""

    query: str  # the document
    type: str  # of its global ids
    ours: Callable[[Span | None], QuerySet[Any]]
    deletion: str  # the topic that a webhook would have had
    writers: Mapping[str, Any]


class Found(NamedTuple):
    """What came of a comparison: ids to read, ids that Shopify's list lacks, and both counts."""

    to_read: list[int]
    missing: list[int]
    theirs: int
    ours: int


class TooMany(ShopifyError):
    """So much is missing here that only an import of the past brings it."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"At least {count:,} objects are missing or old here, too many to be read one by one."
            " Begin an import on the settings page; the comparison goes on by itself after it."
        )


def compare(kind: Listed, path: Path, span: Span | None) -> Found:
    """Hold Shopify's list of a kind against ours, in the current tenant.

    What has no number of Shopify's is left out: who was forgotten, and products of CSV exports.
    Raises `TooMany`.
    """
    known = array("q")
    to_read: list[int] = []
    for some in _batches(path):
        to_read += _older_here(kind, some)
        known.extend(some)
        if len(to_read) > MOST_TO_READ:
            raise TooMany(len(to_read))
    ids = sorted(known)
    ours = kind.ours(span).filter(shopify_id__lt=FIRST).values_list("shopify_id", flat=True)
    missing, count = [], 0
    for one in ours.iterator(chunk_size=_AT_ONCE):
        count += 1
        place = bisect_left(ids, one)
        if place == len(ids) or ids[place] != one:
            missing.append(one)
    return Found(to_read, missing, len(ids), count)


def marked_orders() -> list[int]:
    """Return the orders whose bodies may be stale: an edit told less, or two claim one moment."""
    rows = OrderDocument.objects.filter(needs_fresh_read=True)
    return list(rows.order_by("shopify_id").values_list("shopify_id", flat=True)[:_AT_ONCE])


def seen_since(*, now: datetime) -> datetime:
    """Return from when on Shopify shows orders to the current tenant's app: older ones, which it
    may not see, would seem to be deleted."""
    scopes = AppInstallation.objects.values_list("scopes", flat=True).first() or ()
    return EPOCH if ALL_ORDERS in scopes else now - RECENT + _EDGE


def is_gone(client: AdminClient, kind: Listed, shopify_id: int) -> bool:
    """Ask for one object alone; true where Shopify does not know it. Raises `ShopifyError`."""
    gid = f"gid://shopify/{kind.type}/{shopify_id}"
    return client.run(document("exists"), {"id": gid})["node"] is None


def _older_here(kind: Listed, updated: Mapping[int, datetime]) -> list[int]:
    """Return the ids that are not here, or were told of as they were earlier."""
    rows = kind.ours(None).filter(shopify_id__in=list(updated))
    here = dict(rows.values_list("shopify_id", "version_at"))
    return [one for one, at in updated.items() if one not in here or here[one] < at]


def _batches(path: Path) -> Iterator[dict[int, datetime]]:
    batch: dict[int, datetime] = {}
    with path.open("rb") as file:
        for line in file:
            node = json.loads(line)
            number, at = shopify_id(node["id"]), moment(node["updatedAt"], "updatedAt")
            if isinstance(number, int) and at is not None:
                batch[number] = at
            if len(batch) == _AT_ONCE:
                yield batch
                batch = {}
    yield batch


def _orders(span: Span | None) -> QuerySet[Order]:
    if span is None:
        return Order.objects.all()
    return Order.objects.filter(order_created_at__gte=span.since, order_created_at__lt=span.until)


LISTED: Mapping[str, Listed] = {
    "orders": Listed("bulk_orders_list", "Order", _orders, "orders/delete",
                     {"orders/delete": upsert_orders}),
    "products": Listed("bulk_products_list", "Product",
                       lambda _: Product.objects.filter(deleted_at=None), "products/delete",
                       {"products/delete": upsert_products}),
    "customers": Listed("bulk_customers_list", "Customer", lambda _: Customer.objects.all(),
                        "customers/delete", {"customers/delete": upsert_customers}),
}  # fmt: skip
