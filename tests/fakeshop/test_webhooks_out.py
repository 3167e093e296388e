"""The double delivers webhooks as Shopify does, also badly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.fakeshop.conftest import DOMAIN, Outside
from xenofy.fakeshop import oauth
from xenofy.fakeshop.knobs import calm
from xenofy.fakeshop.sending import LADDER, sign
from xenofy.fakeshop.subscriptions import slashed
from xenofy.fakeshop.wanted import Item
from xenofy.fakeshop.world import World

ADDRESS = "http://127.0.0.1:1/hooks"
CREATE = """mutation ($topic: WebhookSubscriptionTopic!, $with: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $with) {
    webhookSubscription { id topic uri name includeFields apiVersion { handle } }
    userErrors { field message }
  }
}"""
LIST = "{ webhookSubscriptions(first: 100) { nodes { id topic uri } } }"


class Receiver:
    """Takes deliveries in the same process; `status` is what it answers."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[tuple[bytes, dict[str, str]]] = []

    def __call__(self, uri: str, body: bytes, headers: dict[str, str]) -> int:
        self.got.append((body, headers))
        return self.status

    def bodies(self) -> list[Any]:
        return [json.loads(body) for body, _ in self.got]


@pytest.fixture
def receiver(world: World) -> Receiver:
    found = Receiver()
    world.hooks.post = found
    return found


@pytest.fixture
def token(world: World) -> str:
    return world.token(DOMAIN, app="app")


def subscribe(outside: Outside, token: str, topic: str = "ORDERS_CREATE", **more: Any) -> Any:
    answer = outside.graphql(token, CREATE, topic=topic, **{"with": {"uri": ADDRESS, **more}})
    return answer["data"]["webhookSubscriptionCreate"]


def test_a_subscription_is_made_listed_and_deleted(outside: Outside, token: str) -> None:
    made = subscribe(outside, token, name="xenofy")["webhookSubscription"]

    delete = "mutation ($id: ID!) { webhookSubscriptionDelete(id: $id) { userErrors { message } } }"
    listed = outside.graphql(token, LIST)["data"]["webhookSubscriptions"]["nodes"]
    outside.graphql(token, delete, id=made["id"])

    assert listed == [{name: made[name] for name in ("id", "topic", "uri")}]
    assert (made["name"], made["apiVersion"]["handle"]) == ("xenofy", "2026-07")
    assert outside.graphql(token, LIST)["data"]["webhookSubscriptions"]["nodes"] == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"uri": "http://example.com/hooks"}, "Address protocol http:// is not supported"),
        ({"name": "no spaces"}, "Name is invalid"),
        ({"filter": "id:1"}, "The double knows no filters of webhooks"),
        ({}, "Address for this topic has already been taken"),
    ],
)
def test_a_subscription_is_refused_with_a_reason(
    outside: Outside, token: str, given: dict[str, str], message: str
) -> None:
    subscribe(outside, token)

    told = subscribe(outside, token, **given)

    assert told["webhookSubscription"] is None
    assert message in [error["message"] for error in told["userErrors"]]


def test_a_topic_needs_its_scope(outside: Outside, world: World) -> None:
    token = world.token(DOMAIN, app="app", without=("read_orders",))

    answer = outside.graphql(token, CREATE, topic="ORDERS_CREATE", **{"with": {"uri": ADDRESS}})

    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("ORDERS_PARTIALLY_FULFILLED", "orders/partially_fulfilled"),
        ("INVENTORY_LEVELS_UPDATE", "inventory_levels/update"),
        ("APP_SCOPES_UPDATE", "app/scopes_update"),
        ("CUSTOMER_TAGS_ADDED", "customer.tags_added"),
        ("CUSTOMERS_PURCHASING_SUMMARY", "customers/purchasing_summary"),
        ("BULK_OPERATIONS_FINISH", "bulk_operations/finish"),
    ],
)
def test_deliveries_name_topics_with_a_slash(topic: str, name: str) -> None:
    assert slashed(topic) == name


def test_a_delivery_has_all_headers_and_is_signed_over_its_bytes(
    outside: Outside, world: World, token: str, receiver: Receiver
) -> None:
    subscribe(outside, token, name="xenofy")

    order = world.shop(DOMAIN).place_order(note="a/b & c")
    world.hooks.flush()

    [(body, headers)] = receiver.got
    assert b"a\\/b \\u0026 c" in body
    assert json.loads(body)["id"] == order.id
    assert headers["X-Shopify-Hmac-Sha256"] == sign(body, "secret")
    assert headers["X-Shopify-Topic"] == "orders/create"
    assert headers["X-Shopify-Shop-Domain"] == DOMAIN
    assert headers["X-Shopify-API-Version"] == "2026-07"
    assert headers["X-Shopify-Name"] == "xenofy"
    assert headers["X-Shopify-Triggered-At"] == "2026-07-01T12:00:00.000001000Z"
    assert headers["X-Shopify-Webhook-Id"] != headers["X-Shopify-Event-Id"]


def test_a_failed_delivery_comes_again_eight_times_in_four_hours_as_it_was(
    outside: Outside, world: World, token: str, receiver: Receiver
) -> None:
    subscribe(outside, token)
    receiver.status = 503
    shop = world.shop(DOMAIN)
    order = shop.place_order()
    began = world.clock.now()

    world.hooks.flush()
    shop.refund(order.id)
    world.hooks.settle()

    assert sum(LADDER, timedelta()) == timedelta(hours=4)
    assert world.clock.now() - began == timedelta(hours=4)
    assert len(receiver.got) == 9
    assert len({(body, headers["X-Shopify-Webhook-Id"]) for body, headers in receiver.got}) == 1


def test_a_subscription_that_only_fails_is_removed(
    outside: Outside, world: World, token: str, receiver: Receiver
) -> None:
    subscribe(outside, token)
    receiver.status = 301
    world.shop(DOMAIN).place_order()

    world.hooks.settle()

    assert outside.graphql(token, LIST)["data"]["webhookSubscriptions"]["nodes"] == []


def test_a_success_between_keeps_a_subscription(
    outside: Outside, world: World, token: str, receiver: Receiver
) -> None:
    subscribe(outside, token)
    receiver.status = 500
    shop = world.shop(DOMAIN)
    shop.place_order()
    world.hooks.flush()
    receiver.status = 200

    world.hooks.settle()

    assert [one.failures for one in world.hooks.of("app", DOMAIN)] == [0]


def test_deliveries_are_dropped_doubled_and_shuffled(
    outside: Outside, world: World, token: str, receiver: Receiver
) -> None:
    subscribe(outside, token)
    mishaps = world.hooks.mishaps
    mishaps.drop, mishaps.duplicate, mishaps.shuffle = 0.2, 0.2, True
    placed = [world.shop(DOMAIN).place_order().id for _ in range(60)]

    world.hooks.flush()

    ids = [headers["X-Shopify-Webhook-Id"] for _, headers in receiver.got]
    came = [body["id"] for body in receiver.bodies()]
    assert 0 < len(ids) - len(set(ids)) < 30
    assert len(set(came)) == 60 - world.hooks.dropped < 60
    assert came != sorted(came)
    assert set(came) < set(placed)


def test_a_stale_retry_comes_after_a_newer_body(
    outside: Outside, world: World, token: str, receiver: Receiver
) -> None:
    subscribe(outside, token, "ORDERS_CREATE")
    subscribe(outside, token, "ORDERS_UPDATED")
    world.hooks.mishaps.stale = 1.0
    shop = world.shop(DOMAIN)
    order = shop.place_order()
    calm(world.hooks.mishaps)

    world.clock.advance(10)
    shop.refund(order.id)
    world.hooks.flush()
    world.hooks.settle()

    topics = [headers["X-Shopify-Topic"] for _, headers in receiver.got]
    newer, stale = receiver.bodies()
    assert topics == ["orders/updated", "orders/create"]
    assert newer["updated_at"] > stale["updated_at"]


def test_a_late_delivery_waits_for_the_clock(
    outside: Outside, world: World, token: str, receiver: Receiver
) -> None:
    subscribe(outside, token)
    world.hooks.mishaps.delay, world.hooks.mishaps.delay_seconds = 1.0, 1
    world.shop(DOMAIN).place_order()

    before = len(world.hooks.flush())
    world.clock.advance(1)

    assert (before, len(world.hooks.flush())) == (0, 1)


def test_signatures_may_be_wrong_or_old(
    outside: Outside, world: World, token: str, receiver: Receiver
) -> None:
    subscribe(outside, token)
    shop, mishaps = world.shop(DOMAIN), world.hooks.mishaps
    world.apps.by_id["app"].rotate_secret("newer", now=world.clock.now())
    mishaps.old_secret = 1.0
    shop.place_order()
    world.hooks.flush()
    world.clock.advance(3600)
    shop.place_order()
    world.hooks.flush()
    mishaps.wrong_hmac = 1.0
    shop.place_order()
    world.hooks.flush()

    by = [headers["X-Shopify-Hmac-Sha256"] for _, headers in receiver.got]
    bodies = [body for body, _ in receiver.got]
    assert by[0] == sign(bodies[0], "secret")
    assert by[1] == sign(bodies[1], "newer")
    assert by[2] not in {sign(bodies[2], "newer"), sign(bodies[2], "secret")}


def test_an_order_may_have_ten_megabytes(
    outside: Outside, world: World, token: str, receiver: Receiver
) -> None:
    subscribe(outside, token)
    world.hooks.mishaps.pad_bytes = 10 * 1024 * 1024
    world.shop(DOMAIN).place_order()

    world.hooks.flush()

    assert len(receiver.got[0][0]) > 10 * 1024 * 1024
    assert world.hooks.mishaps.pad_bytes == 0


def test_only_the_wanted_fields_are_sent(
    outside: Outside, world: World, token: str, receiver: Receiver
) -> None:
    subscribe(outside, token, includeFields=["id", "updated_at"])
    world.shop(DOMAIN).place_order()

    world.hooks.flush()

    assert set(receiver.bodies()[0]) == {"id", "updated_at"}


def test_uninstalling_is_told_and_forgetting_asked_for_two_days_later(
    outside: Outside, world: World, token: str, receiver: Receiver
) -> None:
    subscribe(outside, token, "APP_UNINSTALLED")
    world.apps.by_id["app"].webhooks_uri = ADDRESS

    oauth.uninstall(world, DOMAIN, "app")
    world.hooks.settle()

    topics = [headers["X-Shopify-Topic"] for _, headers in receiver.got]
    assert topics == ["app/uninstalled", "shop/redact"]
    assert receiver.bodies()[1]["shop_domain"] == DOMAIN
    assert world.hooks.of("app", DOMAIN) == []


def test_every_step_of_an_order_has_a_body(
    outside: Outside, world: World, token: str, receiver: Receiver
) -> None:
    for topic in ("ORDERS_CREATE", "ORDERS_PAID", "ORDERS_UPDATED", "ORDERS_FULFILLED",
                  "ORDERS_CANCELLED", "ORDERS_DELETE", "REFUNDS_CREATE", "FULFILLMENTS_CREATE",
                  "ORDER_TRANSACTIONS_CREATE", "CUSTOMERS_CREATE", "CUSTOMERS_MERGE"):  # fmt: skip
        subscribe(outside, token, topic)
    shop = world.shop(DOMAIN)
    buyer, twin = (shop.create_customer(email=f"{name}@example.com") for name in "ab")

    order = shop.place_order(Item("30.00", 2), customer_id=buyer.id, payment="pending")
    shop.pay(order.id)
    shop.fulfil(order.id)
    shop.merge_customers(twin.id, buyer.id)
    shop.refund(order.id)
    shop.cancel(order.id)
    shop.delete_order(order.id)
    world.hooks.flush()

    topics = {headers["X-Shopify-Topic"] for _, headers in receiver.got}
    assert len(topics) == 11
    assert receiver.bodies()[-1] == {"id": order.id}


@pytest.fixture
def listening() -> Iterator[tuple[str, list[Any]]]:
    """An HTTP server on loopback that keeps what it is sent."""
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.rfile.read(int(self.headers["Content-Length"])), self.headers))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hooks/orders", got
    server.shutdown()
    server.server_close()


def test_deliveries_go_over_http(
    outside: Outside, world: World, token: str, listening: tuple[str, list[Any]]
) -> None:
    address, got = listening
    subscribe(outside, token, uri=address)
    subscribe(outside, token, "ORDERS_PAID", uri=address)
    world.shop(DOMAIN).place_order()

    sent = world.hooks.flush()

    assert [one.is_taken for one in sent] == [True, True]
    assert all(headers["X-Shopify-Hmac-Sha256"] == sign(body, "secret") for body, headers in got)


def test_no_answer_is_a_failure(outside: Outside, world: World, token: str) -> None:
    subscribe(outside, token)
    world.shop(DOMAIN).place_order()

    [one] = world.hooks.flush()

    assert one.statuses == [0]
    assert world.hooks.waiting == [one]
