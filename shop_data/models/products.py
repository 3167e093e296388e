"""Products, their variants and collections, and what is in stock where."""

from __future__ import annotations

from django.db import models

from shop_data.models.mirror import (
    MirrorModel,
    MoneyField,
    SearchField,
    VersionedModel,
    one_per_shopify_id,
)
from tenants.models import TenantForeignKey, TenantModel


class Product(MirrorModel):
    """A product; price and stock are those of its variants, taken together.

    A deleted product stays, since what it sold does: with its title and vendor, without stock.
    """

    title = models.TextField(null=True)
    handle = models.TextField(null=True)
    vendor = models.TextField(null=True)
    product_type = models.TextField(null=True)
    status = models.TextField(null=True)
    tags = models.TextField(null=True)
    price = MoneyField(null=True)  # of the first variant
    inventory_quantity = models.BigIntegerField(null=True)  # sum over the variants
    inventory_policy = models.TextField(null=True)  # of the first variant
    product_created_at = models.DateTimeField(null=True)
    product_updated_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    title_search = SearchField()

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [
            models.Index(fields=["tenant", "title_search", "id"], name="product_by_title"),
            models.Index(fields=["tenant", "product_created_at", "id"], name="product_newest"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.shopify_id)


class Variant(MirrorModel):
    """One thing that can be put into a cart; `unit_cost` is what the shop pays for it."""

    product = TenantForeignKey(Product, models.CASCADE, related_name="variants")
    position = models.IntegerField(null=True)
    title = models.TextField(null=True)
    sku = models.TextField(null=True)
    barcode = models.TextField(null=True)
    price = MoneyField(null=True)
    compare_at_price = MoneyField(null=True)
    unit_cost = MoneyField(null=True)
    inventory_item_id = models.BigIntegerField(null=True)
    inventory_quantity = models.BigIntegerField(null=True)
    inventory_policy = models.TextField(null=True)
    inventory_management = models.TextField(null=True)
    sku_search = SearchField()

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [
            models.Index(fields=["tenant", "product"], name="variant_by_product"),
            models.Index(fields=["tenant", "sku_search"], name="variant_by_sku"),
            models.Index(fields=["tenant", "inventory_item_id"], name="variant_by_inventory_item"),
        ]

    def __str__(self) -> str:
        return self.sku or self.title or str(self.shopify_id)


class Collection(MirrorModel):
    """A group of products as the shop shows it."""

    title = models.TextField(null=True)
    handle = models.TextField(null=True)

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]

    def __str__(self) -> str:
        return self.title or str(self.shopify_id)


class CollectionProduct(TenantModel):
    """A product's place in a collection."""

    collection = TenantForeignKey(Collection, models.CASCADE, related_name="members")
    product = TenantForeignKey(Product, models.CASCADE, related_name="memberships")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "collection", "product"], name="collection_product_once"
            )
        ]
        indexes = [models.Index(fields=["tenant", "product"], name="collection_product_by_product")]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.collection_id}"


class InventoryLevel(VersionedModel):
    """What is in stock of one inventory item at one location, as long as it is kept there.

    `available` may be negative (oversold) or null (not tracked there). The ids are Shopify's: a
    level often arrives before the variant or the location it belongs to.
    """

    inventory_item_id = models.BigIntegerField()
    location_id = models.BigIntegerField()
    is_connected = models.BooleanField(default=True, db_default=True)
    available = models.BigIntegerField(null=True)
    on_hand = models.BigIntegerField(null=True)
    committed = models.BigIntegerField(null=True)
    incoming = models.BigIntegerField(null=True)
    reserved = models.BigIntegerField(null=True)
    damaged = models.BigIntegerField(null=True)
    safety_stock = models.BigIntegerField(null=True)
    quality_control = models.BigIntegerField(null=True)

    class Meta(VersionedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "inventory_item_id", "location_id"], name="inventory_level_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.inventory_item_id} at {self.location_id}: {self.available}"


class InventorySnapshot(TenantModel):
    """What was available at the end of a shop-local day."""

    day = models.DateField()
    inventory_item_id = models.BigIntegerField()
    location_id = models.BigIntegerField()
    available = models.BigIntegerField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "day", "inventory_item_id", "location_id"],
                name="inventory_snapshot_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.inventory_item_id} on {self.day}: {self.available}"


class InventoryItem(MirrorModel):
    """What is kept of a variant: its cost, and whether its stock is counted at all."""

    sku = models.TextField(null=True)
    cost = MoneyField(null=True)
    tracked = models.BooleanField(null=True)
    is_shipped = models.BooleanField(null=True)

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]

    def __str__(self) -> str:
        return self.sku or f"Inventory item {self.shopify_id}"
