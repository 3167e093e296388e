"""Products with their variants, and collections."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from shop_data.changes import EPOCH, Change
from shop_data.csv_exports.numbers import FIRST
from shop_data.models import Collection, Product, Variant
from shop_data.payloads.products import collection_row, product_row, variant_rows
from shop_data.payloads.values import Body, required_identifier
from shop_data.upserts.bodies import Superseded, upsert_bodies
from shop_data.upserts.bulk import ids_by_shopify_id, upsert_newest, versioned
from shop_data.upserts.inventory import write_costs
from shop_data.upserts.tombstones import COLLECTION, PRODUCT, Deletion, Graves, upsert_living


def upsert_products(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write products and the variants that their bodies list."""
    deletion = Deletion(PRODUCT, "products/delete", _retire)
    return upsert_living(changes, deletion, partial(_write, now=now))


def upsert_collections(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write collections."""

    def remove(graves: Graves) -> None:
        Collection.objects.filter(shopify_id__any=graves).delete()

    def write(living: Sequence[Change]) -> Superseded:
        return upsert_bodies(Collection, collection_row, living, now=now)

    return upsert_living(changes, Deletion(COLLECTION, "collections/delete", remove), write)


def _write(changes: Sequence[Change], *, now: datetime) -> Superseded:
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
    write_costs(_items_of(rows))
    _retire_exported([c.body for c in current if c.version.at > EPOCH], now=now)
    return superseded


def _retire_exported(bodies: Sequence[Body], *, now: datetime) -> None:
    """Let what a CSV export told of a product rest once Shopify itself tells of it."""
    handles = [body["handle"] for body in bodies if body.get("handle")]
    exported = Product.objects.filter(shopify_id__gte=FIRST, handle__in=handles, deleted_at=None)
    _retire(dict.fromkeys(exported.values_list("shopify_id", flat=True), now))


def _items_of(rows: Sequence[dict[str, Any]]) -> Some[int]:
    return {row["inventory_item_id"] for row in rows if row.get("inventory_item_id")}


def _retire(graves: Graves) -> None:
    """Keep deleted products for what they sold, without stock."""
    if not graves:
        return
    products = Product.objects.filter(shopify_id__any=graves, deleted_at=None)
    Variant.objects.filter(product__in=list(products)).update(inventory_quantity=None)
    for product in products:
        rows = Product.objects.filter(id=product.id)
        rows.update(deleted_at=graves[product.shopify_id], inventory_quantity=None)
