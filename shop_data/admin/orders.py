"""The admin of orders, what goes back, and the sale ledger."""

from __future__ import annotations

import zlib
from typing import ClassVar

from django.contrib import admin
from django.utils.safestring import SafeString

from shop_data.models import (
    AbandonedCart,
    DiscountUse,
    Dispute,
    Fulfillment,
    FulfillmentEvent,
    Order,
    OrderAddress,
    OrderDocument,
    OrderItem,
    Rederivation,
    Refund,
    RefundAdjustment,
    RefundLine,
    Return,
    ReturnLine,
    RollupMark,
    Sale,
    Transaction,
)
from tenants.staff_admin import SHOWN_CHARACTERS, TenantDataAdmin, TenantFilter, raw_text

# ── orders ────────────────────────────────────────────────────────────────────────────────────


@admin.register(Order)
class OrderAdmin(TenantDataAdmin):
    list_display = (
        *("name", "shop", "shopify_id", "processed_at", "day", "total_price", "currency"),
        *("financial_status", "fulfillment_status", "cancelled_at", "counts", "version_at"),
    )
    list_filter = (TenantFilter, "test", "counts", ("cancelled_at", admin.EmptyFieldListFilter))
    search_columns = ("shopify_id", "name_search", "email_search", "customer__shopify_id")
    ordering = ("-tenant_id", "-processed_at", "-id")


class OfOrderAdmin(TenantDataAdmin):
    """A table of rows that belong to an order, which is what they are searched by."""

    search_columns: ClassVar[tuple[str, ...]] = ("order__shopify_id", "order__name_search")


@admin.register(OrderDocument)
class OrderDocumentAdmin(TenantDataAdmin):
    list_display = ("shopify_id", "shop", "version_at", "synced_at", "needs_fresh_read")
    list_filter = (TenantFilter, "needs_fresh_read")
    unread = ("body", "facts")
    texts = ("body_text", "facts_text")

    @admin.display(description="body")
    def body_text(self, document: OrderDocument) -> SafeString | str:
        return raw_text(_unpacked(document.body))

    @admin.display(description="facts")
    def facts_text(self, document: OrderDocument) -> SafeString | str:
        return raw_text(_unpacked(document.facts))


@admin.register(OrderItem)
class OrderItemAdmin(OfOrderAdmin):
    list_display = ("shopify_id", "shop", "order", "title", "sku", "quantity", "price")
    search_columns = ("shopify_id", "product_shopify_id", *OfOrderAdmin.search_columns)


@admin.register(OrderAddress)
class OrderAddressAdmin(OfOrderAdmin):
    list_display = ("type", "shop", "order", "city", "province_code", "country_code", "zip")
    list_filter = (TenantFilter, "type")


@admin.register(DiscountUse)
class DiscountUseAdmin(OfOrderAdmin):
    list_display = ("position", "shop", "order", "code", "title", "type", "amount")
    search_columns = ("code", *OfOrderAdmin.search_columns)


@admin.register(Fulfillment)
class FulfillmentAdmin(OfOrderAdmin):
    list_display = (
        *("shopify_id", "shop", "order", "status", "shipment_status", "tracking_company"),
        "fulfillment_created_at",
    )
    search_columns = ("shopify_id", "order_shopify_id")


@admin.register(FulfillmentEvent)
class FulfillmentEventAdmin(TenantDataAdmin):
    list_display = ("shopify_id", "shop", "fulfillment_shopify_id", "status", "happened_at")
    search_columns = ("shopify_id", "fulfillment_shopify_id")


@admin.register(AbandonedCart)
class AbandonedCartAdmin(TenantDataAdmin):
    list_display = (
        *("shopify_id", "shop", "day", "email", "total_price", "currency"),
        *("checkout_created_at", "completed_at"),
    )
    list_filter = (TenantFilter, ("completed_at", admin.EmptyFieldListFilter))
    search_columns = ("shopify_id", "token")


# ── what goes back ────────────────────────────────────────────────────────────────────────────


@admin.register(Refund)
class RefundAdmin(OfOrderAdmin):
    list_display = ("shopify_id", "shop", "order", "order_shopify_id", "refund_created_at")
    search_columns = ("shopify_id", "order_shopify_id")


@admin.register(RefundLine)
class RefundLineAdmin(TenantDataAdmin):
    list_display = ("shopify_id", "shop", "refund", "quantity", "subtotal", "total_tax")
    search_columns = ("shopify_id", "refund__shopify_id")


@admin.register(RefundAdjustment)
class RefundAdjustmentAdmin(TenantDataAdmin):
    list_display = ("shopify_id", "shop", "refund", "kind", "reason", "amount", "tax_amount")
    search_columns = ("shopify_id", "refund__shopify_id")


@admin.register(Return)
class ReturnAdmin(OfOrderAdmin):
    list_display = ("shopify_id", "shop", "order", "name", "status", "requested_at", "closed_at")
    search_columns = ("shopify_id", *OfOrderAdmin.search_columns)


@admin.register(ReturnLine)
class ReturnLineAdmin(TenantDataAdmin):
    list_display = ("shopify_id", "shop", "parent", "quantity", "reason")
    search_columns = ("shopify_id", "parent__shopify_id")


@admin.register(Transaction)
class TransactionAdmin(OfOrderAdmin):
    list_display = (
        *("shopify_id", "shop", "order", "kind", "status", "gateway", "amount", "currency"),
        *("test", "processed_at"),
    )
    search_columns = ("shopify_id", *OfOrderAdmin.search_columns)


@admin.register(Dispute)
class DisputeAdmin(TenantDataAdmin):
    list_display = (
        *("shopify_id", "shop", "order_shopify_id", "type", "status", "reason"),
        *("amount", "currency", "initiated_at"),
    )
    search_columns = ("shopify_id", "order_shopify_id")


# ── the ledger ────────────────────────────────────────────────────────────────────────────────


@admin.register(Sale)
class SaleAdmin(OfOrderAdmin):
    list_display = (
        *("key", "shop", "order", "day", "action", "line_type", "quantity"),
        *("gross", "discount", "tax", "currency", "reason", "source"),
    )
    list_filter = (TenantFilter, "action", "line_type", "day")
    ordering = ("-tenant_id", "-day")


@admin.register(RollupMark)
class RollupMarkAdmin(TenantDataAdmin):
    list_display = ("day", "shop", "customer_shopify_id")
    search_columns = ("customer_shopify_id",)


@admin.register(Rederivation)
class RederivationAdmin(TenantDataAdmin):
    list_display = ("shop", "done_to")
    search_columns = ()


def _unpacked(data: bytes | memoryview | None) -> bytes | None:
    """Return packed bytes as they were, no more of them than are shown."""
    if data is None:
        return None
    try:
        return zlib.decompressobj().decompress(bytes(data), SHOWN_CHARACTERS + 1)
    except zlib.error as error:
        return f"These bytes cannot be unpacked: {error}".encode()
