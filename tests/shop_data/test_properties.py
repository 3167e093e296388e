"""Whatever happens to an order, told in any order and any number of times, ends the same."""

from __future__ import annotations

import random
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
from tests.factories import TenantFactory
from tests.shop_data.order_stories import DELETED, Story, stories
from tests.shop_data.payload_sums import expected_total
from tests.shops import statement
from webhooks.inbox import Delivery, store
from webhooks.models import InboxEvent
from webhooks.processing import drain

pytestmark = pytest.mark.django_db
MIRROR = (Order, OrderItem, OrderAddress, DiscountUse, Refund, RefundLine, RefundAdjustment,
          Transaction, Customer, Fulfillment, Sale)  # fmt: skip
SLOW = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


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
    assert total == (0 if story.is_deleted else expected_total(story.bodies()))
    assert not (story.is_deleted and rows)


@given(stories())
@SLOW
def test_what_is_told_later_changes_no_earlier_day(story: Story) -> None:
    days_before: dict[str, Any] = {}
    seen: list[Delivery] = []
    for delivery in story.told:
        seen.append(delivery)
        if delivery.topic in {"orders/edited", "refunds/create", DELETED}:
            continue  # half of a fact, whose other half is the updated order; or no order any more
        days = statement(rows_of(process([seen])))
        last = max(days_before, default="")
        assert {day: lines for day, lines in days.items() if day < last} == {
            day: lines for day, lines in days_before.items() if day < last
        }
        days_before = days
