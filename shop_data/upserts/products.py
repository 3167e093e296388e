"""Products with their variants, and stock levels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shop_data.changes import Change
from shop_data.models import InventoryLevel, InventorySnapshot, Product, Variant
from shop_data.payloads.products import inventory_level_row, product_row, variant_rows
from shop_data.payloads.values import required_identifier
from shop_data.store import shop_time_zone
from shop_data.upserts.bodies import Superseded, upsert_bodies
from shop_data.upserts.bulk import ids_by_shopify_id, upsert_changed, upsert_newest, versioned


def upsert_products(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write products and the variants that their bodies list."""
    superseded = upsert_bodies(Product, product_row, changes, now=now)
    current = [change for change in changes if change.delivery not in superseded]
    product_ids = ids_by_shopify_id(Product, [required_identifier(c.body) for c in current])
    rows = [
        versioned(
            {**row, "product_id": product_ids[required_identifier(change.body)]},
            change.version,
            now,
        )
        for change in current
        for row in variant_rows(change.body)
    ]
    upsert_newest(Variant, rows)
    return superseded


def upsert_inventory_levels(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write stock levels, and what is available into the snapshot of the shop's day."""
    key = ("inventory_item_id", "location_id")
    superseded = upsert_bodies(InventoryLevel, inventory_level_row, changes, now=now, key=key)
    zone = shop_time_zone()
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for change in sorted(changes, key=lambda change: change.version):
        level = inventory_level_row(change.body)
        if "available" in level and change.delivery not in superseded:
            day = change.version.at.astimezone(zone).date()
            row = {"day": day, **level}
            rows[day, row["inventory_item_id"], row["location_id"]] = row
    upsert_changed(InventorySnapshot, list(rows.values()), key=("day", *key))
    return superseded
