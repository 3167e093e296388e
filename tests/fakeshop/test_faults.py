"""Answers and files of the double that go wrong, asked over HTTP by our own client and import."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from shop_data.imports import importing
from shop_data.models import Import, Order, Sale
from shop_data.shopify import client
from shop_data.shopify.client import admin_client
from shop_data.shopify.documents import document
from shop_data.shopify.errors import Unreachable
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory
from xenofy.fakeshop.chaos import Chaos, Fault
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.wanted import Item
from xenofy.fakeshop.world import World

pytestmark = pytest.mark.django_db
DOMAIN = "kaveri.myshopify.com"
DAMAGES: list[dict[str, Any]] = [
    {"bulk_fails": "INTERNAL_SERVER_ERROR"},
    {"bulk_truncated": True},
    {"bulk_counts_off": 1},
    {"bulk_lasts": 0},
]


@pytest.fixture
def theirs(tenant: Tenant, fakeshop: World, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A connected shop at the double; our client waits by the double's clock."""
    fakeshop.clock.set(timezone.now())
    connection = ConnectionFactory(tenant=tenant, domain=DOMAIN)
    connection.access_token = fakeshop.token(DOMAIN)
    connection.save()
    with tenant_scope(tenant.id):
        TenantState.objects.update(known_since_at=None)
    monkeypatch.setattr(client, "sleep", fakeshop.clock.advance)
    return fakeshop.shop(DOMAIN, zone="UTC")


@pytest.mark.fault(41)
def test_our_client_comes_through_each_fault_of_an_answer(tenant: Tenant, theirs: Shop) -> None:
    theirs.chaos.timeout_seconds = 0
    admin = admin_client(tenant.id)
    for fault in Fault:
        theirs.chaos.next(fault)

        data = admin.run(document("connection"))

        assert data["shop"]["myshopifyDomain"] == DOMAIN
        assert not theirs.chaos.faults


def imported(tenant: Tenant, world: World) -> Import:
    """Import the past until that ends, well or not; what cannot be reached is tried again."""
    with tenant_scope(tenant.id):
        running = importing.begin(now=timezone.now())
    for _ in range(60):
        world.clock.advance(3)
        try:
            due = importing.step(tenant.id, now=timezone.now(), alive=lambda: None)
        except Unreachable:
            continue
        if due is None:
            break
    with tenant_scope(tenant.id):
        return Import.objects.get(id=running.id)


def ledger(tenant: Tenant) -> list[tuple[Any, ...]]:
    with tenant_scope(tenant.id):
        return list(Sale.objects.order_by("key").values_list("key", "gross", "tax"))


@pytest.mark.fault(43)
def test_no_file_that_is_not_whole_is_taken(tenant: Tenant, fakeshop: World, theirs: Shop) -> None:
    theirs.place_order(Item("10.00", 2), Item("3.00"))
    assert imported(tenant, fakeshop).state == "done"
    before = ledger(tenant)
    theirs.place_order(Item("5.00"))

    for damage in DAMAGES:
        theirs.chaos = Chaos(**damage)
        assert imported(tenant, fakeshop).state != "done", damage
        assert ledger(tenant) == before
        with tenant_scope(tenant.id):
            importing.cancel(now=timezone.now())

    theirs.chaos = Chaos(bulk_breaks=2)  # each is fetched again
    assert imported(tenant, fakeshop).state == "done"
    with tenant_scope(tenant.id):
        assert Order.objects.count() == 2
