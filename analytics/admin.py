"""The admin of the rollups; `manage.py verify` tells whether they are right."""

from __future__ import annotations

from django.contrib import admin

from analytics.models import (
    BuyerDay,
    BuyerGap,
    BuyerGapMonth,
    CheckoutDay,
    CohortDay,
    CustomerTotal,
    FulfillmentTime,
    ProductBoard,
    ProductToDate,
    SalesDay,
    SelfCheck,
    VariantDay,
    VariantToDate,
)
from tenants.staff_admin import TenantDataAdmin, TenantFilter


@admin.register(SalesDay)
class SalesDayAdmin(TenantDataAdmin):
    list_display = (
        *("day", "shop", "dimension", "key", "part", "currency"),
        *("gross_sales", "discounts", "returns", "orders", "rows"),
    )
    list_filter = (TenantFilter, "dimension", "part", "day")
    search_columns = ("key",)
    ordering = ("-tenant_id", "-dimension", "-day")


@admin.register(CheckoutDay)
class CheckoutDayAdmin(TenantDataAdmin):
    list_display = ("day", "shop", "currency", "completed", "left_open", "recovered")
    list_filter = (TenantFilter, "day")
    search_columns = ()
    ordering = ("-tenant_id", "-day")


@admin.register(VariantDay)
class VariantDayAdmin(TenantDataAdmin):
    list_display = (
        *("day", "shop", "product_shopify_id", "variant_shopify_id", "part", "currency"),
        *("gross_sales", "discounts", "returns", "units"),
    )
    list_filter = (TenantFilter, "part", "day")
    search_columns = ("variant_shopify_id",)
    ordering = ("-tenant_id", "-day")


@admin.register(ProductToDate)
class ProductToDateAdmin(TenantDataAdmin):
    list_display = (
        *("until", "shop", "product_shopify_id", "currency"),
        *("gross_sales", "discounts", "returns", "units"),
    )
    list_filter = (TenantFilter, "until")
    search_columns = ("product_shopify_id",)
    ordering = ("-tenant_id", "-until")


@admin.register(VariantToDate)
class VariantToDateAdmin(TenantDataAdmin):
    list_display = (
        *("until", "shop", "product_shopify_id", "variant_shopify_id", "currency"),
        *("gross_sales", "discounts", "returns", "units"),
    )
    list_filter = (TenantFilter, "until")
    search_columns = ("variant_shopify_id",)
    ordering = ("-tenant_id", "-until")


@admin.register(CustomerTotal)
class CustomerTotalAdmin(TenantDataAdmin):
    list_display = (
        *("customer_shopify_id", "shop", "currency", "orders", "net_sales"),
        *("first_at", "second_at", "last_at"),
    )
    search_columns = ("customer_shopify_id",)
    ordering = ("-tenant_id", "-customer_shopify_id")


@admin.register(BuyerDay)
class BuyerDayAdmin(TenantDataAdmin):
    list_display = ("day", "shop", "buyers", "returning_buyers")
    list_filter = (TenantFilter, "day")
    search_columns = ()
    ordering = ("-tenant_id", "-day")


@admin.register(BuyerGap)
class BuyerGapAdmin(TenantDataAdmin):
    list_display = ("day", "shop", "previous_day", "buyers")
    list_filter = (TenantFilter, "day")
    search_columns = ()
    ordering = ("-tenant_id", "-day")


@admin.register(BuyerGapMonth)
class BuyerGapMonthAdmin(TenantDataAdmin):
    list_display = ("month", "shop", "previous_day", "buyers")
    list_filter = (TenantFilter, "month")
    search_columns = ()
    ordering = ("-tenant_id", "-month")


@admin.register(CohortDay)
class CohortDayAdmin(TenantDataAdmin):
    list_display = (
        "day",
        "shop",
        "cohort",
        "currency",
        "part",
        "active_month",
        "orders",
        "net_sales",
    )
    list_filter = (TenantFilter, "day")
    search_columns = ()
    ordering = ("-tenant_id", "-day")


@admin.register(FulfillmentTime)
class FulfillmentTimeAdmin(TenantDataAdmin):
    list_display = ("day", "shop", "stage", "bucket", "orders")
    list_filter = (TenantFilter, "stage", "day")
    search_columns = ()
    ordering = ("-tenant_id", "-day")


@admin.register(ProductBoard)
class ProductBoardAdmin(TenantDataAdmin):
    list_display = ("first_day", "last_day", "shop", "currency", "sold", "net_sales")
    list_filter = (TenantFilter, "last_day")
    search_columns = ()
    ordering = ("-tenant_id", "-last_day")


@admin.register(SelfCheck)
class SelfCheckAdmin(TenantDataAdmin):
    list_display = ("at", "shop", "days", "differing_rows")
    search_columns = ()
    ordering = ("-tenant_id", "-at")
