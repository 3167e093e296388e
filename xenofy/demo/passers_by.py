"""People who come near an order without making one: checkouts left standing, new accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from xenofy.demo import calendar
from xenofy.demo.baskets import WEB, Basket, Counter
from xenofy.demo.checkouts import open_checkout
from xenofy.demo.happenings import Happening
from xenofy.demo.people import Person, customer


class PasserBy(NamedTuple):
    """Somebody in the shop; `joined_at` is None without an account."""

    who: Person
    joined_at: datetime | None


def how_many(rng: Random) -> int:
    """Return how many checkouts are left standing for each order that is placed."""
    return rng.choices((0, 1, 2, 3), (52, 34, 11, 3))[0]


def leave_checkout(
    counter: Counter, passer_by: PasserBy, rng: Random, *, serial: int, position: int, at: datetime
) -> Happening:
    """Return the checkout that somebody left standing; of strangers not all left an address."""
    choices = [counter.choice(rng, calendar.day_of(at))]
    basket = Basket(serial, 0, at, passer_by.who, 0, WEB, "", choices)
    knows_mail = passer_by.joined_at is not None or rng.random() < 0.6
    body = open_checkout(
        basket, position=position, joined_at=passer_by.joined_at, has_mail=knows_mail
    )
    return Happening("checkouts/create", at, body)


def sign_up(who: Person, at: datetime) -> Happening:
    """Return the account of somebody who has not ordered yet."""
    return Happening("customers/create", at, customer(who, created_at=at, updated_at=at))


def moments_before(rng: Random, at: datetime, count: int) -> Iterator[datetime]:
    """Yield moments in the hours before an order."""
    for _ in range(count):
        yield at - timedelta(seconds=rng.randint(60, 9_000))
