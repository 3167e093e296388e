"""What tells of an order beside its own body: returns, transactions, disputes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import OuterRef, Subquery

from shop_data.changes import Change
from shop_data.models import Dispute, Order, Return, ReturnLine, Transaction
from shop_data.payloads.order_rows import transaction_row
from shop_data.payloads.returns import dispute_row, return_id, return_line_rows, return_row
from shop_data.payloads.values import Body, identifier
from shop_data.upserts.bodies import Superseded, superseded, upsert_bodies
from shop_data.upserts.bulk import ids_by_shopify_id, upsert_changed, upsert_newest, versioned
from shop_data.upserts.tombstones import ORDER, write_living


def upsert_returns(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write returns with their lines, and link them to orders that are known."""
    return write_living(changes, ORDER, partial(_write_returns, now=now), identity=_order_of)


def upsert_transactions(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write transactions, and link them to orders that are known."""

    def write(living: Sequence[Change]) -> Superseded:
        found = upsert_bodies(Transaction, transaction_row, living, now=now)
        link_to_orders(Transaction, [_order_of(change.body) for change in living])
        return found

    return write_living(changes, ORDER, write, identity=_order_of)


def upsert_disputes(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write disputes."""

    def write(living: Sequence[Change]) -> Superseded:
        return upsert_bodies(Dispute, dispute_row, living, now=now)

    return write_living(changes, ORDER, write, identity=_order_of)


def link_to_orders(model: Any, order_shopify_ids: Collection[int | None]) -> None:
    """Point rows that arrived before their order to it."""
    order = Order.objects.filter(shopify_id=OuterRef("order_shopify_id")).values("id")[:1]
    ids = [key for key in order_shopify_ids if key is not None]
    waiting = model.objects.filter(order_id__isnull=True, order_shopify_id__any=ids)
    waiting.update(order_id=Subquery(order))


def _write_returns(changes: Sequence[Change], *, now: datetime) -> Superseded:
    rows = [
        versioned(return_row(change.body, verb=change.topic.split("/")[1]), change.version, now)
        for change in changes
    ]
    keys = [row["shopify_id"] for row in rows]
    late = superseded(changes, keys, upsert_newest(Return, rows))
    link_to_orders(Return, [_order_of(change.body) for change in changes])
    _write_lines({return_id(c.body): c.body for c in changes if c.delivery not in late})
    return late


def _write_lines(bodies: dict[int, Body]) -> None:
    """Make the lines of returns those of their bodies."""
    ids = ids_by_shopify_id(Return, bodies)
    listed = {key: return_line_rows(body) for key, body in bodies.items()}
    lines = [
        {**line, "parent_id": ids[key]} for key, found in listed.items() for line in found or []
    ]
    upsert_changed(ReturnLine, lines, key=("shopify_id",))
    told = [ids[key] for key, found in listed.items() if found is not None]
    present = [line["shopify_id"] for line in lines]
    ReturnLine.objects.filter(parent_id__any=told).exclude(shopify_id__any=present).delete()


def _order_of(body: Body) -> int | None:
    order = body.get("order")
    nested = order.get("id") if isinstance(order, dict) else None
    return identifier(body.get("order_id") or nested, "order_id")
