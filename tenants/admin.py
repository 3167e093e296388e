"""The admin of tenants, their connections, keys and audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import QuerySet
from django.http import HttpRequest

from tenants.lookup import tenants_called
from tenants.models import (
    ApiKey,
    AuditEntry,
    Connection,
    Invitation,
    ShopifyApp,
    Tenant,
    TenantState,
)
from tenants.staff_admin import ControlAdmin, SecretField, TenantDataAdmin, TenantFilter

if TYPE_CHECKING:
    AppModelForm = forms.ModelForm[ShopifyApp]
    ConnectionModelForm = forms.ModelForm[Connection]
else:
    AppModelForm = ConnectionModelForm = forms.ModelForm

KEPT = "Empty keeps what is stored; it is never shown."


@admin.register(Tenant)
class TenantAdmin(ControlAdmin):
    """Tenants are made by registration, together with their state; nothing here ends them."""

    list_display = ("name", "id", "is_demo", "created_at")
    list_filter = ("is_demo",)
    search_fields = ("name",)
    search_help_text = "Id, domain of the shop, or beginning of the name"
    ordering = ("-id",)
    fields = ("name", "id", "is_demo", "created_at", "updated_at")
    readonly_fields = ("id", "is_demo", "created_at", "updated_at")
    touched = ("updated_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        found = [tenant.id for tenant in tenants_called(search_term)]
        return queryset.filter(id__in=found), False


class ShopifyAppForm(AppModelForm):
    client_secret = SecretField(label="Client secret", help_text=f"It signs webhooks. {KEPT}")
    previous_secret = SecretField(
        label="Previous secret",
        help_text=f"Shopify signs with it for an hour after a change. {KEPT}",
    )


@admin.register(ShopifyApp)
class ShopifyAppAdmin(ControlAdmin):
    form = ShopifyAppForm
    list_display = ("name", "client_id", "created_at")
    search_fields = ("client_id__exact", "name__startswith")
    ordering = ("-id",)
    fields = ("name", "client_id", "client_secret", "previous_secret", "created_at", "updated_at")
    readonly_fields = ("created_at", "updated_at")
    touched = ("updated_at",)


class ConnectionForm(ConnectionModelForm):
    domain = forms.RegexField(
        r"\A[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com\Z",
        help_text="your-shop.myshopify.com",
        widget=AdminTextInputWidget,
        error_messages={"invalid": "Write it as your-shop.myshopify.com, in small letters."},
    )
    access_token = SecretField(label="Access token", help_text=f"Of the Admin API. {KEPT}")


@admin.register(Connection)
class ConnectionAdmin(ControlAdmin):
    form = ConnectionForm
    list_display = ("domain", "tenant", "app", "proven_at", "created_at")
    list_filter = (TenantFilter, ("proven_at", admin.EmptyFieldListFilter))
    list_select_related = ("tenant", "app")
    search_fields = ("domain__startswith",)
    ordering = ("-id",)
    raw_id_fields = ("tenant", "app")
    fields = (
        *("domain", "tenant", "app", "access_token"),
        *("proven_at", "created_at", "updated_at"),
    )
    readonly_fields = ("created_at", "updated_at")
    touched = ("updated_at",)


@admin.register(ApiKey)
class ApiKeyAdmin(ControlAdmin):
    """Keys of integrators, which their owners make; each can be named and ended here."""

    list_display = ("prefix", "name", "tenant", "created_by", "last_used_at", "revoked_at")
    list_filter = (TenantFilter, ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("tenant", "created_by")
    search_fields = ("prefix__exact",)
    ordering = ("-id",)
    fields = (
        *("tenant", "name", "prefix", "scopes", "created_by", "created_at", "last_used_at"),
        *("expires_at", "revoked_at"),
    )
    readonly_fields = (*("tenant", "prefix", "scopes", "created_by", "created_at", "last_used_at"),)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Invitation)
class InvitationAdmin(ControlAdmin):
    """Invitations by owners; each can be changed and ended here."""

    list_display = ("email", "tenant", "role", "invited_by", "expires_at", "accepted_at")
    list_filter = (TenantFilter, "role")
    list_select_related = ("tenant", "invited_by")
    search_fields = ("email__exact",)
    ordering = ("-id",)
    fields = (
        *("email", "tenant", "role", "invited_by"),
        *("created_at", "expires_at", "accepted_at"),
    )
    readonly_fields = ("email", "tenant", "invited_by", "created_at", "accepted_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(TenantState)
class TenantStateAdmin(TenantDataAdmin):
    list_display = ("shop", "data_version", "data_changed_at", "history_since", "known_since_at")
    search_columns = ()
    ordering = ("-tenant_id",)


@admin.register(AuditEntry)
class AuditEntryAdmin(TenantDataAdmin):
    list_display = ("at", "shop", "actor", "action", "subject", "ip_address")
    search_columns = ("actor_id", "action")
    ordering = ("-tenant_id", "-at")
