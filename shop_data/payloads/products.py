"""Products, variants, collections, and what is kept of them where."""

from __future__ import annotations

from typing import Any

from shop_data.payloads.values import (
    Body,
    Columns,
    amount,
    identifier,
    lower,
    moment,
    objects,
    read,
    required_identifier,
    text,
    truth,
    whole,
    word,
)

_PRODUCT: Columns = {
    "title": ("title", text),
    "handle": ("handle", text),
    "vendor": ("vendor", word),
    "product_type": ("product_type", word),
    "status": ("status", word),
    "tags": ("tags", text),
    "product_created_at": ("created_at", moment),
    "product_updated_at": ("updated_at", moment),
    "published_at": ("published_at", moment),
}
_VARIANT: Columns = {
    "position": ("position", whole),
    "title": ("title", text),
    "sku": ("sku", text),
    "barcode": ("barcode", text),
    "price": ("price", amount),
    "compare_at_price": ("compare_at_price", amount),
    "inventory_item_id": ("inventory_item_id", identifier),
    "inventory_quantity": ("inventory_quantity", whole),
    "inventory_policy": ("inventory_policy", word),
    "inventory_management": ("inventory_management", word),
}
_LEVEL: Columns = {
    "available": ("available", whole),
}
_ITEM: Columns = {
    "sku": ("sku", text),
    "cost": ("cost", amount),
    "tracked": ("tracked", truth),
    "is_shipped": ("requires_shipping", truth),
}
_COLLECTION: Columns = {
    "title": ("title", text),
    "handle": ("handle", text),
}


def product_row(body: Body) -> dict[str, Any]:
    """Return the columns of a product; price, stock and policy are taken from its variants."""
    row = {"shopify_id": required_identifier(body), **read(body, _PRODUCT)}
    if "title" in row:
        row["title_search"] = lower(row["title"])
    variants = [read(variant, _VARIANT) for variant in objects(body, "variants")]
    if variants:
        stock = [variant.get("inventory_quantity") for variant in variants]
        known = [quantity for quantity in stock if quantity is not None]
        row["price"] = variants[0].get("price")
        row["inventory_policy"] = variants[0].get("inventory_policy")
        row["inventory_quantity"] = sum(known) if known else None
    return row


def variant_rows(body: Body) -> list[dict[str, Any]]:
    """Return the columns of each variant that the product's body lists."""
    return [_variant_row(variant) for variant in objects(body, "variants")]


def _variant_row(variant: Body) -> dict[str, Any]:
    row = {"shopify_id": required_identifier(variant), **read(variant, _VARIANT)}
    return {**row, "sku_search": lower(row["sku"])} if "sku" in row else row


def inventory_level_row(body: Body, *, is_connected: bool = True) -> dict[str, Any]:
    """Return the columns of a stock level, which has no id but those of item and location.

    Where an item is not kept any more, nothing of it is available.
    """
    return {
        "inventory_item_id": required_identifier(body, "inventory_item_id"),
        "location_id": required_identifier(body, "location_id"),
        "is_connected": is_connected,
        **(read(body, _LEVEL) if is_connected else {"available": None}),
    }


def inventory_item_row(body: Body) -> dict[str, Any]:
    """Return the columns of an inventory item."""
    return {"shopify_id": required_identifier(body), **read(body, _ITEM)}


def collection_row(body: Body) -> dict[str, Any]:
    """Return the columns of a collection."""
    return {"shopify_id": required_identifier(body), **read(body, _COLLECTION)}
