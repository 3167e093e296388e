"""Who orders when: new buyers as the shop grows, and buyers who come back.

A buyer comes back as the BG/NBD model has it: at a rate of her own (gamma over buyers), until
after some order she never does again (a probability of her own, beta over buyers). Time runs
with the shop's mood, so that returning orders too come more often before the festival.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

from xenofy.demo import calendar
from xenofy.demo.chance import chance

_RATE = (0.9, 1 / 60)  # shape of the gamma, and its mean in orders per ordinary day
_LEAVES = (1.8, 1.2)  # of the beta
_AT_LEAST_NEW = 0.25  # of a day's orders
_GUESTS = 0.09


class Visit(NamedTuple):
    """One order to be: `nth` is 1 for a buyer's first one; a guest has no number."""

    serial: int
    at: datetime
    customer: int | None
    nth: int


@dataclass(slots=True)
class _Buyer:
    rate: float
    leaves: float
    orders: int = 0


def visits(*, seed: int, orders: int, first: date, end: datetime) -> list[Visit]:
    """Return about `orders` visits from `first` to the moment `end`, oldest first."""
    found: list[Visit] = []
    for at, customer, nth in _Shop(seed, orders, first, calendar.day_of(end)).live():
        if at <= end:
            found.append(Visit(len(found) + 1, at, customer, nth))
    return found


class _Shop:
    """The shop in the making, day after day."""

    def __init__(self, seed: int, orders: int, first: date, last: date) -> None:
        self.rng = chance(seed, "visits")
        self.days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        self.clock = list(accumulate(map(calendar.mood, self.days)))
        sizes = [calendar.mood(day) * calendar.size(day, first=first) for day in self.days]
        total = sum(sizes)
        self.expected = [orders * size / total for size in sizes]
        self.buyers: list[_Buyer] = []
        self.due: dict[int, list[int]] = defaultdict(list)

    def live(self) -> Iterator[tuple[datetime, int | None, int]]:
        """Yield moment, buyer and number of her order, each day's in the order of time."""
        for index, day in enumerate(self.days):
            returning = self.due.pop(index, [])
            count = poisson(self.rng, self.expected[index])
            new = max(count - len(returning), round(count * _AT_LEAST_NEW))
            buyers = [*returning, *(self._newcomer() for _ in range(new))]
            moments = sorted(calendar.moment(day, self.rng) for _ in buyers)
            self.rng.shuffle(buyers)
            for at, buyer in zip(moments, buyers, strict=True):
                yield at, buyer, 0 if buyer is None else self._order(buyer, index)

    def _newcomer(self) -> int | None:
        if self.rng.random() < _GUESTS:
            return None
        shape, mean = _RATE
        rate = self.rng.gammavariate(shape, mean / shape)
        self.buyers.append(_Buyer(max(rate, 1e-6), self.rng.betavariate(*_LEAVES)))
        return len(self.buyers) - 1

    def _order(self, number: int, today: int) -> int:
        """Count an order, and say when the buyer comes next, if ever; return its number."""
        buyer = self.buyers[number]
        buyer.orders += 1
        if self.rng.random() >= buyer.leaves:
            due = self.clock[today] + self.rng.expovariate(buyer.rate)
            self.due[max(today + 1, bisect_left(self.clock, due))].append(number)
        return buyer.orders


def poisson(rng: Random, mean: float) -> int:
    """Return a Poisson draw; by its normal approximation, which serves at tens of orders a day."""
    return max(0, round(rng.gauss(mean, mean**0.5)))
