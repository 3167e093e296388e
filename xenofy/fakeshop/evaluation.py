"""A world for somebody who tries Xenofy without a shop: one shop with a history, one app."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from threading import Event

from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.subscriptions import Subscription
from xenofy.fakeshop.wanted import Item, Rate
from xenofy.fakeshop.world import World

DOMAIN = "double.myshopify.com"
CLIENT_ID, SECRET = "double", "double-secret"
TOPICS = (
    *("ORDERS_CREATE", "ORDERS_UPDATED", "ORDERS_PAID", "ORDERS_CANCELLED", "ORDERS_FULFILLED"),
    *("ORDERS_DELETE", "REFUNDS_CREATE", "ORDER_TRANSACTIONS_CREATE", "FULFILLMENTS_CREATE"),
    *("FULFILLMENTS_UPDATE", "RETURNS_REQUEST", "RETURNS_APPROVE", "RETURNS_CLOSE"),
    *("CUSTOMERS_CREATE", "CUSTOMERS_UPDATE", "CUSTOMERS_MERGE", "APP_UNINSTALLED"),
    "APP_SCOPES_UPDATE",
)
_TITLES = ("Scarf", "Hat", "Gloves", "Blanket")
_VAT = (Rate("VAT", Decimal("0.19")),)


def prepared(*, orders: int, webhooks: str, app_url: str) -> World:
    """Return a world whose shop has a history of `orders`, and which delivers to `webhooks`."""
    now = datetime.now(UTC)
    world = World(now)
    back = f"{app_url}/settings/connection/authorised/"
    app = world.apps.add(CLIENT_ID, SECRET, redirects=[back])
    shop = world.shop(DOMAIN, name="Double")
    _tell_history(world, shop, orders=orders, now=now)
    if webhooks:
        app.compliance_uri = f"{webhooks}/api/webhooks/shopify"
        _configure(world, shop, webhooks)
    return world


def keep_going(world: World, stop: Event) -> None:
    """Let the clock go as the real one does, and send what is due, until told to stop."""
    while not stop.wait(1):
        with world.lock:
            world.clock.advance(1)
        world.hooks.flush()


def _tell_history(world: World, shop: Shop, *, orders: int, now: datetime) -> None:
    """Place orders over half a year, some of which come back; the same each time."""
    rng = Random(11)  # noqa: S311 – no secret
    ages = sorted((rng.uniform(0.01, 180) for _ in range(orders)), reverse=True)
    buyers = []
    for number, age in enumerate(ages):
        world.clock.set(now - timedelta(days=age))
        if number % 3 == 0:
            buyers.append(shop.create_customer(email=f"buyer{number}@example.com").id)
        items = [Item(f"{rng.randint(9, 90)}.90", rng.randint(1, 3), rng.choice(_TITLES))]
        order = shop.place_order(
            *items, customer_id=rng.choice(buyers), shipping="4.90", taxes=_VAT
        )
        if rng.random() < 0.08:
            world.clock.advance(days=min(age, 3) / 2)
            shop.refund(order.id)
    world.clock.set(now)


def _configure(world: World, shop: Shop, webhooks: str) -> None:
    """Subscribe as an app's configuration file does, for all that the double tells."""
    now = world.clock.now()
    for topic in TOPICS:
        made = Subscription(
            shop.state.new_id(), CLIENT_ID, shop.domain, topic, "", "2026-07", now, now
        )
        made.uri = f"{webhooks}/api/webhooks/shopify/{made.slashed}"
        made.is_configured = True
        world.hooks.subscriptions[made.id] = made
