"""`manage.py verify` counts the deliveries row by row."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from analytics import rollups
from shop_data.models import Rederivation, StoreEventCount
from shop_data.rederiving import derive_chunk
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.factories import ConnectionFactory
from tests.shops import Shop
from tests.webhooks.inboxes import customer, events
from webhooks import retention
from webhooks.models import DeliveryCount


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    shop = Shop(ConnectionFactory(tenant=tenant))
    shop.process(("customers/update", customer()), ("orders/create", b"{"))
    shop.deliver("customers/update", customer(2))
    return shop


def verify() -> str:
    said = StringIO()
    call_command("verify", stdout=said)
    return said.getvalue()


def test_it_says_what_the_page_says(shop: Shop) -> None:
    said = verify()

    assert "customers/update: 1 done, 0 superseded, 0 quarantined, 1 pending" in said
    assert "p95 of the last 24 hours" in said
    assert "the oldest since 20" in said


def test_a_count_of_the_feed_that_differs_from_its_lines_is_a_difference(shop: Shop) -> None:
    verify()
    with tenant_scope(shop.connection.tenant_id):
        StoreEventCount.objects.update(events=7)

    with pytest.raises(CommandError, match="There are differences"):
        verify()


def test_a_count_that_differs_from_the_rows_is_a_difference(shop: Shop) -> None:
    with tenant_scope(shop.connection.tenant_id):
        DeliveryCount.objects.filter(topic="orders/create").update(deliveries=7)

    with pytest.raises(CommandError, match="There are differences"):
        verify()


def test_without_any_body_all_is_derived_again_the_same(shop: Shop) -> None:
    tenant_id = shop.connection.tenant_id
    order = OrderBuilder()
    line = order.line("100.00")
    placed = order.body()
    refund = order.refund("2026-03-03T10:00:00Z", units={line.id: 1})
    shop.process(("orders/create", placed), ("refunds/create", refund))
    shop.drain()
    rollups.refresh(tenant_id, now=timezone.now())
    sales = shop.sales()
    with tenant_scope(tenant_id):
        assert retention.blank([event.id for event in events(shop)], now=timezone.now()) == 5
        Rederivation.objects.create(done_to=0)

    while derive_chunk(tenant_id, now=timezone.now()):
        pass

    rollups.refresh(tenant_id, now=timezone.now())
    assert shop.sales() == sales and sales
    verify()  # raises where there is a difference
    said = StringIO()
    call_command("replay", tenant=str(tenant_id), status="every", stdout=said)
    assert "0 put back; 5 cannot be, since their bodies were pruned" in said.getvalue()
