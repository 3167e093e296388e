"""Bodies go when their time is over; what became of the deliveries stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Shop
from tests.webhooks.inboxes import customer, events
from webhooks import retention
from webhooks.models import InboxEvent
from webhooks.retention import prune

DAY = timedelta(days=1)


def age(shop: Shop, *days: int) -> None:
    """Let the deliveries have come so many days ago, in their order."""
    with tenant_scope(shop.connection.tenant_id):
        for event, ago in zip(InboxEvent.objects.order_by("received_at", "id"), days, strict=True):
            at = timezone.now() - ago * DAY
            InboxEvent.objects.filter(id=event.id).update(received_at=at)


def kept_since(tenant: Tenant) -> datetime | None:
    with tenant_scope(tenant.id):
        return TenantState.objects.get().bodies_kept_since_at


def test_bodies_older_than_the_tenants_days_go(shop: Shop, tenant: Tenant) -> None:
    shop.process(("customers/create", customer()), ("customers/create", customer(2)))
    age(shop, 91, 89)

    assert prune(tenant.id, now=timezone.now()) == 1

    old, new = events(shop)
    assert (bytes(old.body), old.status) == (b"", "done")
    assert old.body_pruned_at is not None and len(bytes(old.digest)) == 32
    assert (new.body_pruned_at, bytes(new.body) != b"") == (None, True)


def test_the_days_are_a_setting_of_the_tenant(shop: Shop, tenant: Tenant) -> None:
    shop.process(("customers/create", customer()))
    age(shop, 20)
    Tenant.objects.filter(id=tenant.id).update(body_retention_days=14)

    assert prune(tenant.id, now=timezone.now()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("days", [6, 0, -1, 3651])
def test_the_days_have_bounds(tenant: Tenant, days: int) -> None:
    with pytest.raises(IntegrityError):
        Tenant.objects.filter(id=tenant.id).update(body_retention_days=days)


def test_what_waits_keeps_its_body_however_old_and_goes_later(shop: Shop, tenant: Tenant) -> None:
    for number in range(3):
        shop.process(("customers/create", customer(number)))
    age(shop, 300, 200, 100)
    with tenant_scope(tenant.id):
        waiting = InboxEvent.objects.order_by("received_at")[1]
        InboxEvent.objects.filter(id=waiting.id).update(status="pending")

    assert [prune(tenant.id, now=timezone.now()) for _ in range(2)] == [1, 0]
    assert kept_since(tenant) == waiting.received_at

    shop.drain()
    assert [prune(tenant.id, now=timezone.now()) for _ in range(2)] == [2, 0]


def test_it_goes_in_batches_from_where_it_stood(
    shop: Shop, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(5):
        shop.process(("customers/create", customer(number)))
    age(shop, 105, 104, 103, 102, 101)

    assert [prune(tenant.id, now=timezone.now()) for _ in range(4)] == [2, 2, 1, 0]
    assert kept_since(tenant) is not None


@pytest.mark.fault(15)
@pytest.mark.django_db
def test_what_was_pruned_and_is_sent_again_changes_nothing(shop: Shop, tenant: Tenant) -> None:
    order = OrderBuilder()
    line = order.line("100.00")
    placed = order.body()
    shop.deliver("orders/create", placed, X_Shopify_Webhook_Id="captured")
    shop.drain()
    order.refund("2026-03-03T10:00:00Z", units={line.id: 1})
    shop.process(("orders/updated", order.body()))
    known = shop.statement()
    age(shop, 100, 100)
    prune(tenant.id, now=timezone.now())

    for webhook_id in ("captured", "another"):
        shop.deliver("orders/create", placed, X_Shopify_Webhook_Id=webhook_id)
        shop.drain()

    assert shop.statement() == known
    assert shop.statuses() == {"done": 2, "superseded": 1}


@pytest.mark.django_db
def test_the_ledger_does_not_need_the_bodies(shop: Shop, tenant: Tenant) -> None:
    order = OrderBuilder()
    line = order.line("100.00")
    placed = order.body()
    shop.process(("orders/create", placed))
    age(shop, 100)
    prune(tenant.id, now=timezone.now())

    refund = order.refund("2026-03-03T10:00:00Z", units={line.id: 1})
    shop.process(("refunds/create", refund))

    assert [row.action for row in shop.sales()] == ["order", "return"]
