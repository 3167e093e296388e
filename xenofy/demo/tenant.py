"""The tenant of the demo store: the only one that this package ever writes to."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from tenants.models import Connection, ShopifyApp, Tenant, TenantState
from tenants.scope import tenant_scope

NAME = "Kaveri Handlooms"
DOMAIN = "kaveri-handlooms.myshopify.com"


@dataclass(frozen=True, slots=True)
class DemoShop:
    """The demo store here: its tenant, the secret that signs, and the end of its history."""

    tenant_id: UUID
    secret: str
    opened_at: datetime  # when the tenant was made: the history ends there, live traffic follows


def ensure_demo_tenant() -> DemoShop:
    """Return the demo store; what is missing of tenant, state, app and connection is made."""
    try:
        with transaction.atomic():
            tenant, _ = Tenant.objects.get_or_create(is_demo=True, defaults={"name": NAME})
            tenant.refresh_from_db(fields=["created_at"])
            with tenant_scope(tenant.id):
                TenantState.objects.get_or_create()
            secret = _connection(tenant).app.client_secret
    except IntegrityError as error:
        if "connection_proven" not in str(error):
            raise
        raise ImproperlyConfigured(
            f"Another account is connected to {DOMAIN}, the domain of the demo store."
            " Set XENOFY_DEMO=false to go without the demo."
        ) from error
    return DemoShop(tenant.id, secret, tenant.created_at)


def _connection(tenant: Tenant) -> Connection:
    connections = Connection.objects.select_related("app")
    found = connections.filter(tenant=tenant, domain=DOMAIN).first()
    if found is None:
        connections.create(tenant=tenant, domain=DOMAIN, app=_app(), proven_at=Now())
        found = connections.get(tenant=tenant, domain=DOMAIN)
    return found


def _app() -> ShopifyApp:
    """Make an app that signs for the demo store alone, with a secret that nobody knows."""
    app = ShopifyApp(name=f"{NAME} (demo)")
    app.client_secret = secrets.token_urlsafe(32)
    app.save(force_insert=True)
    return app
