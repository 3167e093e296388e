"""What becomes of an order: paid and sent, changed, returned, exchanged, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from xenofy.fakeshop import totals
from xenofy.fakeshop.agenda import Agenda
from xenofy.fakeshop.records import Order, Return
from xenofy.fakeshop.seeds.assortment import Assortment
from xenofy.fakeshop.seeds.buyers import BY_CODE
from xenofy.fakeshop.seeds.chance import drawn
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.wanted import Item, Rate

Step = Callable[[Order], object]
_REASONS = {"size_too_small": 35, "unwanted": 30, "color": 20, "defective": 15}
_SENDERS = {"DHL": 70, "DPD": 20, "Post": 10}


class Stories:
    """Plans what happens to orders; a step is left out where the order has gone or cannot."""

    def __init__(self, shop: Shop, agenda: Agenda, goods: Assortment, rng: Random) -> None:
        self.shop, self.agenda, self.goods, self.rng = shop, agenda, goods, rng

    def begin(self, order: Order) -> None:
        """Plan what becomes of an order that was placed now."""
        if order.source_name == "pos":
            self._later(order, self._hand_over, hours=0.01)
            return
        share = self.rng.random()
        if share < 0.02:
            self._later(order, self._cancel, hours=self.rng.uniform(1, 20))
            return
        if share < 0.035:
            self._later(order, self._edit, hours=self.rng.uniform(0.5, 5))
        self._later(order, self._send, hours=self.rng.uniform(24, 72))
        if 0.035 <= share < 0.105:
            self._later(order, self._ask_to_return, hours=24 * self.rng.uniform(6, 20))
        elif share < 0.135:
            self._later(order, self._refund, hours=24 * self.rng.uniform(4, 12))

    def _later(self, order: Order, step: Step, *, hours: float) -> None:
        at = self.shop.state.clock.now() + timedelta(hours=hours)
        self.agenda.plan(at, lambda: self._go_on(order, step))

    def _go_on(self, order: Order, step: Step) -> None:
        if order.id in self.shop.state.orders and order.cancelled_at is None:
            step(order)

    def _send(self, order: Order) -> None:
        """Take the money, and send all there is to send, now and then in two parcels."""
        if totals.outstanding(order):
            self.shop.pay(order.id)
        left = {line.id: line.unfulfilled for line in order.lines if line.unfulfilled}
        if len(left) > 1 and self.rng.random() < 0.1:
            left.popitem()
            self._later(order, self._send, hours=30)
        if not left:
            return
        sender, number = drawn(self.rng, _SENDERS), f"{self.rng.randrange(10**12):012}"
        place = self.goods.locations[0]
        parcel = self.shop.fulfil(order.id, left, company=sender, number=number, location_id=place)
        self._later(order, lambda _: self.shop.deliver(parcel), hours=self.rng.uniform(20, 96))

    def _hand_over(self, order: Order) -> None:
        self.shop.deliver(self.shop.fulfil(order.id, location_id=order.location_id))

    def _cancel(self, order: Order) -> None:
        reason = drawn(self.rng, {"customer": 60, "inventory": 25, "fraud": 10, "other": 5})
        self.shop.cancel(order.id, reason=reason)

    def _edit(self, order: Order) -> None:
        """Add something, or take off a unit where there are more."""
        line = order.lines[0]
        if line.current > 1 and self.rng.random() < 0.5:
            self.shop.edit(order.id, remove={line.id: 1})
        else:
            item = Item(variant_id=self.goods.picked(self.rng).id)
            self.shop.edit(order.id, add=[item], taxes=self._taxes(order))

    def _refund(self, order: Order) -> None:
        """Give a unit back without a return, keep a fee, or give some money for a damage."""
        left = [line for line in order.lines if line.current]
        share = self.rng.random()
        if share < 0.25 or not left:
            self.shop.refund(order.id, goodwill=f"{self.rng.randint(2, 9)}.00")
        else:
            kept = "3.50" if share < 0.4 else 0
            self.shop.refund(order.id, units={left[0].id: 1}, kept=kept, restock="no_restock")

    def _ask_to_return(self, order: Order) -> None:
        left = [line for line in order.lines if line.current and not line.is_gift_card]
        if not left:
            return
        line = self.rng.choice(left)
        found = self.shop.request_return(order.id, {line.id: 1}, reason=drawn(self.rng, _REASONS))
        if self.rng.random() < 0.06:
            self._later(order, lambda _: self.shop.decline_return(found), hours=20)
            return
        self._later(order, lambda _: self.shop.approve_return(found), hours=10)
        self._later(order, lambda _: self._take_back(order, found), hours=120)

    def _take_back(self, order: Order, found: Return) -> None:
        """Take back what may still come, for money or for another thing."""
        if any(item.quantity > item.line.current for item in found.lines):
            return
        if self.rng.random() < 0.25:
            item = Item(variant_id=self.goods.picked(self.rng).id)
            self.shop.process_return(found, exchange=[item], taxes=self._taxes(order))
        else:
            self.shop.process_return(found)

    def _taxes(self, order: Order) -> tuple[Rate, ...]:
        address = order.shipping_address
        return BY_CODE[address.country_code if address else "DE"].taxes
