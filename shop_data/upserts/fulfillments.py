"""Fulfilments, as their own webhooks and the bodies of orders bring them.

How long parcels took is counted on the day of their order: when what is counted of a fulfilment
changes, that day is marked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Min, OuterRef, Subquery

from shop_data.changes import Change, Version, version_of
from shop_data.marks import mark_days
from shop_data.models import Fulfillment, FulfillmentEvent, Order
from shop_data.payloads.fulfillments import DELIVERED, fulfillment_event_row, fulfillment_row
from shop_data.payloads.values import Body, identifier, moment, objects
from shop_data.upserts.bodies import Superseded, superseded, upsert_bodies
from shop_data.upserts.bulk import Row, upsert_newest, versioned
from shop_data.upserts.tombstones import (
    FULFILLMENT_EVENT,
    ORDER,
    Deletion,
    Graves,
    upsert_living,
    write_living,
)
from tenants.scope import current_tenant_id

_COUNTED = ("status", "fulfillment_created_at", "delivered_at", "order_id")
_NOTE_DELIVERIES = """
UPDATE shop_data_fulfillment AS fulfillment SET delivered_at = given.at
FROM unnest(%(ids)s::bigint[], %(moments)s::timestamptz[]) AS given(shopify_id, at)
WHERE fulfillment.tenant_id = %(tenant)s AND fulfillment.shopify_id = given.shopify_id
    AND (fulfillment.delivered_at IS NULL OR fulfillment.delivered_at > given.at)
"""


def upsert_fulfillments(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write fulfilments and link them to orders that are known."""
    return write_living(changes, ORDER, partial(_write_fulfillments, now=now), identity=_order_of)


def _write_fulfillments(changes: Sequence[Change], *, now: datetime) -> Superseded:
    rows = [versioned(fulfillment_row(change.body), change.version, now) for change in changes]
    ids = [row["shopify_id"] for row in rows]
    orders = {row["order_shopify_id"] for row in rows if row.get("order_shopify_id")}
    with _marking(ids):
        written = _write(rows)
        link_fulfillments(orders)
        _note_deliveries(_delivered_by_events(ids))
    return superseded(changes, ids, written)


def upsert_fulfillment_events(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write the steps of parcels; the first that says so tells when one was delivered."""

    def write(living: Sequence[Change]) -> Superseded:
        found = upsert_bodies(FulfillmentEvent, fulfillment_event_row, living, now=now)
        ids = {fulfillment_event_row(c.body)["fulfillment_shopify_id"] for c in living}
        with _marking(ids):
            _note_deliveries(_delivered_by_events(ids))
        return found

    deletion = Deletion(FULFILLMENT_EVENT, "fulfillment_events/delete", _remove_events)
    of_living_orders = partial(upsert_living, deletion=deletion, write=write)
    return write_living(changes, ORDER, of_living_orders, identity=_order_of)


def _remove_events(graves: Graves) -> None:
    """Delete steps of parcels; what only they told of a delivery goes with them."""
    events = FulfillmentEvent.objects.filter(shopify_id__any=graves)
    told = events.filter(status=DELIVERED).values_list("fulfillment_shopify_id", "happened_at")
    doubted = dict(told)
    events.delete()
    with _marking(doubted):
        for key, at in doubted.items():
            Fulfillment.objects.filter(shopify_id=key, delivered_at=at).update(delivered_at=None)
        _note_deliveries(_delivered_by_bodies(doubted))
        _note_deliveries(_delivered_by_events(doubted))


def write_fulfillments_of(orders: Mapping[UUID, tuple[Body, Version]], *, now: datetime) -> None:
    """Write the fulfilments that stand inside the bodies of orders (by our id)."""
    rows = []
    for order_id, (body, version) in orders.items():
        for item in objects(body, "fulfillments"):
            row = {**fulfillment_row(item), "order_id": order_id}
            at = moment(item.get("updated_at"), "updated_at") or version.at
            its_own = version_of({}, str(sorted(row.items(), key=str)).encode(), at)
            rows.append(versioned(row, its_own, now))
    with _marking([row["shopify_id"] for row in rows]):
        _write(rows)


def link_fulfillments(order_shopify_ids: Collection[int]) -> None:
    """Point fulfilments that arrived before their order to it."""
    order = Order.objects.filter(shopify_id=OuterRef("order_shopify_id")).values("id")[:1]
    waiting = Fulfillment.objects.filter(
        order_id__isnull=True, order_shopify_id__any=order_shopify_ids
    )
    waiting.update(order_id=Subquery(order))


def _write(rows: Sequence[Row]) -> set[Any]:
    written = upsert_newest(Fulfillment, rows)
    delivered: dict[int, datetime] = {}
    for row in rows:
        if row.get("shipment_status") == DELIVERED:
            at, key = row["version_at"], row["shopify_id"]
            delivered[key] = min(delivered.get(key, at), at)
    _note_deliveries(delivered)
    return written


def _delivered_by_events(shopify_ids: Collection[int]) -> dict[int, datetime]:
    """Return fulfilment -> when its own events first say that it was delivered."""
    events = FulfillmentEvent.objects.filter(
        fulfillment_shopify_id__any=shopify_ids, status=DELIVERED, happened_at__isnull=False
    )
    first = events.values("fulfillment_shopify_id").annotate(at=Min("happened_at"))
    return dict(first.values_list("fulfillment_shopify_id", "at"))


def _delivered_by_bodies(shopify_ids: Collection[int]) -> dict[int, datetime]:
    """Return fulfilment -> when its newest body says that it was delivered, if it does."""
    said = Fulfillment.objects.filter(shopify_id__any=shopify_ids, shipment_status=DELIVERED)
    return dict(said.filter(delivered_at=None).values_list("shopify_id", "version_at"))


def _order_of(body: Body) -> int | None:
    return identifier(body.get("order_id"), "order_id")


def _note_deliveries(delivered: Mapping[int, datetime]) -> None:
    """Keep the earliest moment at which a fulfilment was known to be delivered."""
    if not delivered:
        return
    params: dict[str, Any] = {
        "tenant": current_tenant_id(),
        "ids": list(delivered),
        "moments": list(delivered.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_DELIVERIES, params)


@contextmanager
def _marking(shopify_ids: Collection[int]) -> Iterator[None]:
    """Mark the order's day of each fulfilment of which something counted changes inside."""
    if not shopify_ids:
        yield
        return
    before = _counted(shopify_ids)
    yield
    after = _counted(shopify_ids)
    changed = [key for key in after if after[key] != before.get(key)]
    days: set[date | None] = {side[key][-1] for side in (before, after) for key in changed
                              if key in side}  # fmt: skip
    mark_days((None, day) for day in days if day is not None)


def _counted(shopify_ids: Collection[int]) -> dict[int, tuple[Any, ...]]:
    """Return fulfilment -> what of it is counted; the day of its order stands last.

    A join would read all orders of a new shop, of which PostgreSQL knows nothing, for each row.
    """
    found = Fulfillment.objects.filter(shopify_id__any=shopify_ids)
    rows = list(found.values_list("shopify_id", *_COUNTED))
    orders = Order.objects.filter(id__any={order_id for *_, order_id in rows})
    days = dict(orders.values_list("id", "day"))
    return {key: (*counted, days.get(order_id)) for key, *counted, order_id in rows}
