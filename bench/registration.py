"""Tenants of a benchmark, each connected to a made-up shop. Needs Django to be set up."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from bench.facts import Shop
from tenants.models import Connection, ShopifyApp, Tenant, TenantState
from tenants.scope import tenant_scope

SECRET = "shpss_of_the_benchmarks"


def register(shop: Shop) -> UUID:
    """Create the tenant of a shop whose domain is proven; return its id."""
    tenant = Tenant.objects.create(name=shop.domain)
    with tenant_scope(tenant.id):
        TenantState.objects.create()
    app = ShopifyApp(name=shop.domain)
    app.client_secret = SECRET
    app.save(force_insert=True)
    Connection.objects.create(tenant=tenant, app=app, domain=shop.domain, proven_at=timezone.now())
    return tenant.id
