"""The catalogue: products with their variants, places, and what is in stock where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xenofy.fakeshop.catalogue_records import Collection, Level, Location, Product, Variant
from xenofy.fakeshop.leaves import Address
from xenofy.fakeshop.money import Amount, minor
from xenofy.fakeshop.state import ShopState
from xenofy.fakeshop.wanted import NewVariant


def create_product(
    state: ShopState, title: str, variants: Sequence[NewVariant] = (NewVariant(),), **values: Any
) -> Product:
    """Create a product; `values` are other fields of `Product`."""
    now = state.clock.now()
    handle = title.lower().replace(" ", "-")
    given = {"vendor": state.settings.name, "product_type": "", "published_at": now, **values}
    product = Product(state.new_id(), title, handle, created_at=now, updated_at=now, **given)
    for wanted in variants:
        _add(state, product, wanted)
    state.products[product.id] = product
    state.note("PRODUCT", product.id, "create", "created this product")
    state.tell("products/create", product)
    return product


def _add(state: ShopState, product: Product, wanted: NewVariant) -> None:
    now, currency = state.clock.now(), state.settings.currency
    cost = None if wanted.cost is None else minor(wanted.cost, currency)
    variant = Variant(
        state.new_id(),
        product,
        item_id=state.new_id(),
        title=wanted.title,
        price=minor(wanted.price, currency),
        sku=wanted.sku,
        created_at=now,
        updated_at=now,
        position=len(product.variants) + 1,
        cost=cost,
        requires_shipping=not product.is_gift_card,
    )
    product.variants.append(variant)
    state.variants[variant.id] = variant


def update_product(state: ShopState, product: Product, **values: Any) -> None:
    """Change fields of a product."""
    for name, value in values.items():
        setattr(product, name, value)
    product.updated_at = state.clock.now()
    state.tell("products/update", product)


def set_price(state: ShopState, variant: Variant, price: Amount) -> None:
    """Change what a variant costs from now on."""
    variant.price = minor(price, state.settings.currency)
    variant.updated_at = variant.product.updated_at = state.clock.now()
    state.tell("products/update", variant.product)


def delete_product(state: ShopState, product: Product) -> None:
    """Delete a product; what was sold of it stays in the orders."""
    for variant in product.variants:
        del state.variants[variant.id]
        for key in [key for key in state.levels if key[0] == variant.item_id]:
            del state.levels[key]
    del state.products[product.id]
    state.note("PRODUCT", product.id, "destroy", "deleted this product")
    state.tell("products/delete", product)


def create_collection(state: ShopState, title: str, products: Sequence[Product]) -> Collection:
    """Create a collection of some products."""
    handle = title.lower().replace(" ", "-")
    found = Collection(state.new_id(), title, handle, state.clock.now())
    state.collections[found.id] = found
    for product in products:
        product.collection_ids.append(found.id)
    return found


def create_location(state: ShopState, name: str, country_code: str | None = None) -> Location:
    now = state.clock.now()
    address = Address(country_code or state.settings.country_code)
    place = Location(state.new_id(), name, address, now, now)
    state.locations[place.id] = place
    state.tell("locations/create", place)
    return place


def set_stock(state: ShopState, variant: Variant, place: Location, available: int) -> Level:
    """Say how many units of a variant are at a place; below zero more were sold than there are."""
    now = state.clock.now()
    key = variant.item_id, place.id
    level = state.levels.get(key) or Level(*key, available, now, now)
    level.available, level.updated_at = available, now
    state.levels[key] = level
    state.tell("inventory_levels/update", level)
    return level
