"""Since when a shop delivers its orders, as its deliveries tell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shop_data.changes import Change
from shop_data.payloads.values import PayloadError, moment
from webhooks.claimed import Claimed

CREATED = "orders/create"
OF_ORDERS = ("orders/", "refunds/")


def delivered_since(
    events: Sequence[Claimed], changes: Sequence[Change], *, without: Collection[UUID]
) -> datetime | None:
    """Return a moment from which on orders are delivered; None when no delivery tells of one.

    That is when the first of them came or, since a delivery may be late, when the order whose
    creation it tells was created. An older order that only changed tells nothing of its days.
    Deliveries `without` were not written.
    """
    moments = [
        event.received_at
        for event in events
        if event.topic.startswith(OF_ORDERS) and event.id not in without
    ]
    created = [
        _created_at(change)
        for change in changes
        if change.topic == CREATED and change.delivery not in without
    ]
    return min([*moments, *(at for at in created if at)], default=None)


def _created_at(change: Change) -> datetime | None:
    try:
        return moment(change.body.get("created_at"), "created_at")
    except PayloadError:
        return None
