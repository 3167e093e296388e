"""The admin of what a shop is, who asked for privacy in it, and its feed."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shop_data.models import (
    ApiBudget,
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
from shop_data.privacy.files import file_answer, file_content
from tenants import audit
from tenants.audit import Action
from tenants.scope import tenant_scope
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


@admin.register(ApiBudget)
class ApiBudgetAdmin(TenantDataAdmin):
    list_display = ("shop", "available", "maximum", "restore_rate", "answered_version")
    search_columns = ()


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
    """Which files there are. What they hold is for the shop's owner; staff who may change files can
    take one for them, which the shop's audit entries say."""

    list_display = ("created_at", "shop", "subject", "expires_at")
    search_columns = ("subject",)
    unread = ("content_encrypted",)
    actions = ("download",)

    def has_download_permission(self, request: HttpRequest) -> bool:
        """Reading the list is not enough; nothing of this table may be changed by anybody."""
        return bool(request.user.has_perm("shop_data.change_customerfile"))

    @admin.action(description="Download the chosen file", permissions=["download"])
    def download(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Answer one file."""
        chosen = list(queryset.values_list("tenant_id", "id")[:2])
        if len(chosen) != 1:
            self.message_user(request, "Choose one file.", messages.ERROR)
            return None
        ((tenant_id, file_id),) = chosen
        staff, now = cast("Any", request.user), timezone.now()
        with tenant_scope(tenant_id):
            content = file_content(file_id, now=now)
            if content is not None:
                audit.note(
                    Action.CUSTOMER_DATA_TAKEN,
                    actor_id=staff.pk,
                    actor=str(staff),
                    now=now,
                    subject=str(file_id),
                )
        if content is None:
            self.message_user(request, "The file’s time is over.", messages.ERROR)
            return None
        return file_answer(file_id, content)


@admin.register(Redaction)
class RedactionAdmin(TenantDataAdmin):
    list_display = ("redacted_at", "shop", "subject")
    search_columns = ("subject",)
