"""Inventory: what an item costs, and how much of it is where."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import OuterRef, Subquery

from shop_data.changes import Change
from shop_data.models import InventoryItem, InventoryLevel, InventorySnapshot, Variant
from shop_data.payloads.products import inventory_item_row, inventory_level_row
from shop_data.payloads.values import required_identifier
from shop_data.store import shop_time_zone
from shop_data.upserts.bodies import Superseded, superseded, upsert_bodies
from shop_data.upserts.bulk import upsert_changed, upsert_newest, versioned
from shop_data.upserts.tombstones import (
    INVENTORY_ITEM,
    LOCATION,
    Deletion,
    Graves,
    upsert_living,
    write_living,
)

DISCONNECTED = "inventory_levels/disconnect"
_KEY = ("inventory_item_id", "location_id")


def upsert_inventory_levels(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write stock levels, and what is available into the snapshot of the shop's day.

    A level ends and begins again, and so has no tombstone of its own; its item and its location
    have, and nothing of it comes after them.
    """
    of_item = partial(required_identifier, field="inventory_item_id")
    at_location = partial(required_identifier, field="location_id")

    def write(living: Sequence[Change]) -> Superseded:
        return write_living(living, LOCATION, partial(_write_levels, now=now), identity=at_location)

    return write_living(changes, INVENTORY_ITEM, write, identity=of_item)


def upsert_inventory_items(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write inventory items, and their cost to the variants that they are kept for."""

    def write(living: Sequence[Change]) -> Superseded:
        found = upsert_bodies(InventoryItem, inventory_item_row, living, now=now)
        write_costs({required_identifier(change.body) for change in living})
        return found

    deletion = Deletion(INVENTORY_ITEM, "inventory_items/delete", _remove_items)
    return upsert_living(changes, deletion, write)


def write_costs(item_ids: Collection[int]) -> None:
    """Let variants cost what their inventory items do, whichever came first."""
    known = InventoryItem.objects.filter(shopify_id__any=item_ids, cost__isnull=False)
    ids = list(known.values_list("shopify_id", flat=True))
    if not ids:
        return
    cost = InventoryItem.objects.filter(shopify_id=OuterRef("inventory_item_id"))
    variants = Variant.objects.filter(inventory_item_id__any=ids)
    variants.update(unit_cost=Subquery(cost.values("cost")[:1]))


def _write_levels(changes: Sequence[Change], *, now: datetime) -> Superseded:
    rows = [versioned(_level_of(change), change.version, now) for change in changes]
    written = upsert_newest(InventoryLevel, rows, key=_KEY)
    late = superseded(changes, [tuple(row[name] for name in _KEY) for row in rows], written)
    _write_snapshots([change for change in changes if change.delivery not in late])
    return late


def _write_snapshots(changes: Sequence[Change]) -> None:
    zone = shop_time_zone()
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for change in sorted(changes, key=lambda change: change.version):
        level = _level_of(change)
        if "available" in level:
            key = {name: level[name] for name in _KEY}
            day = change.version.at.astimezone(zone).date()
            rows[day, *key.values()] = {"day": day, **key, "available": level["available"]}
    upsert_changed(InventorySnapshot, list(rows.values()), key=("day", *_KEY))


def _level_of(change: Change) -> dict[str, Any]:
    return inventory_level_row(change.body, is_connected=change.topic != DISCONNECTED)


def _remove_items(graves: Graves) -> None:
    InventoryItem.objects.filter(shopify_id__any=graves).delete()
    InventoryLevel.objects.filter(inventory_item_id__any=graves).delete()
