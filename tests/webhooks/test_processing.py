"""Draining the inbox: the newest wins, and every delivery ends somewhere."""

from __future__ import annotations

import random
from typing import Any
from uuid import uuid4

import pytest

from shop_data.models import AbandonedCart, Fulfillment, Order, Product, StoreInfo
from tenants.models import TenantState
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Shop
from tests.webhooks.inboxes import T0, customer, customers, events

# ── the same, late and in any order ───────────────────────────────────────────────────────────


@pytest.mark.fault(1)
def test_a_delivery_that_comes_twice_is_one(shop: Shop) -> None:
    for _ in range(3):
        shop.deliver("customers/create", customer(), X_Shopify_Webhook_Id="w-1")

    assert shop.drain() == 1
    assert shop.statuses() == {"done": 1}


@pytest.mark.fault(2)
def test_the_same_body_under_another_id_changes_nothing(shop: Shop) -> None:
    shop.process(("customers/create", customer()))
    (before,) = customers(shop)

    shop.process(("customers/create", customer()))

    (after,) = customers(shop)
    assert (after.id, after.email, after.version_at) == (before.id, before.email, before.version_at)


def test_without_a_webhook_id_the_body_tells_deliveries_apart(shop: Shop) -> None:
    for body in (customer(), customer(), customer(2)):
        shop.deliver("customers/create", body, X_Shopify_Webhook_Id=None)

    assert shop.drain() == 2


@pytest.mark.fault(3)
@pytest.mark.parametrize("seed", range(4))
def test_the_newest_body_wins_in_any_order(shop: Shop, seed: int) -> None:
    bodies = [
        customer(updated_at=f"2026-03-0{day}T10:00:00Z", note=str(day)) for day in range(1, 7)
    ]
    random.Random(seed).shuffle(bodies)

    shop.process(*(("customers/update", body) for body in bodies))

    assert [row.note for row in customers(shop)] == ["6"]
    assert set(shop.statuses()) <= {"done", "superseded"}


@pytest.mark.fault(4)
def test_a_stale_body_is_kept_in_the_inbox_and_overwrites_nothing(shop: Shop) -> None:
    shop.process(("customers/update", customer(note="new", updated_at="2026-03-03T10:00:00Z")))

    shop.process(("customers/update", customer(note="old", updated_at="2026-03-02T10:00:00Z")))

    assert [row.note for row in customers(shop)] == ["new"]
    assert [event.status for event in events(shop)] == ["done", "superseded"]


def test_of_equal_versions_the_event_triggered_later_wins(shop: Shop) -> None:
    for note, at in (("later", "2026-03-02T10:00:05Z"), ("earlier", "2026-03-02T10:00:04Z")):
        shop.deliver("customers/update", customer(note=note), X_Shopify_Triggered_At=at)
        shop.drain()

    assert [row.note for row in customers(shop)] == ["later"]


@pytest.mark.fault(9)
def test_an_absent_field_keeps_its_value_and_null_clears_it(shop: Shop) -> None:
    shop.process(("customers/create", customer(note="vip", phone="+911", first_name="Mena")))

    shop.process(
        ("customers/update", customer(updated_at="2026-03-03T10:00:00Z", note=None, tags="a, b"))
    )

    (row,) = customers(shop)
    assert (row.note, row.phone, row.first_name, row.tags) == (None, "+911", "Mena", "a, b")


@pytest.mark.fault(5)
@pytest.mark.parametrize("updated_at", ["2026-03-01T10:00:00Z", "2036-03-01T10:00:00Z"])
@pytest.mark.parametrize("deleted_first", [True, False])
def test_what_is_deleted_stays_away_whatever_is_told_of_it(
    shop: Shop, updated_at: str, deleted_first: bool
) -> None:
    order = OrderBuilder()
    order.line("100.00")
    shop.process(("orders/create", order.body()))
    deleted = ("orders/delete", {"id": order.id})
    updated = ("orders/updated", order.body() | {"updated_at": updated_at})

    shop.process(*((deleted, updated) if deleted_first else (updated, deleted)))

    assert shop.sales() == []
    with tenant_scope(shop.connection.tenant_id):
        assert not Order.objects.exists()


@pytest.mark.fault(8)
def test_children_that_come_first_are_linked_when_their_parent_comes(shop: Shop) -> None:
    order = OrderBuilder()
    line = order.line("100.00")
    placed = order.body()
    refund = order.refund("2026-03-03T10:00:00Z", units={line.id: 1})
    sent = {"id": 5, "order_id": order.id, "status": "success", "updated_at": T0, "line_items": []}

    shop.process(("fulfillments/create", sent), ("refunds/create", refund))
    assert shop.sales() == []
    shop.process(("orders/create", placed))

    assert [row.action for row in shop.sales()] == ["order", "return"]
    with tenant_scope(shop.connection.tenant_id):
        mirrored = Order.objects.get()
        assert mirrored.customer is not None
        assert [row.shopify_id for row in mirrored.fulfillments.all()] == [5]
        assert [row.shopify_id for row in mirrored.refunds.all()] == [refund["id"]]
        assert Fulfillment.objects.filter(order=None).count() == 0


# ── every topic ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.fault(10)
def test_an_unknown_topic_is_done_and_counted(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="webhooks")

    shop.process(("themes/publish", {"id": 1}))

    assert shop.statuses() == {"done": 1}
    assert [record.topics for record in caplog.records if hasattr(record, "topics")] == [
        {"themes/publish": 1}
    ]


def test_each_topic_ends_in_its_rows(shop: Shop) -> None:
    order = OrderBuilder()
    order.line("100.00")
    begun = {"id": 3, "token": "t", "created_at": T0, "total_price": "5.00", "currency": "USD"}
    variants = [{"id": 70, "inventory_item_id": 700, "price": "1.5"}]

    shop.process(
        ("shop/update", {"id": 1, "iana_timezone": "Asia/Kolkata", "name": "Kaveri"}),
        ("products/create", {"id": 7, "title": "Shawl", "variants": variants, "updated_at": T0}),
        ("inventory_levels/update", {"inventory_item_id": 700, "location_id": 1, "available": -2}),
        ("checkouts/create", begun),
        ("orders/create", order.body()),
        ("orders/fulfilled", order.body() | {"fulfillment_status": "fulfilled"}),
    )

    with tenant_scope(shop.connection.tenant_id):
        assert StoreInfo.objects.get().name == "Kaveri"
        assert Product.objects.get().variants.get().inventory_item_id == 700
        assert str(AbandonedCart.objects.get().day) == "2026-03-02"
        assert Order.objects.get().financial_status == "paid"


@pytest.mark.fault(13)
def test_a_shop_update_of_another_shop_is_quarantined(shop: Shop) -> None:
    shop.process(("shop/update", {"id": 1, "myshopify_domain": "other.myshopify.com"}))

    (event,) = events(shop)
    assert (event.status, event.last_error) == (
        "quarantined",
        "The body is of another shop, other.myshopify.com.",
    )


@pytest.mark.fault(13)
@pytest.mark.parametrize("together", [False, True])
def test_a_shop_has_one_id_and_another_one_is_quarantined(shop: Shop, together: bool) -> None:
    for number in (1, 2):
        shop.deliver("shop/update", {"id": number, "name": str(number), "updated_at": T0})
        if not together:
            shop.drain()
    shop.drain()

    assert [event.status for event in events(shop)] == ["done", "quarantined"]
    with tenant_scope(shop.connection.tenant_id):
        assert StoreInfo.objects.get().name == "1"


@pytest.mark.fault(13)
@pytest.mark.parametrize(
    ("topic", "names"),
    [
        ("orders/create", {"order_status_url": "https://kaveri.example/2/orders/t/authenticate"}),
        ("checkouts/update", {"abandoned_checkout_url": "https://x.example/2/checkouts/t/recover"}),
        ("orders/create", {"order_status_url": "https://checkout.shopify.com/2/checkouts/t"}),
        ("products/update", {"shop_id": 2}),
        ("disputes/create", {"shop_domain": "other.myshopify.com"}),
    ],
)
def test_a_body_that_names_another_shop_is_quarantined(
    shop: Shop, topic: str, names: dict[str, Any]
) -> None:
    shop.process(("shop/update", {"id": 1, "myshopify_domain": shop.connection.domain}))

    shop.process((topic, {**customer(), **names}))

    *_, event = events(shop)
    assert event.status == "quarantined"
    assert event.last_error.startswith("The body is of another shop, ")


@pytest.mark.fault(13)
def test_a_body_that_names_this_shop_is_taken(shop: Shop) -> None:
    names = {"shop_id": 1, "order_status_url": "https://kaveri.example/1/orders/t/authenticate"}

    shop.process(("customers/create", {**customer(1), **names, "shop_id": 3}))
    shop.process(("shop/update", {"id": 1, "myshopify_domain": shop.connection.domain}))
    shop.process(("customers/create", {**customer(2), **names}))

    assert shop.statuses() == {"done": 3}  # of the first nobody can tell


def test_a_tenant_without_a_state_row_gets_one(shop: Shop) -> None:
    with tenant_scope(shop.connection.tenant_id):
        TenantState.objects.all().delete()

    shop.process(("customers/create", customer()))

    assert shop.statuses() == {"done": 1}


def test_the_inbox_always_adds_up(shop: Shop) -> None:
    for number in range(20):
        body: dict[str, Any] | bytes = customer(number % 7, note=str(uuid4()))
        shop.deliver("customers/update", b"{" if number % 5 == 0 else body)
    shop.drain()

    statuses = shop.statuses()

    assert statuses == {"done": 7, "superseded": 9, "quarantined": 4}
