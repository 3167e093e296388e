"""What comes late, or at once: parts of deleted orders, chains of merges, withdrawn deliveries."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.utils import timezone

from analytics.rollups import refresh
from shop_data import models
from tenants.scope import tenant_scope
from tests.analytics.rollup_oracle import expected, stored
from tests.shops import Body, Delivered, Shop
from tests.webhooks.test_topics import NEW, OLD, merged, order_of, rows

pytestmark = pytest.mark.django_db
ORDERS = [
    ("orders/create", order_of(1, 11, 2)),
    ("orders/create", order_of(2, 12, 3)),
    ("orders/create", order_of(2, 13, 5)),
]
MONEY = {"amount": "9.00", "currency": "INR"}
PARTS: list[tuple[str, Body, str]] = [
    ("fulfillments/create", {"id": 5, "status": "success"}, "Fulfillment"),
    ("fulfillment_events/create", {"id": 5, "fulfillment_id": 6}, "FulfillmentEvent"),
    ("order_transactions/create", {"id": 5, "kind": "sale", **MONEY}, "Transaction"),
    ("returns/request", {"id": 5}, "Return"),
    ("disputes/create", {"id": 5, **MONEY}, "Dispute"),
    ("refunds/create", {"id": 5}, "Refund"),
]


@pytest.mark.parametrize(("topic", "body", "model"), PARTS, ids=[part[0] for part in PARTS])
def test_parts_of_a_deleted_order_stay_away(shop: Shop, topic: str, body: Body, model: str) -> None:
    late = {**body, "order_id": 11, "created_at": OLD, "updated_at": NEW}

    shop.process(ORDERS[0], ("orders/delete", {"id": 11}), (topic, late))

    assert rows(shop, getattr(models, model)) == []
    assert shop.statuses() == {"done": 2, "superseded": 1}


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_an_order_of_a_deleted_customer_stays_without_a_link(
    shop: Shop, order: tuple[int, ...]
) -> None:
    later = {**order_of(1, 11, 2), "updated_at": "2026-03-05T10:00:00Z"}
    told: list[Delivered] = [ORDERS[0], ("customers/delete", {"id": 1}), ("orders/updated", later)]

    shop.process(*(told[place] for place in order))

    assert [each.customer_id for each in rows(shop, models.Order)] == [None]
    assert rows(shop, models.Customer) == []


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_withdrawn_step_of_a_parcel_delivers_nothing(shop: Shop, order: tuple[int, ...]) -> None:
    step = {"id": 5, "fulfillment_id": 6, "order_id": 11}
    told: list[Delivered] = [
        ("fulfillments/create", {"id": 6, "order_id": 11, "created_at": OLD, "updated_at": OLD}),
        ("fulfillment_events/create", {**step, "status": "delivered", "happened_at": OLD}),
        ("fulfillment_events/delete", step),
    ]

    shop.process(*(told[place] for place in order))

    assert [each.delivered_at for each in rows(shop, models.Fulfillment)] == [None]


def test_what_a_body_says_of_a_delivery_outlives_a_withdrawn_step(shop: Shop) -> None:
    step = {"id": 5, "fulfillment_id": 6, "order_id": 11}
    parcel = {"id": 6, "order_id": 11, "created_at": OLD, "updated_at": NEW}

    shop.process(
        ("fulfillments/update", {**parcel, "shipment_status": "delivered"}),
        ("fulfillment_events/create", {**step, "status": "delivered", "happened_at": OLD}),
        ("fulfillment_events/delete", step),
    )

    (row,) = rows(shop, models.Fulfillment)
    assert row.delivered_at == row.fulfillment_updated_at


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_an_order_points_to_the_kept_customer_whenever_their_body_comes(
    shop: Shop, order: tuple[int, ...]
) -> None:
    body = {"id": 2, "first_name": "Asha", "updated_at": OLD}
    told = [ORDERS[0], merged(1, 2), ("customers/update", body)]

    shop.process(*(told[place] for place in order))

    (customer,) = rows(shop, models.Customer)
    assert (customer.shopify_id, customer.first_name) == (2, "Asha")
    assert [each.customer_id for each in rows(shop, models.Order)] == [customer.id]


@pytest.mark.parametrize("chain", [[(1, 2), (2, 3)], [(2, 3), (1, 2)]], ids=str)
@pytest.mark.parametrize("is_known", [True, False])
def test_a_chain_of_merges_in_one_batch_ends_with_the_last(
    shop: Shop, chain: list[tuple[int, int]], is_known: bool
) -> None:
    if is_known:
        shop.process(ORDERS[0])
    for gone, kept in chain:
        shop.deliver(*merged(gone, kept))
    if not is_known:
        shop.deliver(*ORDERS[0])
    shop.drain()

    assert [each.customer_shopify_id for each in rows(shop, models.Order)] == [3]


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
@pytest.mark.parametrize("at_once", [True, False])
def test_figures_of_merged_customers_are_right_in_any_order(
    shop: Shop, order: tuple[int, ...], at_once: bool
) -> None:
    told = [*ORDERS, merged(1, 2)]
    for place in order:
        shop.process(told[place])
        if not at_once:
            refresh(shop.connection.tenant_id, now=timezone.now())
    refresh(shop.connection.tenant_id, now=timezone.now())

    with tenant_scope(shop.connection.tenant_id):
        assert stored() == expected()
