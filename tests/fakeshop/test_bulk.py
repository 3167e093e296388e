"""Bulk operations of the double: refusals in Shopify's words, time, files, and what fails."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakeshop.conftest import DOMAIN, Outside
from xenofy.fakeshop.bulk import HOST
from xenofy.fakeshop.http import Request
from xenofy.fakeshop.routes import answer
from xenofy.fakeshop.wanted import Item
from xenofy.fakeshop.world import World

SHARED = Path(__file__).parents[3] / "shared"
CAPTURES = SHARED / "fixtures/graphql/draft-proxy/harry-test-heelo/2026-04/bulk-operations"
VALIDATORS = CAPTURES / "bulk-operation-run-query-validators.json"
QUERIES = SHARED / "shopify/queries"
RUN = """mutation Run($q: String!) { bulkOperationRunQuery(query: $q) {
  bulkOperation { id status } userErrors { field message code } } }"""
POLL = """query Poll($id: ID!) { bulkOperation(id: $id) {
  status errorCode objectCount rootObjectCount fileSize url partialDataUrl } }"""
ORDERS = (
    "{ orders { edges { node { __typename id lineItems { edges { node { id quantity } } } } } } }"
)


class Bulk:
    """Runs bulk queries of an app."""

    def __init__(self, world: World, outside: Outside) -> None:
        self.world = world
        self.outside = outside
        self.token = world.token(DOMAIN)

    def start(self, query: str) -> Any:
        found = self.outside.graphql(self.token, RUN, q=query)
        return found["data"]["bulkOperationRunQuery"]

    def poll(self, started: Any) -> Any:
        id = started["bulkOperation"]["id"]
        return self.outside.graphql(self.token, POLL, id=id)["data"]["bulkOperation"]

    def ended(self, query: str) -> Any:
        started = self.start(query)
        self.world.clock.advance(5)
        return self.poll(started)

    def download(self, url: str) -> tuple[int, list[str]]:
        path = re.sub(r"^https://[^/]+|\?.*", "", url)
        found = answer(self.world, Request("GET", HOST, path, "", {}, b""))
        body = found.body if isinstance(found.body, bytes) else b"".join(found.body)
        return found.status, body.decode().splitlines()


@pytest.fixture
def bulk(world: World, outside: Outside) -> Bulk:
    world.shop(DOMAIN).place_order(Item(quantity=2), Item())
    return Bulk(world, outside)


def captured() -> dict[str, Any]:
    return json.loads(VALIDATORS.read_text())["validations"]


@pytest.mark.parametrize("name", captured())
def test_a_query_is_refused_in_the_words_that_shopify_was_seen_to_use(
    bulk: Bulk, name: str
) -> None:
    capture = captured()[name]

    found = bulk.start(capture["variables"]["query"])

    assert found == capture["response"]["data"]["bulkOperationRunQuery"]


@pytest.mark.parametrize("path", sorted(QUERIES.glob("bulk_*.graphql")), ids=lambda p: p.stem)
def test_each_of_the_queries_that_run_in_bulk_is_answered(bulk: Bulk, path: Path) -> None:
    query = re.sub(r'\(query: "[^"]*"\)', "", path.read_text())

    found = bulk.ended(query)

    assert (found["status"], found["errorCode"]) == ("COMPLETED", None)


def test_a_sixth_operation_waits_and_the_five_are_named(bulk: Bulk) -> None:
    ids = [bulk.start(ORDERS)["bulkOperation"]["id"] for _ in range(5)]

    [problem] = bulk.start(ORDERS)["userErrors"]

    assert problem["code"] == "OPERATION_IN_PROGRESS"
    assert problem["message"].endswith(f"already in progress: {', '.join(ids)}.")


def test_an_operation_takes_its_time(bulk: Bulk, world: World) -> None:
    started = bulk.start(ORDERS)
    seen = [started["bulkOperation"]["status"]]
    for _ in range(2):
        world.clock.advance(1)
        seen.append(bulk.poll(started)["status"])

    assert seen == ["CREATED", "RUNNING", "COMPLETED"]


def test_the_file_names_the_parent_of_each_line_and_counts_are_texts(bulk: Bulk) -> None:
    found = bulk.ended(ORDERS)

    _, lines = bulk.download(found["url"])
    rows = [json.loads(line) for line in lines]
    [order] = [row for row in rows if "__parentId" not in row]
    assert {row["__parentId"] for row in rows if row is not order} == {order["id"]}
    assert order["__typename"] == "Order"
    assert (found["objectCount"], found["rootObjectCount"]) == ("3", "1")


def test_what_finds_nothing_is_complete_and_has_no_address(bulk: Bulk) -> None:
    found = bulk.ended(ORDERS.replace("orders", 'orders(query: "updated_at:<2020-01-01")', 1))

    assert (found["status"], found["url"], found["objectCount"]) == ("COMPLETED", None, "0")


def test_a_file_is_gone_after_seven_days(bulk: Bulk, world: World) -> None:
    url = bulk.ended(ORDERS)["url"]
    world.clock.advance(timedelta(days=7).total_seconds())

    assert bulk.download(url)[0] == 400


def test_a_failure_leaves_a_part_of_the_file(bulk: Bulk, world: World) -> None:
    world.shop(DOMAIN).chaos.bulk_fails = "INTERNAL_SERVER_ERROR"

    found = bulk.ended(ORDERS)

    assert (found["status"], found["errorCode"]) == ("FAILED", "INTERNAL_SERVER_ERROR")
    assert found["url"] is None
    assert bulk.download(found["partialDataUrl"])[0] == 200


def test_what_may_not_be_read_fails_as_access_denied(bulk: Bulk, world: World) -> None:
    bulk.token = world.token(DOMAIN, customer_data=False)

    found = bulk.ended("{ orders { edges { node { id email } } } }")

    assert (found["status"], found["errorCode"]) == ("FAILED", "ACCESS_DENIED")


def test_a_truncated_file_is_told_as_complete(bulk: Bulk, world: World) -> None:
    world.shop(DOMAIN).chaos.bulk_truncated = True

    found = bulk.ended(ORDERS)

    _, lines = bulk.download(found["url"])
    assert found["status"] == "COMPLETED"
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(lines[-1])
