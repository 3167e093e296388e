"""What happens in the demo store while it runs: new orders, parcels, refunds, carts, stock.

The store goes on at its own pace, of some fifty orders a day. In the first hour after a start
more orders come than that, so that somebody who looks sees the figures move.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from random import Random
from typing import Any, NamedTuple

from xenofy.demo import calendar, identifiers, orders, passers_by, refunds
from xenofy.demo.amounts import RUPEE
from xenofy.demo.baskets import COD, Counter
from xenofy.demo.chance import chance
from xenofy.demo.happenings import Happening, written
from xenofy.demo.passers_by import PasserBy
from xenofy.demo.people import Person
from xenofy.demo.refunds import Refusal
from xenofy.demo.regulars import Regulars
from xenofy.demo.stories import Story

Body = dict[str, Any]

_FIRST_RUSH = 0.5  # orders a minute right after the start, halved every
_RUSH_HALVES = timedelta(minutes=20)
_MESSAGES = 2.0  # for each thing that happens
_GUESTS, _RETURNING = 0.09, 0.42


class Message(NamedTuple):
    """A body on its way, as it was at that moment."""

    topic: str
    at: datetime
    body: bytes


@dataclass
class Traffic:
    """Decides what happens next in the store."""

    regulars: Regulars
    counter: Counter
    orders_a_day: float
    started_at: datetime
    waiting: deque[Message] = field(default_factory=deque)
    last_number: int = 0

    def next(self, now: datetime, *, a_minute: float) -> Message:
        """Return the next message, at a pace of so many `a_minute`."""
        rng = chance(self.regulars.seed, "live", now.isoformat())
        if not self.waiting:
            orders_a_message = self._orders_a_minute(now) / a_minute
            self._happen(now, rng, share=orders_a_message * _MESSAGES)
        return self.waiting.popleft()

    def story(self, at: datetime) -> Story:
        """Return an order that somebody places at a moment after the history."""
        serial = identifiers.live_serial(at)
        rng = chance(self.regulars.seed, "order", serial)
        buyer, joined_at, nth = self._arrival(rng, serial, at)
        self.last_number = max(self.last_number, 1_000 + self.regulars.count()) + 1
        basket = self.counter.basket(
            rng, serial=serial, number=self.last_number, at=at, buyer=buyer, nth=nth
        )
        return Story(self.counter, basket, rng, joined_at, in_detail=True)

    def _happen(self, now: datetime, rng: Random, *, share: float) -> None:
        if rng.random() < share:
            self._tell(takewhile(lambda each: each.at <= now, self.story(now).happenings()))
        for attempt in (self._send, self._arrive, self._regret):
            if not self.waiting and rng.random() < 0.6:
                self._tell(attempt(now, rng))
        if not self.waiting:
            self._tell(self._pass_by(now, rng, share=share))

    def _tell(self, happenings: Iterator[Happening]) -> None:
        """Write down what happens one by one: a body may change once the next is asked for."""
        for happening in happenings:
            self.waiting.append(Message(happening.topic, happening.at, written(happening.body)))

    def _orders_a_minute(self, now: datetime) -> float:
        """Return the store's own pace at this hour, and what remains of the first rush."""
        halvings = (now - self.started_at) / _RUSH_HALVES
        rush = _FIRST_RUSH * math.pow(0.5, halvings)
        return calendar.share_of_day(now) * self.orders_a_day / 60 + rush

    def _arrival(
        self, rng: Random, serial: int, at: datetime
    ) -> tuple[Person | None, datetime, int]:
        """Return who orders, since when she is a customer, and whether for the first time."""
        dice = rng.random()
        if dice < _GUESTS:
            return (None if rng.random() < 0.75 else self.regulars.person(serial)), at, 0
        known = self.regulars.somebody(rng) if dice < _GUESTS + _RETURNING else None
        return (*known, 2) if known else (self.regulars.person(serial), at, 1)

    def _send(self, now: datetime, rng: Random) -> Iterator[Happening]:
        body = self.regulars.order_to_send(now)
        if body is not None:
            orders.fulfil(body, at=now, rng=rng)
            yield Happening("fulfillments/create", now, body["fulfillments"][-1])
            yield Happening("orders/updated", now, body)

    def _arrive(self, now: datetime, rng: Random) -> Iterator[Happening]:
        body = self.regulars.order_to_arrive(now)
        if body is None:
            return
        on_delivery = COD in body["payment_gateway_names"]
        orders.deliver(body, at=now)
        if on_delivery:
            orders.pay(body, at=now)
        yield Happening("fulfillments/update", now, body["fulfillments"][-1])
        yield Happening("orders/paid" if on_delivery else "orders/updated", now, body)

    def _regret(self, now: datetime, rng: Random) -> Iterator[Happening]:
        """Give back one line, as seldom as goods come back."""
        body = self.regulars.order_to_regret(now, rng) if rng.random() < 0.01 else None
        lines = [line for line in body["line_items"] if line["current_quantity"]] if body else []
        if body is None or not lines:
            return
        kept = 99 * RUPEE if rng.random() < 0.3 else 0
        wanted = Refusal([(rng.choice(lines), 1)], kept=kept, note="Changed my mind")
        yield Happening("refunds/create", now, refunds.refund(body, wanted, at=now))
        yield Happening("orders/updated", now, body)

    def _pass_by(self, now: datetime, rng: Random, *, share: float) -> Iterator[Happening]:
        """Yield something that touches no sale: a cart left standing, an account, stock."""
        stranger = PasserBy(self.regulars.person(identifiers.live_serial(now)), None)
        dice = rng.random()
        if dice < share * 0.65:
            yield passers_by.leave_checkout(
                self.counter, stranger, rng, serial=identifiers.live_serial(now), position=1, at=now
            )
        elif dice < share * 0.71:
            yield passers_by.sign_up(stranger.who, now)
        else:
            yield self._count(now, rng) or passers_by.sign_up(stranger.who, now)

    def _count(self, now: datetime, rng: Random) -> Happening | None:
        """Return the count of a shelf: a piece less, or a delivery of the weavers."""
        level = self.regulars.level(rng)
        if level is None:
            return None
        left = level["available"] or 0
        left = left + 24 if left < 3 else left - rng.randint(0, 1)
        body = {**level, "available": left, "updated_at": calendar.local(now)}
        return Happening("inventory_levels/update", now, body)
