"""The shop's own settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shop_data.changes import Change
from shop_data.models import StoreInfo
from shop_data.payloads.store import store_row
from shop_data.store import shop_time_zone
from shop_data.time_zones import move_days
from shop_data.upserts.bodies import Superseded, upsert_bodies


def upsert_store(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write the shop's settings; when its time zone changes, every day moves with it."""
    before = shop_time_zone()
    superseded = upsert_bodies(StoreInfo, store_row, changes, now=now)
    after = shop_time_zone()
    if after != before:
        move_days(after)
    return superseded
