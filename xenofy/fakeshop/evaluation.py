"""A world for somebody who tries Xenofy without a shop: one shop with a history, one app."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from threading import Event

from xenofy.fakeshop.seeds.telling import tell
from xenofy.fakeshop.world import World

DOMAIN = "double.myshopify.com"
CLIENT_ID, SECRET = "double", "double-secret"


def prepared(*, orders: int, app_url: str, seed: int = 11) -> World:
    """Return a world whose shop has `orders` behind it, and an app of who answers at `app_url`."""
    world = World(datetime.now(UTC))
    back = f"{app_url}/settings/connection/authorised/"
    app = world.apps.add(CLIENT_ID, SECRET, redirects=[back])
    shop = world.shop(DOMAIN, name="Double", taxes_included=True)
    tell(world, shop, orders=orders, seed=seed)
    app.webhooks_uri = f"{app_url}/api/webhooks/shopify"
    return world


def keep_going(world: World, stop: Event) -> None:
    """Let the clock go as the real one does, and send what is due, until told to stop.

    Who takes deliveries slowly does not hold the clock up.
    """
    seen = time.monotonic()
    while not stop.wait(1):
        passed = int(time.monotonic() - seen)
        seen += passed
        world.pass_time(passed)
        world.hooks.flush()
