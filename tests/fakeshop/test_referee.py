"""What others can hold their figures against: agreements, events, ids, and what is gone."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.fakeshop.conftest import DOMAIN, Outside
from xenofy.fakeshop.daily import by_day
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.wanted import Item, NewVariant, Rate, code
from xenofy.fakeshop.world import World

VAT = (Rate("VAT", Decimal("0.19")),)
AGREEMENTS = """{ orders(first: 3) { nodes { agreements(first: 5) { nodes {
  happenedAt reason
  ... on RefundAgreement { refund { id } } ... on ReturnAgreement { return { id } }
  sales(first: 5) { nodes { totalAmount { shopMoney { amount } } } } } } } } }"""
EVENTS = """query Events($q: String) { events(first: 20, query: $q) {
  nodes { id action message createdAt ... on BasicEvent { subjectId subjectType } } }
  eventsCount(query: $q) { count } }"""
DELETED = "{ deletionEvents(first: 5) { nodes { occurredAt subjectId subjectType } } }"
NODES = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }"


@pytest.fixture
def shop(world: World) -> Shop:
    """A shop in which an order was edited, refunded and exchanged, a day after the other."""
    found = world.shop(DOMAIN, zone="UTC")
    order = found.place_order(Item("10.00", 3), taxes=VAT, discounts=[code("TEN", "10")])
    world.clock.advance(days=1)
    found.edit(order.id, add=[Item("3.00")], taxes=VAT)
    world.clock.advance(days=1)
    found.refund(order.id, units={order.lines[0].id: 1}, goodwill="1.00")
    world.clock.advance(days=1)
    back = found.request_return(order.id, {order.lines[0].id: 1})
    found.approve_return(back)
    found.process_return(back, exchange=[Item("12.00")], taxes=VAT)
    return found


def test_agreements_add_up_to_the_ledger_by_day(world: World, outside: Outside, shop: Shop) -> None:
    told: Counter[str] = Counter()
    [order] = outside.graphql(world.token(DOMAIN), AGREEMENTS)["data"]["orders"]["nodes"]
    agreements = order["agreements"]["nodes"]
    for one in agreements:
        for sale in one["sales"]["nodes"]:
            amount = Decimal(sale["totalAmount"]["shopMoney"]["amount"])
            told[one["happenedAt"][:10]] += int(amount * 100)

    assert [one["reason"] for one in agreements] == ["ORDER", "ORDER_EDIT", "REFUND", "RETURN"]
    assert told == {str(day): sums.charged for day, sums in by_day(shop.state).items()}


def test_events_tell_what_happened_and_are_searched(
    world: World, outside: Outside, shop: Shop
) -> None:
    [order] = shop.orders()
    shop.delete_order(order.id)

    answer = outside.graphql(world.token(DOMAIN), EVENTS, q="subject_type:ORDER action:destroy")

    [event] = answer["data"]["events"]["nodes"]
    assert event["subjectId"] == f"gid://shopify/Order/{order.id}"
    assert answer["data"]["eventsCount"]["count"] == 1


def test_events_are_forgotten_after_a_year(world: World, outside: Outside, shop: Shop) -> None:
    world.clock.advance(days=366)

    assert not outside.graphql(world.token(DOMAIN), EVENTS)["data"]["events"]["nodes"]


def test_of_what_was_deleted_the_older_feed_tells_products_alone(
    world: World, outside: Outside, shop: Shop
) -> None:
    product = shop.create_product("Hat", NewVariant("12.00"))
    shop.delete_product(product.id)
    shop.delete_order(shop.orders()[0].id)

    [one] = outside.graphql(world.token(DOMAIN), DELETED)["data"]["deletionEvents"]["nodes"]

    assert one["subjectId"] == f"gid://shopify/Product/{product.id}"


def test_a_deleted_order_and_its_parts_are_null_by_id(
    world: World, outside: Outside, shop: Shop
) -> None:
    [order], kept = shop.orders(), shop.place_order()
    ids = [
        f"gid://shopify/Order/{order.id}",
        f"gid://shopify/Refund/{order.refunds[0].id}",
        f"gid://shopify/Order/{kept.id}",
    ]
    shop.delete_order(order.id)

    answer = outside.graphql(world.token(DOMAIN), NODES, ids=ids)

    assert answer["data"]["nodes"] == [None, None, {"id": ids[2], "__typename": "Order"}]
    assert sum(sums.total for sums in by_day(shop.state).values()) == 1000


@pytest.mark.parametrize("scope", ["read_orders", "read_returns"])
def test_a_record_by_id_needs_its_scope(
    world: World, outside: Outside, shop: Shop, scope: str
) -> None:
    [order] = shop.orders()
    kind, number = {
        "read_orders": ("Order", order.id), "read_returns": ("Return", order.returns[0].id)
    }[scope]  # fmt: skip
    token = world.token(DOMAIN, without=(scope,))

    answer: Any = outside.graphql(token, NODES, ids=[f"gid://shopify/{kind}/{number}"])

    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
