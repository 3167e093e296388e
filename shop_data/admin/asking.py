"""The admin of what is done at Shopify for a shop, and how far it is."""

from __future__ import annotations

from django.contrib import admin

from shop_data.models import (
    CsvUpload,
    Errand,
    Import,
    ImportPiece,
    Reconciliation,
    SalesDifference,
)
from tenants.staff_admin import TenantDataAdmin, TenantFilter


@admin.register(Errand)
class ErrandAdmin(TenantDataAdmin):
    list_display = ("name", "shop", "due_at", "claim_ends_at", "failures", "trouble")
    search_columns = ("name",)


@admin.register(Import)
class ImportAdmin(TenantDataAdmin):
    list_display = ("begun_at", "shop", "kind", "state", "since_at", "orders", "ended_at")
    list_filter = (TenantFilter, "kind", "state")
    search_columns = ()
    ordering = ("-tenant_id", "-begun_at")


@admin.register(ImportPiece)
class ImportPieceAdmin(TenantDataAdmin):
    list_display = ("place", "shop", "kind", "since_at", "until_at", "rows", "failures", "ended_at")
    list_filter = (TenantFilter, "kind")
    search_columns = ()


@admin.register(CsvUpload)
class CsvUploadAdmin(TenantDataAdmin):
    list_display = ("uploaded_at", "shop", "state", "size", "done", "written", "ended_at")
    list_filter = (TenantFilter, "state")
    search_columns = ()
    ordering = ("-tenant_id", "-uploaded_at")
    exclude = ("content",)  # the shop's customers


@admin.register(Reconciliation)
class ReconciliationAdmin(TenantDataAdmin):
    list_display = ("begun_at", "shop", "state", "read", "deleted", "corrected", "ended_at")
    list_filter = (TenantFilter, "state")
    search_columns = ()
    ordering = ("-tenant_id", "-begun_at")


@admin.register(SalesDifference)
class SalesDifferenceAdmin(TenantDataAdmin):
    list_display = ("day", "shop", "metric", "currency", "ours", "theirs", "healed_at")
    list_filter = (TenantFilter, "metric")
    search_columns = ()
