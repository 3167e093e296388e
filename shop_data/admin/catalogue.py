"""The admin of customers, products and stock."""

from __future__ import annotations

from django.contrib import admin

from shop_data.models import (
    Collection,
    CollectionProduct,
    Customer,
    CustomerMerge,
    CustomerTag,
    InventoryItem,
    InventoryLevel,
    InventorySnapshot,
    Product,
    PurchasingSummary,
    Variant,
)
from tenants.staff_admin import TenantDataAdmin

# ── customers and products ────────────────────────────────────────────────────────────────────


@admin.register(Customer)
class CustomerAdmin(TenantDataAdmin):
    list_display = (
        *("shopify_id", "shop", "first_name", "last_name", "email"),
        *("country_code", "customer_created_at"),
    )
    search_columns = ("shopify_id", "email_search", "name_search")


@admin.register(PurchasingSummary)
class PurchasingSummaryAdmin(TenantDataAdmin):
    list_display = ("shopify_id", "shop", "orders", "amount_spent", "currency", "version_at")


@admin.register(CustomerTag)
class CustomerTagAdmin(TenantDataAdmin):
    list_display = ("customer_shopify_id", "shop", "tag", "present", "version_at")
    search_columns = ("customer_shopify_id",)


@admin.register(CustomerMerge)
class CustomerMergeAdmin(TenantDataAdmin):
    list_display = ("shopify_id", "shop", "told_into_shopify_id", "into_shopify_id", "merged_at")
    search_columns = ("shopify_id", "into_shopify_id")


@admin.register(Product)
class ProductAdmin(TenantDataAdmin):
    list_display = (
        *("shopify_id", "shop", "title", "vendor", "product_type", "status"),
        *("price", "inventory_quantity"),
    )
    search_columns = ("shopify_id", "title_search")


@admin.register(Variant)
class VariantAdmin(TenantDataAdmin):
    list_display = (
        *("shopify_id", "shop", "product", "title", "sku", "price"),
        *("inventory_item_id", "inventory_quantity"),
    )
    search_columns = ("shopify_id", "inventory_item_id", "product__shopify_id")


@admin.register(Collection)
class CollectionAdmin(TenantDataAdmin):
    list_display = ("shopify_id", "shop", "title", "handle")


@admin.register(CollectionProduct)
class CollectionProductAdmin(TenantDataAdmin):
    list_display = ("id", "shop", "collection", "product")
    search_columns = ("collection__shopify_id", "product__shopify_id")


@admin.register(InventoryLevel)
class InventoryLevelAdmin(TenantDataAdmin):
    list_display = ("inventory_item_id", "shop", "location_id", "available", "version_at")
    search_columns = ("inventory_item_id",)


@admin.register(InventoryItem)
class InventoryItemAdmin(TenantDataAdmin):
    list_display = ("shopify_id", "shop", "sku", "cost", "tracked", "is_shipped")


@admin.register(InventorySnapshot)
class InventorySnapshotAdmin(TenantDataAdmin):
    list_display = ("day", "shop", "inventory_item_id", "location_id", "available")
    search_columns = ("inventory_item_id",)
    ordering = ("-tenant_id", "-day")
