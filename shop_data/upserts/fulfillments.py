"""Fulfilments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import OuterRef, Subquery

from shop_data.changes import Change
from shop_data.models import Fulfillment, Order
from shop_data.payloads.fulfillments import fulfillment_row
from shop_data.upserts.bodies import Superseded, upsert_bodies


def upsert_fulfillments(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write fulfilments and link them to orders that are known."""
    superseded = upsert_bodies(Fulfillment, fulfillment_row, changes, now=now)
    orders = {fulfillment_row(change.body).get("order_shopify_id") for change in changes}
    link_fulfillments([order for order in orders if order is not None])
    return superseded


def link_fulfillments(order_shopify_ids: Sequence[int]) -> None:
    """Point fulfilments that arrived before their order to it."""
    order = Order.objects.filter(shopify_id=OuterRef("order_shopify_id")).values("id")[:1]
    waiting = Fulfillment.objects.filter(
        order_id__isnull=True, order_shopify_id__in=order_shopify_ids
    )
    waiting.update(order_id=Subquery(order))
