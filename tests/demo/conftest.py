"""A small history of the demo store, told once for all tests that only read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
import simplejson

from webhooks.inbox import Delivery
from xenofy.demo.history import History
from xenofy.demo.visits import Visit

END = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
ALWAYS = timedelta(days=1_000)  # every order is told step by step
ORDERS = ("orders/create", "orders/updated", "orders/paid", "orders/cancelled")

Body = dict[str, Any]


class Told(NamedTuple):
    """An order of the history and all that is delivered about it."""

    visit: Visit
    deliveries: list[Delivery]

    def bodies(self, *topics: str) -> list[Body]:
        """Return the bodies of some topics, in the order of time."""
        return [read(each) for each in self.deliveries if each.topic in topics]


def read(delivery: Delivery) -> Body:
    body: Body = simplejson.loads(delivery.body, use_decimal=True)
    return body


def tell(history: History, visits: list[Visit]) -> list[Told]:
    return [Told(visit, history.deliveries(visit)) for visit in visits]


@pytest.fixture(scope="session")
def history() -> History:
    return History(seed=3, orders=900, end=END, in_detail=ALWAYS)


@pytest.fixture(scope="session")
def told(history: History) -> list[Told]:
    """Return every order of the small history."""
    return tell(history, history.visits)
