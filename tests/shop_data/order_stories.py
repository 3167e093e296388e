"""Stories of single orders: what happened to one, and all that Shopify told of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st

from tests.builders import OrderBuilder
from tests.money_bodies import PLACES, Body
from webhooks.inbox import Delivery

START = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
OF_ORDERS = {"orders/create", "orders/updated", "orders/cancelled", "orders/paid"}
DELETED = "orders/delete"


@dataclass
class Story:
    """What happened to one order, and all that Shopify said about it."""

    order: OrderBuilder
    told: list[Delivery] = field(default_factory=list)
    moment: datetime = START

    def later(self, hours: int) -> str:
        self.moment += timedelta(hours=hours)
        return self.moment.isoformat()

    def tell(self, topic: str, body: dict[str, Any]) -> None:
        headers = {"webhook-id": str(uuid4()), "triggered-at": self.moment.isoformat()}
        self.told.append(Delivery(topic, headers, json.dumps(body).encode()))

    def bodies(self) -> list[Body]:
        """Return the bodies of the order, the oldest first."""
        return [json.loads(each.body) for each in self.told if each.topic in OF_ORDERS]

    @property
    def is_deleted(self) -> bool:
        return self.told[-1].topic == DELETED


@st.composite
def stories(draw: st.DrawFn, number: int = 1001) -> Story:
    """Draw an order with one to three lines and up to seven things that happen to it."""
    order = OrderBuilder(
        number,
        at=START.isoformat(),
        currency=draw(st.sampled_from(["USD", "KWD", "JPY"])),
        tax_rate=Decimal("0.10"),
        taxes_included=draw(st.booleans()),
        tip=Decimal(draw(st.sampled_from(["0", "3.00"]))),
        fees=Decimal(draw(st.sampled_from(["0", "2.00"]))),
    )
    for _ in range(draw(st.integers(1, 3))):
        _draw_line(draw, order)
    if draw(st.booleans()):
        order.ship("10.00", discount=draw(st.sampled_from(["0", "2.00"])))
    story = Story(order)
    story.tell("orders/create", order.body())
    for step in draw(st.lists(st.sampled_from([_refund, _goodwill, _pay, _edit]), max_size=4)):
        step(draw, story)
    if draw(st.integers(0, 2)) == 0:
        order.cancel(story.later(5))
        story.tell("orders/cancelled", order.body())
        for step in draw(st.lists(st.sampled_from([_refund, _goodwill]), max_size=2)):
            step(draw, story)
    if draw(st.integers(0, 5)) == 0:
        story.later(1)
        story.tell(DELETED, {"id": order.id})
    return story


def _price(draw: st.DrawFn, order: OrderBuilder) -> Decimal:
    return Decimal(draw(st.integers(1, 9999))).scaleb(-PLACES.get(order.currency, 2))


def _draw_line(draw: st.DrawFn, order: OrderBuilder) -> None:
    price, quantity = _price(draw, order), draw(st.integers(1, 4))
    share = draw(st.sampled_from([0, 10, 33]))
    off = (price * quantity * share / 100).quantize(price)
    gift_card = draw(st.integers(0, 3)) == 0
    duty = Decimal(draw(st.sampled_from([7, 0])))
    order.line(str(price), quantity, discount=str(off), gift_card=gift_card, duty=duty)


def _pay(draw: st.DrawFn, story: Story) -> None:
    story.order.updated_at = story.later(1)
    story.tell("orders/paid", story.order.body())


def _refund(draw: st.DrawFn, story: Story) -> None:
    order = story.order
    units = {}
    for line in order.lines:
        if back := draw(st.integers(0, line.left)):
            units[line.id] = back
    before = order.refunds
    more: dict[str, Any] = {"kept": draw(st.sampled_from(["0", "-2.00", "3.00"]))}
    if order.shipping and not any(item["kind"] == "shipping_refund" for refund in before
                                  for item in refund["order_adjustments"]):  # fmt: skip
        more["shipping"] = draw(st.sampled_from([None, ("4.00", "0.00")]))
    if not any(refund["duties"] for refund in before):
        duties = sum(line.duty for line in order.lines)
        more["duties"] = str(draw(st.sampled_from([0, duties])))
    order.refund(story.later(draw(st.integers(1, 40))), units=units, **more)
    _tell_refund(draw, story)


def _goodwill(draw: st.DrawFn, story: Story) -> None:
    story.order.refund(story.later(30), kept=draw(st.sampled_from(["-3.00", "-900.00", "2.00"])))
    _tell_refund(draw, story)


def _tell_refund(draw: st.DrawFn, story: Story) -> None:
    """Tell of the newest refund, which may say not when it was made."""
    order = story.order
    if draw(st.integers(0, 4)) == 0:
        order.refunds[-1] |= {"created_at": None, "processed_at": None}
    if draw(st.booleans()):
        story.tell("refunds/create", order.refunds[-1])
    story.tell("orders/updated", order.body())


def _edit(draw: st.DrawFn, story: Story) -> None:
    order = story.order
    removed = {}
    for line in order.lines:
        if away := draw(st.integers(0, line.left)):
            removed[line.id] = away
    added = [(str(_price(draw, order)), 2)] if draw(st.booleans()) else []
    body = order.edit(story.later(draw(st.integers(1, 40))), add=added, remove=removed)
    if draw(st.booleans()):
        story.tell("orders/edited", body)
    story.tell("orders/updated", order.body())
