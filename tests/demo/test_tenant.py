"""The demo tenant is made once, whole, and beside all others."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from tenants.models import Connection, ShopifyApp, Tenant, TenantState
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory
from xenofy.demo.tenant import DOMAIN, ensure_demo_tenant

pytestmark = pytest.mark.django_db


def test_a_second_time_makes_nothing() -> None:
    first = ensure_demo_tenant()

    assert ensure_demo_tenant() == first
    assert Tenant.objects.filter(is_demo=True).count() == 1
    assert Connection.objects.filter(domain=DOMAIN).count() == 1
    assert ShopifyApp.objects.count() == 1


def test_the_shop_is_connected_and_has_its_state() -> None:
    shop = ensure_demo_tenant()

    connection = Connection.objects.get(domain=DOMAIN)
    with tenant_scope(shop.tenant_id):
        assert TenantState.objects.count() == 1
    assert connection.tenant_id == shop.tenant_id
    assert connection.proven_at is not None
    assert connection.app.client_secret == shop.secret


def test_what_is_missing_is_made_again() -> None:
    shop = ensure_demo_tenant()
    Connection.objects.filter(domain=DOMAIN).delete()

    again = ensure_demo_tenant()

    assert again.tenant_id == shop.tenant_id
    assert again.secret != shop.secret


def test_the_secret_is_long_and_of_this_shop_alone(other_tenant: Tenant) -> None:
    other = ConnectionFactory(tenant=other_tenant)

    shop = ensure_demo_tenant()

    assert len(shop.secret) >= 32
    assert shop.secret != other.app.client_secret


def test_another_account_with_the_domain_is_left_alone(other_tenant: Tenant) -> None:
    ConnectionFactory(tenant=other_tenant, domain=DOMAIN, proven_at=timezone.now())

    with pytest.raises(ImproperlyConfigured, match="XENOFY_DEMO=false"):
        ensure_demo_tenant()

    assert Connection.objects.get(domain=DOMAIN).tenant_id == other_tenant.id
    assert not Tenant.objects.filter(is_demo=True).exists()
