"""Products, variants, collections and stock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.connections import Page, page
from xenofy.fakeshop.admin.fields import field, fields, nothing
from xenofy.fakeshop.admin.names import gid
from xenofy.fakeshop.admin.resolvers.orders import Count
from xenofy.fakeshop.catalogue_records import Collection, Level, Product, Variant
from xenofy.fakeshop.money import Money, major

nothing("Product", "category", "featuredMedia", "onlineStoreUrl", "templateSuffix")
nothing("Product", "requiresSellingPlan", "hasVariantsThatRequiresComponents", value=False)
nothing("Product", "description", value="")
fields("Product", {
    "status": lambda one: one.status.upper(),
    "hasOnlyDefaultVariant": lambda one: len(one.variants) == 1,
    "tracksInventory": lambda one: any(variant.tracked for variant in one.variants),
    "variantsCount": lambda one: Count(len(one.variants)),
    "options": lambda one: [Option(one)],
})  # fmt: skip


def _money(amount: int | None, ask: Ask) -> Money | None:
    currency = ask.state.settings.currency
    return None if amount is None else Money(major(amount, currency), currency)


def stock(ask: Ask, variant: Variant) -> int:
    levels = ask.state.levels
    places = ask.state.locations
    return sum(
        levels[variant.item_id, place].available
        for place in places
        if (variant.item_id, place) in levels
    )


@field("Product", "totalInventory")
def total_inventory(one: Product, ask: Ask) -> int:
    return sum(stock(ask, variant) for variant in one.variants)


@field("Product", "hasOutOfStockVariants")
def out_of_stock(one: Product, ask: Ask) -> bool:
    return any(stock(ask, variant) <= 0 for variant in one.variants)


class Range(NamedTuple):
    min_variant_price: Any
    max_variant_price: Any


@field("Product", "priceRangeV2")
def price_range(one: Product, ask: Ask) -> Range:
    prices = [variant.price for variant in one.variants] or [0]
    return Range(_money(min(prices), ask), _money(max(prices), ask))


@field("Product", "variants")
def variants(one: Product, ask: Ask, **paging: Any) -> Page:
    return page(ask, one.variants, **paging)


@field("Product", "collections")
def collections(one: Product, ask: Ask, **paging: Any) -> Page:
    found = [ask.state.collections[each] for each in one.collection_ids]
    return page(ask, found, **paging)


for _kind in ("Product", "ProductVariant", "Collection"):
    for _field in ("media", "metafields"):

        @field(_kind, _field)
        def none_of(one: Any, ask: Ask, **paging: Any) -> Page:
            return page(ask, [], **paging)


class Option(NamedTuple):
    """The one option of a product; its values are the titles of the variants."""

    product: Product


class Value(NamedTuple):
    id: str
    name: str
    value: str = ""


fields("ProductOption", {
    "id": lambda one: gid("ProductOption", one.product.id),
    "name": lambda one: "Title",
    "position": lambda one: 1,
    "values": lambda one: [variant.title for variant in one.product.variants],
    "optionValues": lambda one: [
        Value(gid("ProductOptionValue", variant.id), variant.title)
        for variant in one.product.variants
    ],
})  # fmt: skip

nothing("ProductVariant", "inventoryPolicy", value="DENY")
nothing("ProductVariant", "requiresComponents", value=False)
fields("ProductVariant", {
    "displayName": lambda one: f"{one.product.title} - {one.title}",
    "selectedOptions": lambda one: [Value("", "Title", one.title)],
    "inventoryItem": lambda one: Item(one),
})  # fmt: skip


@field("ProductVariant", "price")
def price(one: Variant, ask: Ask) -> Decimal:
    return major(one.price, ask.state.settings.currency)


@field("ProductVariant", "compareAtPrice")
def compare_at(one: Variant, ask: Ask) -> Decimal | None:
    money = _money(one.compare_at, ask)
    return money and money.amount


@field("ProductVariant", "inventoryQuantity", "sellableOnlineQuantity")
def quantity(one: Variant, ask: Ask) -> int:
    return stock(ask, one)


@field("ProductVariant", "availableForSale")
def available(one: Variant, ask: Ask) -> bool:
    return stock(ask, one) > 0


fields("Collection", {"productsCount": lambda one: Count(0)})


@field("Collection", "products")
def products_of(one: Collection, ask: Ask, **paging: Any) -> Page:
    found = [each for each in ask.state.products.values() if one.id in each.collection_ids]
    return page(ask, found, **paging)


# ── stock ─────────────────────────────────────────────────────────────────────────────────────


class Item(NamedTuple):
    """The inventory item of a variant."""

    variant: Variant


class Weighed(NamedTuple):
    id: str
    weight: Any


class Weight(NamedTuple):
    unit: str
    value: float


fields("InventoryItem", {
    "id": lambda item: gid("InventoryItem", item.variant.item_id),
    "legacyResourceId": lambda item: item.variant.item_id,
    "sku": lambda item: item.variant.sku,
    "tracked": lambda item: item.variant.tracked,
    "requiresShipping": lambda item: item.variant.requires_shipping,
    "createdAt": lambda item: item.variant.created_at,
    "updatedAt": lambda item: item.variant.updated_at,
    "measurement": lambda item: Weighed(
        gid("InventoryItemMeasurement", item.variant.item_id),
        Weight("GRAMS", float(item.variant.grams)),
    ),
})  # fmt: skip
nothing("InventoryItem", "countryCodeOfOrigin", "harmonizedSystemCode")


@field("InventoryItem", "unitCost")
def unit_cost(item: Item, ask: Ask) -> Money | None:
    return _money(item.variant.cost, ask)


@field("InventoryItem", "variants")
def variants_of(item: Item, ask: Ask, **paging: Any) -> Page:
    return page(ask, [item.variant], **paging)


def levels_of(item: Item, ask: Ask) -> list[Level]:
    places = ask.state.locations
    found = (ask.state.levels.get((item.variant.item_id, place)) for place in places)
    return [level for level in found if level is not None]


@field("InventoryItem", "inventoryLevels")
def levels(item: Item, ask: Ask, **paging: Any) -> Page:
    return page(ask, levels_of(item, ask), **paging)


@field("InventoryItem", "locationsCount")
def locations_count(item: Item, ask: Ask) -> Count:
    return Count(len(levels_of(item, ask)))


class Counted(NamedTuple):
    """A quantity of a level under its name."""

    id: str
    name: str
    quantity: int
    updated_at: Any


def _quantities(level: Level) -> dict[str, int]:
    return {
        "available": level.available,
        "committed": level.committed,
        "on_hand": level.available + level.committed,
        "incoming": level.incoming,
        "reserved": 0,
        "damaged": 0,
        "safety_stock": 0,
        "quality_control": 0,
    }


@field("InventoryLevel", "quantities")
def quantities(level: Level, ask: Ask, names: list[str]) -> list[Counted]:
    counts = _quantities(level)
    number = f"{level.location_id}?inventory_item_id={level.item_id}"
    return [
        Counted(f"{gid('InventoryQuantity', number)}&name={name}", name, counts[name],
                level.updated_at)
        for name in names
        if name in counts
    ]  # fmt: skip


fields("InventoryLevel", {
    "id": lambda level: gid(
        "InventoryLevel", f"{level.location_id}?inventory_item_id={level.item_id}"
    ),
    "isActive": lambda level: True,
})  # fmt: skip


@field("InventoryLevel", "location")
def location_of_level(level: Level, ask: Ask) -> Any:
    return ask.state.locations[level.location_id]


@field("InventoryLevel", "item")
def item_of_level(level: Level, ask: Ask) -> Item:
    variants = ask.state.variants.values()
    return next(Item(each) for each in variants if each.item_id == level.item_id)
