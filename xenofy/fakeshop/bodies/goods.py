"""Products and stock."""

from __future__ import annotations

from xenofy.fakeshop.bodies.values import Body, gid
from xenofy.fakeshop.catalogue_records import Level, Product, Variant
from xenofy.fakeshop.dates import local
from xenofy.fakeshop.money import major, padded
from xenofy.fakeshop.state import ShopState

_MOST_VARIANTS = 100  # a body is no complete list of more


def product(state: ShopState, found: Product) -> Body:
    zone = state.settings.timezone
    return {
        "admin_graphql_api_id": gid("Product", found.id),
        "body_html": None,
        "created_at": local(found.created_at, zone),
        "handle": found.handle,
        "id": found.id,
        "product_type": found.product_type,
        "published_at": local(found.published_at, zone) if found.published_at else None,
        "status": found.status,
        "tags": ", ".join(found.tags),
        "title": found.title,
        "updated_at": local(found.updated_at, zone),
        "vendor": found.vendor,
        "variants": [_variant(state, one) for one in found.variants[:_MOST_VARIANTS]],
        "options": [],
        "images": [],
        "image": None,
    }


def level(state: ShopState, found: Level) -> Body:
    return {
        "inventory_item_id": found.item_id,
        "location_id": found.location_id,
        "available": found.available,
        "updated_at": local(found.updated_at, state.settings.timezone),
        "admin_graphql_api_id": (
            f"gid://shopify/InventoryLevel/{found.location_id}?inventory_item_id={found.item_id}"
        ),
    }


def _variant(state: ShopState, found: Variant) -> Body:
    zone, currency = state.settings.timezone, state.settings.currency
    compared = found.compare_at
    return {
        "admin_graphql_api_id": gid("ProductVariant", found.id),
        "barcode": found.barcode,
        "compare_at_price": padded(major(compared, currency), currency) if compared else None,
        "created_at": local(found.created_at, zone),
        "id": found.id,
        "inventory_item_id": found.item_id,
        "inventory_management": "shopify" if found.tracked else None,
        "position": found.position,
        "price": padded(major(found.price, currency), currency),
        "product_id": found.product.id,
        "sku": found.sku,
        "taxable": found.taxable,
        "title": found.title,
        "updated_at": local(found.updated_at, zone),
    }
