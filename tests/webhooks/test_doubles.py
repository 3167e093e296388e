"""Two subscriptions to one topic are seen in what they deliver."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from shop_data.models import ApiBudget, Order
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.factories import SECRET, ConnectionFactory
from tests.shops import Shop
from webhooks.doubles import doubled_topics
from webhooks.subscription_checks import note_compared, note_unreachable
from xenofy.fakeshop.mishaps import Mishaps
from xenofy.fakeshop.subscriptions import Subscription
from xenofy.fakeshop.wanted import Item
from xenofy.fakeshop.world import World

pytestmark = pytest.mark.django_db
DOMAIN = "kaveri.myshopify.com"


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    return Shop(ConnectionFactory(tenant=tenant, domain=DOMAIN))


@pytest.fixture
def world(shop: Shop) -> World:
    """A double that delivers here what a configuration file subscribes to."""
    found = World()
    found.apps.add("app", SECRET)
    found.hooks.configure("app", found.shop(DOMAIN).state)
    found.hooks.post = lambda _, body, headers: (
        shop.client.post(
            f"/api/webhooks/shopify/{headers['X-Shopify-Topic']}", body,
            content_type="application/json", headers=headers,
        ).status_code
    )  # fmt: skip
    return found


def subscribe(world: World, topic: str) -> None:
    """Subscribe through the API as well."""
    now, number = world.clock.now(), world.shop(DOMAIN).state.new_id()
    world.hooks.subscriptions[number] = Subscription(
        number, "app", DOMAIN, topic, "https://x.example.com/hooks", "2026-07", now, now
    )


def doubled(shop: Shop, *, later: timedelta = timedelta(0)) -> list[str]:
    with tenant_scope(shop.connection.tenant_id):
        return doubled_topics(now=timezone.now() + later)


def test_a_topic_that_two_subscriptions_tell_is_named_and_counted_once(
    shop: Shop, world: World
) -> None:
    subscribe(world, "ORDERS_CREATE")
    world.shop(DOMAIN).place_order(Item())
    world.hooks.settle()
    shop.drain()

    assert doubled(shop) == ["orders/create"]
    with tenant_scope(shop.connection.tenant_id):
        assert Order.objects.count() == 1


def test_what_is_only_sent_again_is_not_doubled(shop: Shop, world: World) -> None:
    world.hooks.mishaps = Mishaps(duplicate=1.0)
    world.shop(DOMAIN).place_order(Item())
    world.hooks.settle()

    assert doubled(shop) == []


def test_one_action_on_two_orders_is_not_doubled(shop: Shop) -> None:
    for number in (1, 2):
        shop.deliver("orders/updated", {"id": number}, X_Shopify_Event_Id="of both")

    assert doubled(shop) == []


def test_it_is_forgotten_after_a_day(shop: Shop, world: World) -> None:
    subscribe(world, "ORDERS_CREATE")
    world.shop(DOMAIN).place_order(Item())
    world.hooks.settle()

    assert doubled(shop, later=timedelta(days=1, minutes=1)) == []


def page(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/data-health/").text


def test_the_page_names_what_is_refused_and_doubled(shop: Shop, world: World, owner: User) -> None:
    subscribe(world, "ORDERS_CREATE")
    world.shop(DOMAIN).place_order(Item())
    world.hooks.settle()
    refused = dict.fromkeys(("returns/request", "returns/close"), "read_returns")
    with tenant_scope(shop.connection.tenant_id):
        note_compared(["orders/create"], refused, now=timezone.now())

    text = page(owner)

    assert "Subscribed to 1 topic," in text
    assert "returns/close, returns/request" in text
    assert "the reasons for which things come back" in text
    assert "Delivered twice in the last day:" in text


def test_the_page_says_why_shopify_cannot_deliver(shop: Shop, owner: User) -> None:
    note_unreachable(shop.connection.tenant_id, "Nothing answers there.", now=timezone.now())

    text = page(owner)

    assert "Shopify cannot deliver here; changes are asked for every minute" in text
    assert "Nothing answers there." in text


def test_another_version_of_the_api_is_an_alarm_on_the_page(shop: Shop, owner: User) -> None:
    with tenant_scope(shop.connection.tenant_id):
        ApiBudget.objects.create(measured_at=timezone.now(), answered_version="2026-10")

    text = page(owner)

    assert "Shopify answers in another version of its API" in text
    assert "It answers in 2026-10, and this Xenofy asks for 2026-07" in text
