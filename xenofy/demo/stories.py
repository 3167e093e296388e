"""What happens with one order, from its checkout to the refund weeks later."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from xenofy.demo import calendar, edits, identifiers, orders, refunds
from xenofy.demo.amounts import RUPEE, paise
from xenofy.demo.baskets import COD, POS, WEB, Basket, Counter
from xenofy.demo.checkouts import completed_checkout
from xenofy.demo.happenings import Happening
from xenofy.demo.lines import added_line
from xenofy.demo.refunds import Refusal

Body = dict[str, Any]

_NOTES = ("Colour differs from the picture", "Too small", "Arrived late", "Changed my mind",
          "Thread came loose", "Ordered twice")  # fmt: skip
_PICK_UP_FEE = 99 * RUPEE


@dataclass(frozen=True, slots=True)
class Story:
    """One order and all that follows; told in the order in which it happened.

    `in_detail` tells every step, as the shop's Shopify does. Without it an order is told as it
    came to rest, and what was done to it: that keeps a long history short, and ends in the same
    rows. All of it must lie in the past then.
    """

    counter: Counter
    basket: Basket
    rng: Random
    joined_at: datetime
    in_detail: bool

    def happenings(self) -> Iterator[Happening]:
        """Yield what happens. A body changes after it was yielded: write it down at once."""
        basket, rng = self.basket, self.rng
        body = orders.order_body(basket, rng, joined_at=self.joined_at)
        if basket.source == WEB:
            begun_at = basket.at - timedelta(seconds=rng.randint(90, 1_500))
            yield Happening(
                "checkouts/update", basket.at, completed_checkout(body, begun_at=begun_at)
            )
        if self.in_detail or basket.source == POS or basket.is_test:
            yield Happening("orders/create", basket.at, body)
        if self.in_detail and body["financial_status"] == "paid":
            yield Happening("orders/paid", basket.at, body)
        if basket.is_test:
            return
        settled_at = yield from self._edited(body)
        if basket.source != POS and rng.random() < (0.05 if basket.gateway == COD else 0.022):
            yield from self._cancelled(body, _later(rng, settled_at, hours=(1, 20)))
            return
        arrived_at = settled_at
        if basket.source != POS:
            arrived_at = yield from self._sent(body, settled_at)
        if not body["cancelled_at"]:
            yield from self._given_back(body, arrived_at)

    def _edited(self, body: Body) -> Generator[Happening, None, datetime]:
        """Yield, for one order in fifty, an edit and the order after it; return when it stood."""
        basket, rng = self.basket, self.rng
        if basket.source == POS or rng.random() >= 0.02:
            return basket.at
        at = _later(rng, basket.at, hours=(0.3, 3))
        if basket.gateway == COD and len(body["line_items"]) > 1 and rng.random() < 0.4:
            edit = edits.remove_line(body, body["line_items"][-1], at=at)
        else:
            choice = self.counter.choice(rng, calendar.day_of(at))
            line = added_line(basket, choice, len(body["line_items"]) + 1, calendar.day_of(at))
            edit = edits.add_line(body, line, at=at)
        yield Happening("orders/edited", at, edit)
        if self.in_detail:
            yield Happening("orders/updated", at, body)
        return at

    def _cancelled(self, body: Body, at: datetime) -> Iterator[Happening]:
        reason = self.rng.choice(("customer", "customer", "inventory", "fraud", "other"))
        refunded = refunds.cancel(body, at=at, reason=reason)
        if refunded is not None:
            yield Happening("refunds/create", at, refunded)
        yield Happening("orders/cancelled", at, body)

    def _sent(self, body: Body, ready_at: datetime) -> Generator[Happening, None, datetime]:
        """Yield dispatch and arrival; return when the parcel arrived."""
        rng, basket = self.rng, self.basket
        sent_at = _later(rng, ready_at, hours=(8, 60))
        orders.fulfil(body, at=sent_at, rng=rng)
        arrived_at = _later(rng, sent_at, hours=(30, 130))
        if self.in_detail:
            yield Happening("fulfillments/create", sent_at, body["fulfillments"][-1])
            yield Happening("orders/updated", sent_at, body)
        if basket.gateway == COD and rng.random() < 0.07:  # nobody opens the door
            yield from self._cancelled(body, _later(rng, arrived_at, hours=(60, 200)))
            return arrived_at
        orders.deliver(body, at=arrived_at)
        if self.in_detail:
            yield Happening("fulfillments/update", arrived_at, body["fulfillments"][-1])
        if basket.gateway == COD:
            orders.pay(body, at=arrived_at)
        topic = "orders/paid" if basket.gateway == COD else "orders/updated"
        yield Happening(topic, arrived_at, body)
        return arrived_at

    def _given_back(self, body: Body, arrived_at: datetime) -> Iterator[Happening]:
        """Yield the refund of an order, if there is one, and the order after it."""
        wanted = self._refusal(body)
        if wanted is None:
            return
        at = _later(self.rng, arrived_at, hours=(30, 420))
        refunded = refunds.refund(body, wanted, at=at)
        yield Happening("refunds/create", at, refunded)
        yield Happening("orders/updated", at, body)

    def _refusal(self, body: Body) -> Refusal | None:
        rng = self.rng
        units = self._units_back(body)
        if not units:
            return _kindness(rng, body)
        note = rng.choice(_NOTES)
        is_all = sum(count for _, count in units) == sum(
            line["current_quantity"] for line in body["line_items"]
        )
        if is_all and rng.random() < 0.35:
            return refunds.everything(body, restock=refunds.RETURNED, note=note)
        kept = _PICK_UP_FEE if rng.random() < 0.3 else 0
        restock = refunds.RETURNED if rng.random() < 0.85 else refunds.NOTHING_BACK
        return Refusal(units, kept=kept, restock=restock, note=note)

    def _units_back(self, body: Body) -> list[tuple[Body, int]]:
        """Return the units that the buyer sends back, as often as each product comes back."""
        shares = {identifiers.product(choice.product.index): choice.product.returned
                  for choice in self.basket.choices}  # fmt: skip
        found = []
        for line in body["line_items"]:
            share = shares.get(line["product_id"], 0.03)
            back = sum(self.rng.random() < share for _ in range(line["current_quantity"]))
            if back and not line["gift_card"]:
                found.append((line, back))
        return found


def _kindness(rng: Random, body: Body) -> Refusal | None:
    """Return, rarely, a refund of no line: the shipping, or a goodwill."""
    chance = rng.random()
    shipped = any(paise(line["discounted_price"]) for line in body["shipping_lines"])
    if chance < 0.004 and shipped:
        return Refusal(shipping=True, restock=refunds.NOTHING_BACK, note="Arrived late")
    if 0.004 <= chance < 0.008 and paise(body["total_price"]) > 300 * RUPEE:
        return Refusal(kept=-100 * RUPEE, restock=refunds.NOTHING_BACK, note="With our apologies")
    return None


def _later(rng: Random, at: datetime, *, hours: tuple[float, float]) -> datetime:
    """Return a moment some hours later, nearer to the first of `hours` than to the last."""
    least, most = hours
    return at + timedelta(
        seconds=int(rng.triangular(least, most, least + (most - least) / 4) * 3600)
    )
