"""A connection is asked once a day, and left alone where only the merchant can help."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from shop_data.models import Errand, Import
from shop_data.shopify.errors import Unreachable
from shop_data.shopify.upkeep import step
from tenants.models import Connection, Tenant
from tenants.scope import tenant_scope
from tests.shopify_answers import Shopify, answer

NOW = timezone.now()
OURS = answer({"shop": {"myshopifyDomain": "kaveri.myshopify.com"}})


def run(tenant_id: object) -> object:
    return step(tenant_id, now=NOW, alive=lambda: None)  # type: ignore[arg-type]


def test_a_connection_that_works_is_checked_daily(shopify: Shopify, connected: Connection) -> None:
    shopify.answers = [OURS]

    assert run(connected.tenant_id) == NOW + timedelta(days=1)

    connected.refresh_from_db()
    assert connected.checked_at == NOW


def test_a_shop_that_is_connected_is_imported_once(shopify: Shopify, connected: Connection) -> None:
    shopify.answers = [OURS]

    run(connected.tenant_id)
    run(connected.tenant_id)

    with tenant_scope(connected.tenant_id):
        assert {each.name for each in Errand.objects.all()} == {
            *("import", "reconciliation", "subscriptions", "sweep")
        }
        assert Import.objects.count() == 1


def test_what_only_the_merchant_can_mend_is_not_tried_again(
    shopify: Shopify, connected: Connection
) -> None:
    shopify.answers = [answer(errors="Invalid", status=401)]

    assert run(connected.tenant_id) is None
    asked = len(shopify.requests)
    assert run(connected.tenant_id) is None
    assert len(shopify.requests) == asked


def test_a_tenant_without_a_shop_has_nothing_to_keep(tenant: Tenant, shopify: Shopify) -> None:
    assert run(tenant.id) is None


def test_a_shopify_that_does_not_answer_is_tried_later(
    shopify: Shopify, connected: Connection
) -> None:
    shopify.answers = [httpx.ConnectError("no way")]

    with pytest.raises(Unreachable):
        run(connected.tenant_id)
