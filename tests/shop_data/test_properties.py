"""Whatever happens to an order, told in any order and any number of times, ends the same."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop_data.models import (
    Customer,
    DiscountUse,
    Fulfillment,
    Order,
    OrderAddress,
    OrderDocument,
    OrderItem,
    Refund,
    RefundAdjustment,
    RefundLine,
    Sale,
    Transaction,
)
from shop_data.upserts.orders import known_order
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.factories import TenantFactory
from tests.shops import statement
from webhooks.inbox import Delivery, store
from webhooks.models import InboxEvent
from webhooks.processing import drain
from xenofy.common.money import from_minor

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
MIRROR = (Order, OrderItem, OrderAddress, DiscountUse, Refund, RefundLine, RefundAdjustment,
          Transaction, Customer, Fulfillment, Sale)  # fmt: skip
SLOW = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass
class Story:
    """What happened to one order, and all that Shopify said about it."""

    order: OrderBuilder
    even: bool  # whether every unit of a line is worth the same, to the cent
    told: list[Delivery] = field(default_factory=list)
    taken_back: Decimal = Decimal(0)  # worth of what edits removed
    moment: datetime = START

    def later(self, hours: int) -> str:
        self.moment += timedelta(hours=hours)
        return self.moment.isoformat()

    def tell(self, topic: str, body: dict[str, Any]) -> None:
        headers = {"webhook-id": str(uuid4()), "triggered-at": self.moment.isoformat()}
        self.told.append(Delivery(topic, headers, json.dumps(body).encode()))

    def expected_total(self) -> Decimal:
        """Return what the rows sum to, from the payload's own figures alone."""
        body = self.order.body()
        kept = sum(Decimal(item["amount"]) for item in adjustments(body, "refund_discrepancy"))
        if self.order.cancelled_at:
            return kept
        total = Decimal(body["total_price"]) - self.taken_back + kept
        for refund in body["refunds"]:
            for item in refund["refund_line_items"]:
                total -= Decimal(item["subtotal"])
                total -= 0 if self.order.taxes_included else Decimal(item["total_tax"])
        for item in adjustments(body, "shipping_refund"):
            total += Decimal(item["amount"]) + Decimal(item["tax_amount"])
        return total


def adjustments(body: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [item for refund in body["refunds"] for item in refund["order_adjustments"]
            if item["kind"] == kind]  # fmt: skip


@st.composite
def stories(draw: st.DrawFn, number: int = 1001) -> Story:
    """Draw an order with one to three lines and up to five things that happen to it."""
    even = draw(st.booleans())
    order = OrderBuilder(
        number,
        at=START.isoformat(),
        currency=draw(st.sampled_from(["USD", "KWD", "JPY"])),
        tax_rate=Decimal("0.10"),
        taxes_included=not even and draw(st.booleans()),
        tip=Decimal(draw(st.sampled_from(["0", "3.00"]))),
        fees=Decimal(draw(st.sampled_from(["0", "2.00"]))),
    )
    for _ in range(draw(st.integers(1, 3))):
        _draw_line(draw, order, even=even)
    if draw(st.booleans()):
        order.ship("10.00", discount=draw(st.sampled_from(["0", "2.00"])))
    story = Story(order, even)
    story.tell("orders/create", order.body())
    steps = [_refund, _goodwill, _pay, _edit] if even else [_refund, _goodwill, _pay]
    for step in draw(st.lists(st.sampled_from(steps), max_size=4)):
        step(draw, story)
    if draw(st.integers(0, 3)) == 0:
        order.cancel(story.later(5))
        story.tell("orders/cancelled", order.body())
    return story


def _draw_line(draw: st.DrawFn, order: OrderBuilder, *, even: bool) -> None:
    quantity, gift_card = draw(st.integers(1, 4)), draw(st.integers(0, 3)) == 0
    if even:
        price, off = f"{draw(st.integers(1, 9))}0.00", f"{quantity}0.00"
        order.line(price, quantity, discount=off, gift_card=gift_card)
    else:
        step = Decimal(1 if order.currency == "JPY" else "0.01")
        price = draw(st.integers(1, 9999)) * step
        off = (price * quantity * draw(st.sampled_from([0, 10, 33])) / 100).quantize(step)
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
    refunded = bool(adjustments(order.body(), "shipping_refund"))
    shipping = ("4.00", "0.40") if order.shipping and not refunded and draw(st.booleans()) else None
    body = order.refund(story.later(draw(st.integers(1, 40))), units=units, shipping=shipping)
    if draw(st.booleans()):
        story.tell("refunds/create", body)
    story.tell("orders/updated", order.body())


def _goodwill(draw: st.DrawFn, story: Story) -> None:
    kept = draw(st.sampled_from(["-3.00", "2.50"]))
    body = story.order.refund(story.later(30), kept=kept)
    story.tell("refunds/create", body)
    story.tell("orders/updated", story.order.body())


def _edit(draw: st.DrawFn, story: Story) -> None:
    order = story.order
    removed = {}
    for line in order.lines:
        if away := draw(st.integers(0, line.left)):
            removed[line.id] = away
            worth = (line.price * line.quantity - line.discount) / line.quantity
            story.taken_back += away * worth * Decimal(1 if line.gift_card else "1.10")
    added = [("20.00", 2)] if draw(st.booleans()) else []
    body = order.edit(story.later(draw(st.integers(1, 40))), add=added, remove=removed)
    if draw(st.booleans()):
        story.tell("orders/edited", body)
    story.tell("orders/updated", order.body())


# ── running them ──────────────────────────────────────────────────────────────────────────────


def process(batches: list[list[Delivery]]) -> UUID:
    """Let a new shop process deliveries batch by batch; return its id."""
    tenant = TenantFactory()
    for batch in batches:
        with tenant_scope(tenant.id):
            store(batch, now=timezone.now())
        drain(tenant.id, now=timezone.now())
    with tenant_scope(tenant.id):
        left = InboxEvent.objects.exclude(status__in=["done", "superseded"])
        assert list(left.values_list("topic", "last_error")) == []
    return tenant.id


def told_again(delivery: Delivery) -> Delivery:
    """Return the same delivery under another id, as a second subscription would send it."""
    return Delivery(delivery.topic, {**delivery.headers, "webhook-id": str(uuid4())}, delivery.body)


def shuffled(told: list[Delivery], seed: int) -> list[list[Delivery]]:
    """Return the deliveries in another order, some of them twice, cut into batches."""
    rng = random.Random(seed)
    deliveries = [*told, *map(told_again, rng.choices(told, k=len(told) // 2))]
    rng.shuffle(deliveries)
    batches: list[list[Delivery]] = [[]]
    for delivery in deliveries:
        batches[-1].append(delivery)
        if rng.random() < 0.4:
            batches.append([])
    return batches


def state(tenant_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of the mirror and the ledger, without ids of ours and times of writing."""
    with tenant_scope(tenant_id):
        found = {
            model.__name__: sorted(map(_comparable, model.objects.values()), key=str)
            for model in MIRROR
        }
        found["OrderDocument"] = [
            vars(known_order(document).facts)
            for document in OrderDocument.objects.order_by("shopify_id")
        ]
        return found  # fmt: skip


def _comparable(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value is None if isinstance(value, UUID) and key.endswith("_id") else value
        for key, value in row.items()
        if key not in {"id", "tenant_id", "synced_at"}
    }


def rows_of(tenant_id: UUID) -> list[Sale]:
    with tenant_scope(tenant_id):
        return list(Sale.objects.all())


@given(stories(), st.integers(0, 2**32))
@SLOW
def test_any_order_and_number_of_deliveries_ends_the_same(story: Story, seed: int) -> None:
    in_order = process([[delivery] for delivery in story.told])
    in_disorder = process(shuffled(story.told, seed))

    assert state(in_disorder) == state(in_order)


@given(st.lists(st.integers(1001, 1006), min_size=2, max_size=4, unique=True), st.data())
@settings(SLOW, max_examples=15)
def test_orders_do_not_disturb_each_other(numbers: list[int], data: st.DataObject) -> None:
    told = [data.draw(stories(number)).told for number in numbers]
    every = [delivery for deliveries in told for delivery in deliveries]

    one_by_one = process(told)
    mixed = process(shuffled(every, data.draw(st.integers(0, 2**32))))

    assert state(mixed)["Sale"] == state(one_by_one)["Sale"]


@given(stories())
@SLOW
def test_rows_sum_to_the_total_plus_edits_less_what_went_back(story: Story) -> None:
    rows = rows_of(process([story.told]))

    total = sum(row.gross + row.discount + row.tax for row in rows)
    assert from_minor(total, story.order.currency) == story.expected_total()


@given(stories())
@SLOW
def test_what_is_told_later_changes_no_earlier_day(story: Story) -> None:
    days_before: dict[str, Any] = {}
    seen: list[Delivery] = []
    for delivery in story.told:
        seen.append(delivery)
        if delivery.topic in {"orders/edited", "refunds/create"}:
            continue  # half of a fact, the other half of which is the updated order
        days = statement(rows_of(process([seen])))
        last = max(days_before, default="")
        assert {day: lines for day, lines in days.items() if day < last} == {
            day: lines for day, lines in days_before.items() if day < last
        }
        days_before = days
