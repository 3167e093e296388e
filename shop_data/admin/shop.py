"""The admin of what a shop is, who asked for privacy in it, and its feed."""

from __future__ import annotations

from django.contrib import admin

from shop_data.models import (
    AppInstallation,
    BulkOperation,
    CustomerFile,
    Location,
    PrivacyRequest,
    Redaction,
    StoreEvent,
    StoreEventCount,
    StoreInfo,
    Tombstone,
)
from tenants.staff_admin import TenantDataAdmin, TenantFilter

# ── the shop ──────────────────────────────────────────────────────────────────────────────────


@admin.register(StoreInfo)
class StoreInfoAdmin(TenantDataAdmin):
    list_display = ("name", "shop", "myshopify_domain", "currency", "iana_timezone", "plan_name")
    search_columns = ("shopify_id", "myshopify_domain", "name")


@admin.register(Location)
class LocationAdmin(TenantDataAdmin):
    list_display = ("shopify_id", "shop", "name", "city", "country_code", "active")


@admin.register(StoreEvent)
class StoreEventAdmin(TenantDataAdmin):
    list_display = ("happened_at", "shop", "type", "verb", "description", "subject_shopify_id")
    list_filter = (TenantFilter, "type")
    search_columns = ("id",)
    ordering = ("-tenant_id", "-happened_at", "-id")


@admin.register(StoreEventCount)
class StoreEventCountAdmin(TenantDataAdmin):
    list_display = ("type", "shop", "events")
    search_columns = ("id",)


@admin.register(Tombstone)
class TombstoneAdmin(TenantDataAdmin):
    list_display = ("shopify_id", "shop", "resource", "deleted_at")


@admin.register(BulkOperation)
class BulkOperationAdmin(TenantDataAdmin):
    list_display = ("shopify_id", "shop", "type", "status", "error_code", "completed_at")


@admin.register(AppInstallation)
class AppInstallationAdmin(TenantDataAdmin):
    list_display = ("shop", "scopes", "scopes_changed_at", "uninstalled_at")
    search_columns = ()


# ── privacy ───────────────────────────────────────────────────────────────────────────────────


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(TenantDataAdmin):
    list_display = ("requested_at", "shop", "kind", "status", "subject", "done_at", "reason")
    search_columns = ("id",)


@admin.register(CustomerFile)
class CustomerFileAdmin(TenantDataAdmin):
    """Which files there are; what they hold is for the shop's owner alone."""

    list_display = ("created_at", "shop", "subject", "expires_at")
    search_columns = ("subject",)


@admin.register(Redaction)
class RedactionAdmin(TenantDataAdmin):
    list_display = ("redacted_at", "shop", "subject")
    search_columns = ("subject",)
