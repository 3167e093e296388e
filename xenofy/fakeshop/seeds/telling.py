"""Telling the past of a shop, and planning what goes on in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from random import Random

from xenofy.fakeshop.records import Order
from xenofy.fakeshop.seeds import baskets
from xenofy.fakeshop.seeds.assortment import opened
from xenofy.fakeshop.seeds.buyers import Buyers
from xenofy.fakeshop.seeds.seasons import moments
from xenofy.fakeshop.seeds.stories import Stories
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.wanted import Item
from xenofy.fakeshop.world import World

DAYS = 400  # of the past: more than a year, to be compared with
AHEAD = 60  # days for which the shop goes on by itself
_AT_THE_TILL, _LEFT, _RECOVERED = 0.12, 0.3, 0.05  # shares of orders


def tell(world: World, shop: Shop, *, orders: int, seed: int, days: int = DAYS) -> None:
    """Let a shop have `orders` in the days until now, with all that became of them, and plan those
    to come."""
    now, rng = world.clock.now(), Random(seed)  # noqa: S311 – no secret
    world.clock.set(now - timedelta(days=days))
    trade = _Trade(world, shop, rng)
    zone = shop.state.settings.timezone
    first = (now - timedelta(days=days - 1)).astimezone(zone).date()
    past = moments(rng, first=first, days=days, count=2 * orders + 20, zone=zone)
    for at in islice((at for at in past if at <= now), orders):
        world.agenda.plan(at, trade.order)
    ahead = moments(
        rng, first=now.astimezone(zone).date(), days=AHEAD, count=orders * AHEAD // days, zone=zone
    )
    for at in ahead:
        if at > now:
            world.agenda.plan(at, trade.order)
    world.agenda.run(now)


class _Trade:
    """The shop's trade: who buys what, and what becomes of it."""

    def __init__(self, world: World, shop: Shop, rng: Random) -> None:
        self.world, self.shop, self.rng = world, shop, rng
        self.goods = opened(shop.state, rng)
        self.buyers = Buyers(shop, rng)
        self.stories = Stories(shop, world.agenda, self.goods, rng)

    def order(self) -> None:
        """Place an order now; some others only fill a cart."""
        if self.rng.random() < _LEFT:
            self._leave()
        self.stories.begin(self._placed(self._now()))

    def _placed(self, now: datetime) -> Order:
        rng, goods = self.rng, self.goods
        if rng.random() < _AT_THE_TILL:
            item = Item(variant_id=goods.picked(rng).id)
            return self.shop.place_order(item, **baskets.at_the_till(goods, rng))
        customer = self.buyers.next()
        bought = baskets.items(rng, goods, customer)
        wanted = baskets.terms(rng, goods, customer, bought, now)
        if rng.random() < _RECOVERED:
            left = self.shop.begin_checkout(*bought, customer_id=customer.id)
            return self.shop.recover_checkout(left, **wanted)
        return self.shop.place_order(*bought, customer_id=customer.id, **wanted)

    def _leave(self) -> None:
        customer = self.buyers.next()
        bought = baskets.items(self.rng, self.goods, customer)
        self.shop.begin_checkout(*bought, customer_id=customer.id)

    def _now(self) -> datetime:
        return self.shop.state.clock.now()
