"""The demo store's past: two years of deliveries that follow from a seed and an end.

The same seed, number of orders and end always give the same deliveries, byte for byte.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from random import Random

from webhooks.inbox import Delivery
from xenofy.demo import calendar, passers_by
from xenofy.demo.baskets import Counter
from xenofy.demo.catalogue import Catalogue
from xenofy.demo.chance import chance
from xenofy.demo.happenings import Happening, delivery
from xenofy.demo.opening import Shelves, location_bodies, shop_body
from xenofy.demo.passers_by import PasserBy
from xenofy.demo.people import Person, person
from xenofy.demo.stories import Story
from xenofy.demo.visits import Visit, visits

IN_DETAIL = timedelta(days=35)  # of the newest orders every step is told
_A_DAY = 200  # more customers than ever join in one day
_STRANGERS = 1_000_000  # from this index on: people who have not ordered


@dataclass(frozen=True, slots=True)
class Month:
    """The visits of one calendar month, newest first."""

    first: date
    visits: Sequence[Visit]


class History:
    """Everything up to `end`; what was ordered up to `in_detail` before it is told step by step."""

    def __init__(
        self, *, seed: int, orders: int, end: datetime, in_detail: timedelta = IN_DETAIL
    ) -> None:
        self.seed, self.orders, self.end, self.in_detail = seed, orders, end, in_detail
        self.first = calendar.first_day(calendar.day_of(end))
        self.catalogue = Catalogue(seed)
        self.counter = Counter(self.catalogue, self.first, calendar.day_of(end))

    @cached_property
    def visits(self) -> list[Visit]:
        """Return all visits, oldest first."""
        return visits(seed=self.seed, orders=self.orders, first=self.first, end=self.end)

    @property
    def orders_a_day(self) -> float:
        """Return the shop's pace at the end, on an ordinary day."""
        days = [
            self.first + timedelta(days=n) for n in range((self.counter.last - self.first).days + 1)
        ]
        sizes = [calendar.size(day, first=self.first) for day in days]
        return self.orders * sizes[-1] / sum(sizes)

    def months(self) -> list[Month]:
        """Return the months, the newest first."""
        newest_first = reversed(self.visits)
        by_month = groupby(newest_first, lambda visit: calendar.day_of(visit.at).replace(day=1))
        return [Month(first, list(found)) for first, found in by_month]

    def opening(self) -> Iterator[Delivery]:
        """Yield the shop, its locations, products and stock, as they are at the end."""
        shelves = Shelves(self.catalogue, seed=self.seed, first=self.first, at=self.end)
        bodies = {
            "shop/update": [shop_body(first=self.first, at=self.end)],
            "locations/create": location_bodies(first=self.first, at=self.end),
            "products/create": shelves.product_bodies(),
            "inventory_levels/update": shelves.level_bodies(),
        }
        for topic, found in bodies.items():
            for position, body in enumerate(found):
                yield delivery(Happening(topic, self.end, body), self.seed, position)

    def deliveries(self, visit: Visit) -> list[Delivery]:
        """Return what is delivered about one order and around it."""
        told: Tally[str] = Tally()
        found = []
        for happening in self._happenings(visit):
            if happening.at <= self.end:
                key = (self.seed, visit.serial, told[happening.topic])
                found.append(delivery(happening, *key))
                told[happening.topic] += 1
        return found

    def _happenings(self, visit: Visit) -> Iterator[Happening]:
        rng = chance(self.seed, "order", visit.serial)
        basket = self.counter.basket(
            rng,
            serial=visit.serial,
            number=1_000 + visit.serial,
            at=visit.at,
            buyer=self._buyer(visit, rng),
            nth=visit.nth,
        )
        in_detail = self.end - visit.at < self.in_detail
        yield from self._passers_by(visit, rng)
        yield from Story(self.counter, basket, rng, self._joined_at(visit), in_detail).happenings()

    def _passers_by(self, visit: Visit, rng: Random) -> Iterator[Happening]:
        """Yield what others did in the hours before an order."""
        moments = passers_by.moments_before(rng, visit.at, passers_by.how_many(rng))
        for position, at in enumerate(moments, start=1):
            somebody = self._somebody(visit, rng, position)
            yield passers_by.leave_checkout(
                self.counter, somebody, rng, serial=visit.serial, position=position, at=at
            )
        if rng.random() < 0.06:
            yield passers_by.sign_up(self._person(_STRANGERS + visit.serial * 10), visit.at)

    def _somebody(self, visit: Visit, rng: Random, position: int) -> PasserBy:
        """Return a customer who joined days before this one did, or a stranger."""
        if visit.customer is not None and visit.customer > _A_DAY and rng.random() < 0.35:
            index = rng.randrange(visit.customer - _A_DAY)
            return PasserBy(self._person(index), self._first_orders[index])
        return PasserBy(self._person(_STRANGERS + visit.serial * 10 + position), None)

    def _buyer(self, visit: Visit, rng: Random) -> Person | None:
        """Return who orders; of the guests three in four stand at the counter."""
        if visit.customer is None:
            return None if rng.random() < 0.75 else person(visit.serial, rng)
        return self._person(visit.customer)

    def _person(self, index: int) -> Person:
        return person(index, chance(self.seed, "person", index))

    def _joined_at(self, visit: Visit) -> datetime:
        return visit.at if visit.customer is None else self._first_orders[visit.customer]

    @cached_property
    def _first_orders(self) -> dict[int, datetime]:
        return {visit.customer: visit.at for visit in self.visits
                if visit.customer is not None and visit.nth == 1}  # fmt: skip
