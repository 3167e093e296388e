"""The Admin API of the double: pages, searches, cost, what may be seen, what goes wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakeshop.conftest import DOMAIN, Outside
from xenofy.fakeshop.records import Order
from xenofy.fakeshop.world import World

PAGE = """query Page($n: Int, $after: String, $q: String) {
  orders(first: $n, after: $after, query: $q) {
    pageInfo { hasNextPage endCursor } nodes { id email test } } }"""


@pytest.fixture
def orders(world: World) -> list[Order]:
    """Three orders, a day apart; the second is a test."""
    shop, found = world.shop(DOMAIN), []
    for number in range(3):
        found.append(shop.place_order(email=f"{number}@example.com", test=number == 1))
        world.clock.advance(days=1)
    return found


def asked(world: World, outside: Outside, n: int = 10, **variables: Any) -> Any:
    return outside.graphql(world.token(DOMAIN), PAGE, n=n, **variables)


def found(answer: Any) -> list[int]:
    return [int(node["id"].rsplit("/", 1)[1]) for node in answer["data"]["orders"]["nodes"]]


def test_pages_follow_each_other(world: World, outside: Outside, orders: list[Order]) -> None:
    seen, after = [], None
    for _ in range(2):
        answer = asked(world, outside, 2, after=after)
        seen.append(found(answer))
        after = answer["data"]["orders"]["pageInfo"]["endCursor"]

    assert seen == [[orders[0].id, orders[1].id], [orders[2].id]]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("updated_at:>='2026-07-02T00:00:00Z' AND updated_at:<'2026-07-03T00:00:00Z'", [1]),
        ("updated_at:>2026-07-02", [1, 2]),
        ("test:true OR email:2@example.com", [1, 2]),
        ("-test:true", [0, 2]),
        ("NOT (test:true OR email:'0@example.com')", [2]),
        ("status:open test:false", [0, 2]),
    ],
)
def test_a_search_finds(
    world: World, outside: Outside, orders: list[Order], query: str, wanted: list[int]
) -> None:
    answer = asked(world, outside, q=query)

    assert found(answer) == [orders[index].id for index in wanted]


def test_ids_are_searched_with_or(world: World, outside: Outside, orders: list[Order]) -> None:
    query = f"id:{orders[0].id} OR id:{orders[2].id}"

    assert found(asked(world, outside, q=query)) == [orders[0].id, orders[2].id]


def test_a_query_takes_points_which_time_gives_back(
    world: World, outside: Outside, orders: list[Order]
) -> None:
    cost = asked(world, outside, 10)["extensions"]["cost"]

    assert cost["requestedQueryCost"] == 12
    assert cost["throttleStatus"]["currentlyAvailable"] == 2000 - cost["actualQueryCost"]


def test_too_dear_a_query_is_refused(world: World, outside: Outside) -> None:
    query = "{ orders(first: 200) { nodes { lineItems(first: 50) { nodes { id } } } } }"

    [error] = outside.graphql(world.token(DOMAIN), query)["errors"]

    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"


def test_an_empty_bucket_throttles_until_it_is_filled_again(
    world: World, outside: Outside, orders: list[Order]
) -> None:
    world.shop(DOMAIN).buckets["double"].level = 5 if asked(world, outside) else 0
    throttled = asked(world, outside)
    world.clock.advance(1)

    assert throttled["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert "data" not in throttled
    assert found(asked(world, outside))


def test_withheld_customer_data_is_null_beside_an_error(
    world: World, outside: Outside, orders: list[Order]
) -> None:
    token = world.token(DOMAIN, customer_data=False)

    answer = outside.graphql(token, PAGE, n=1)

    assert answer["data"]["orders"]["nodes"][0]["email"] is None
    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_without_read_all_orders_only_sixty_days_are_seen(
    world: World, outside: Outside, orders: list[Order]
) -> None:
    world.clock.advance(days=58)
    token = world.token(DOMAIN, without=("read_all_orders",))

    assert found(outside.graphql(token, PAGE, n=10)) == [orders[1].id, orders[2].id]
