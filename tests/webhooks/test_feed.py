"""The feed: one line for each delivery that was processed, however often it is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shop_data.models import StoreEvent, StoreEventCount
from shop_data.payloads.happenings import TOLD_TOPICS
from shop_data.upserts.store_events import forget_store_events
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Body, Shop
from tests.webhooks.inboxes import customer
from webhooks.models import InboxEvent
from webhooks.retention import prune
from webhooks.topics import TOPICS

pytestmark = pytest.mark.django_db
AT = "2026-03-02T10:00:00Z"


def lines(shop: Shop) -> list[StoreEvent]:
    with tenant_scope(shop.connection.tenant_id):
        return list(StoreEvent.objects.order_by("happened_at", "type", "description"))


def counted(shop: Shop) -> dict[str, int]:
    with tenant_scope(shop.connection.tenant_id):
        return dict(StoreEventCount.objects.values_list("type", "events"))


def order(number: int = 1, **fields: Any) -> Body:
    built = OrderBuilder(number, at=AT, **fields)
    built.line("10.00")
    return {**built.body(), "name": f"#{1000 + number}"}


def test_a_processed_delivery_is_told_in_a_sentence(shop: Shop) -> None:
    shop.deliver("orders/create", order(), X_Shopify_Event_Id="e-1", X_Shopify_Triggered_At=AT)
    shop.drain()

    (line,) = lines(shop)
    assert (line.event_id, line.type, line.verb) == ("e-1", "order", "create")
    assert line.description == "Order #1001 was placed."
    assert line.subject_shopify_id == order()["id"]
    assert line.happened_at.isoformat() == "2026-03-02T10:00:00+00:00"


def test_the_same_event_under_other_webhook_ids_is_one_line(shop: Shop) -> None:
    for _ in range(3):
        shop.deliver("orders/create", order(), X_Shopify_Event_Id="e-1")
    shop.drain()
    shop.deliver("orders/create", order(), X_Shopify_Event_Id="e-1")
    shop.drain()

    assert len(lines(shop)) == 1


def test_one_event_of_several_topics_and_subjects_is_a_line_for_each(shop: Shop) -> None:
    for topic in ("orders/create", "orders/updated"):
        shop.deliver(topic, order(), X_Shopify_Event_Id="e-1")
    for place in (6, 7):
        level = {"inventory_item_id": 5, "location_id": place, "available": 3, "updated_at": AT}
        shop.deliver("inventory_levels/update", level, X_Shopify_Event_Id="e-1")
    shop.drain()

    assert sorted(line.type for line in lines(shop)) == ["inventory", "inventory", "order", "order"]


def test_a_delivery_that_is_put_back_is_told_once(shop: Shop) -> None:
    shop.process(("customers/create", customer()))
    with tenant_scope(shop.connection.tenant_id):
        InboxEvent.objects.update(status="pending", attempts=0)

    shop.drain()

    assert len(lines(shop)) == 1


def test_what_was_superseded_did_happen(shop: Shop) -> None:
    shop.process(
        ("customers/update", customer(updated_at="2026-03-03T10:00:00Z")),
        ("customers/update", customer(updated_at="2026-03-02T10:00:00Z")),
    )

    assert shop.statuses() == {"done": 1, "superseded": 1}
    assert len(lines(shop)) == 2


def test_what_was_set_aside_is_not_told(shop: Shop) -> None:
    shop.process(("customers/create", {"id": None}))

    assert shop.statuses() == {"quarantined": 1}
    assert lines(shop) == []


def test_an_unknown_topic_is_told_as_it_is_called(shop: Shop) -> None:
    shop.process(("themes/publish", {"id": 5}))

    (line,) = lines(shop)
    assert (line.type, line.verb) == ("other", "themes/publish")


def test_nothing_happened_after_it_was_told(shop: Shop) -> None:
    ahead = (timezone.now() + timedelta(days=1)).isoformat()

    shop.deliver("customers/create", customer(), X_Shopify_Triggered_At=ahead)
    shop.drain()

    (line,) = lines(shop)
    assert line.happened_at <= timezone.now()


def test_a_line_names_no_person(shop: Shop) -> None:
    person = customer(first_name="Asha", last_name="Rao", phone="+911234567890")

    shop.process(
        ("customers/create", person),
        ("orders/create", {**order(customer=person), "email": "c1@example.com"}),
    )

    told = " ".join(f"{line.description} {line.verb} {line.event_id}" for line in lines(shop))
    assert not any(word in told for word in ("Asha", "Rao", "c1@example.com", "911234567890"))


@pytest.mark.parametrize("name", [["#1"], {"a": 1}, 7, True, "\0", "\ud800", "x" * 10_000, None])
def test_a_strange_name_costs_no_delivery(shop: Shop, name: Any) -> None:
    shop.process(("carts/update", {"id": [1], "name": name}),
                 ("customers/delete", {"id": 5, "customer_id": name}),
                 ("orders/create", {**order(), "name": name}))  # fmt: skip

    settled = sum(shop.statuses()[status] for status in ("done", "superseded"))
    assert len(lines(shop)) == settled >= 2
    assert all(len(line.description) < 200 for line in lines(shop))


def test_lines_and_their_counts_go_with_the_bodies(shop: Shop) -> None:
    old = (timezone.now() - timedelta(days=91)).isoformat()
    shop.deliver("customers/create", customer(), X_Shopify_Triggered_At=old)
    shop.process(("customers/create", customer(2)), ("orders/create", order()))
    assert counted(shop) == {"customer": 2, "order": 1}

    assert prune(shop.connection.tenant_id, now=timezone.now()) == 1

    assert sorted(line.type for line in lines(shop)) == ["customer", "order"]
    assert counted(shop) == {"customer": 1, "order": 1}
    assert prune(shop.connection.tenant_id, now=timezone.now()) == 0


def test_lines_about_a_customer_can_be_forgotten(shop: Shop) -> None:
    shop.process(("customers/create", customer(1)), ("customers/create", customer(2)))

    with tenant_scope(shop.connection.tenant_id):
        forget_store_events([1])

    assert [line.subject_shopify_id for line in lines(shop)] == [2]
    assert counted(shop) == {"customer": 1}


def test_what_is_told_twice_is_counted_once(shop: Shop) -> None:
    for number in (1, 1, 2):
        shop.deliver("customers/create", customer(number), X_Shopify_Event_Id="e-1")
        shop.drain()

    assert counted(shop) == {"customer": 2}


def test_every_topic_has_its_words() -> None:
    assert TOLD_TOPICS == TOPICS
