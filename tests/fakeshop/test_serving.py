"""The double answers our own client, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

from shop_data.shopify import grants
from tenants.models import ShopifyApp
from xenofy.fakeshop.world import World


def test_our_client_gets_a_token_from_it(fakeshop: World) -> None:
    fakeshop.apps.add("app", "secret")
    fakeshop.shop("double.myshopify.com")
    app = ShopifyApp(name="Double", client_id="app")
    app.client_secret = "secret"
    now = datetime(2026, 7, 1, tzinfo=UTC)

    granted = grants.for_credentials("double.myshopify.com", app, now=now)

    assert granted.access_expires_at == datetime(2026, 7, 2, tzinfo=UTC)
    assert "read_orders" in granted.scopes
