"""A tenant's connection to its shop, as the settings page shows and changes it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.registration import Shop, claim, refuse_taken
from shop_data.store import shop_time_zone
from tenants.models import Connection, ShopifyApp, Tenant, TenantState
from xenofy.common.formats import clock, day


class StoreConnection(NamedTuple):
    """What is known of a connection; the secrets themselves never leave their columns."""

    domain: str
    is_proven: bool
    has_secret: bool
    has_previous_secret: bool
    has_token: bool


def domain_of(tenant_id: UUID) -> str | None:
    """Return the domain of the tenant's shop, proven or not; None without a connection."""
    connection = _connection(tenant_id)
    return connection.domain if connection else None


def store_connection(tenant_id: UUID) -> StoreConnection | None:
    """Return the tenant's connection, the proven one where there are several."""
    connection = _connection(tenant_id)
    if connection is None:
        return None
    return StoreConnection(
        domain=connection.domain,
        is_proven=connection.proven_at is not None,
        has_secret=connection.app.client_secret_encrypted is not None,
        has_previous_secret=connection.app.previous_secret_encrypted is not None,
        has_token=connection.access_token_encrypted is not None,
    )


def last_heard(*, now: datetime) -> str:
    """Return when what Shopify sent last changed the shop's data here, in the shop's own time.

    Empty when nothing has come yet.
    """
    changed_at = TenantState.objects.values_list("data_changed_at", flat=True).first()
    if changed_at is None:
        return ""
    zone = shop_time_zone()
    local = changed_at.astimezone(zone)
    return f"{day(local.date(), today=now.astimezone(zone).date())}, {clock(local)} ({zone.key})"


def keep_bodies(tenant: Tenant, *, days: int) -> None:
    """Set for how many days the tenant keeps the bodies of deliveries."""
    tenant.body_retention_days = days
    tenant.save(update_fields=["body_retention_days", "updated_at"])


@transaction.atomic
def change(tenant: Tenant, *, shop: Shop) -> None:
    """Set what is given; an empty secret or token stays as it is.

    A proven domain stays, whatever is given; raises `DomainTaken` for one that another tenant has
    proven.
    """
    connection = _connection(tenant.id, lock=True)
    if connection is None:
        refuse_taken(shop.domain)
        claim(tenant, shop=shop)
        return
    if connection.proven_at is None and shop.domain != connection.domain:
        refuse_taken(shop.domain)
        connection.domain = shop.domain
    if shop.access_token:
        connection.access_token = shop.access_token
    if shop.client_secret:
        connection.app = _with_secret(connection, shop.client_secret)
    connection.save(
        update_fields=["app", "domain", "access_token_encrypted", "updated_at"],
    )


def _with_secret(connection: Connection, secret: str) -> ShopifyApp:
    """Return the app with the new secret; the old one stays good, Shopify signs with it a while.

    An app that serves other shops too is left alone: this shop gets one of its own.
    """
    app = connection.app
    if app.connections.exclude(id=connection.id).exists():
        own = ShopifyApp(name=connection.domain)
        own.client_secret = secret
        own.save(force_insert=True)
        return own
    if secret != app.client_secret:
        app.previous_secret = app.client_secret
        app.client_secret = secret
        columns = ["client_secret_encrypted", "previous_secret_encrypted", "updated_at"]
        app.save(update_fields=columns)
    return app


def _connection(tenant_id: UUID, *, lock: bool = False) -> Connection | None:
    rows = Connection.objects.select_related("app").filter(tenant_id=tenant_id)
    if lock:
        rows = rows.select_for_update()
    return rows.order_by(F("proven_at").asc(nulls_last=True), "id").first()
