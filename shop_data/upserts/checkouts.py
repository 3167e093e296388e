"""Checkouts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shop_data.changes import Change
from shop_data.marks import mark_days
from shop_data.models import AbandonedCart
from shop_data.payloads.checkouts import checkout_row
from shop_data.payloads.values import Body
from shop_data.store import shop_time_zone
from shop_data.upserts.bodies import Superseded, upsert_bodies


def upsert_checkouts(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write checkouts with the shop-local day on which they were begun."""
    zone = shop_time_zone()
    days = set()

    def row_of(body: Body) -> dict[str, Any]:
        row = checkout_row(body)
        begun = row.get("checkout_created_at")
        if begun is not None:
            row["day"] = begun.astimezone(zone).date()
            days.add(row["day"])
        return row

    superseded = upsert_bodies(AbandonedCart, row_of, changes, now=now)
    mark_days((None, day) for day in days)
    return superseded
