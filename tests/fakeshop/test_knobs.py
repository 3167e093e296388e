"""What goes wrong is told to the double over HTTP, and goes wrong over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.fakeshop.conftest import DOMAIN
from tests.fakeshop.test_bulk import POLL, RUN
from xenofy.fakeshop.bulk import HOST
from xenofy.fakeshop.sending import sign
from xenofy.fakeshop.server import serving
from xenofy.fakeshop.subscriptions import Subscription
from xenofy.fakeshop.wanted import Item
from xenofy.fakeshop.world import World

ORDERS = "{ orders { edges { node { id name } } } }"
URI = "http://127.0.0.1:1/hooks"


class Steered:
    """A double behind its address, with a shop of four orders and an app that hears of them."""

    def __init__(self, world: World, client: httpx.Client) -> None:
        self.world = world
        self.client = client
        self.token = world.token(DOMAIN, app="app")
        self.got: list[tuple[bytes, dict[str, str]]] = []
        now = world.clock.now()
        for topic in ("ORDERS_CREATE", "ORDERS_UPDATED"):
            made = Subscription(world.shop(DOMAIN).state.new_id(), "app", DOMAIN, topic, URI,
                                "2026-07", now, now)  # fmt: skip
            world.hooks.subscriptions[made.id] = made
        world.hooks.post = self._take

    def _take(self, uri: str, body: bytes, headers: dict[str, str]) -> int:
        self.got.append((body, headers))
        return 200

    def control(self, action: str, **given: str) -> httpx.Response:
        accept = {"Accept": "application/json"}
        return self.client.post(f"{self.world.url}/control/{action}", data=given, headers=accept)

    def ask(self, query: str = "{ shop { name } }", **variables: Any) -> httpx.Response:
        return self.client.post(
            f"{self.world.url}/admin/api/2026-07/graphql.json",
            json={"query": query, "variables": variables},
            headers={"Host": DOMAIN, "X-Shopify-Access-Token": self.token},
        )

    def bulk(self) -> Any:
        """Run a bulk operation to its end, and return it."""
        started = self.ask(RUN, q=ORDERS).json()["data"]["bulkOperationRunQuery"]
        self.control("advance", seconds="5")
        return self.ask(POLL, id=started["bulkOperation"]["id"]).json()["data"]["bulkOperation"]

    def download(self, url: str) -> httpx.Response:
        return self.client.get(self.world.url + httpx.URL(url).path, headers={"Host": HOST})


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as found:
        yield found


@pytest.fixture
def steered(client: httpx.Client) -> Iterator[Steered]:
    world = World(datetime(2026, 7, 1, 12, tzinfo=UTC))
    world.apps.add("app", "secret")
    for _ in range(4):
        world.shop(DOMAIN).place_order(Item())
    with serving(world):
        yield Steered(world, client)


@pytest.mark.parametrize(
    ("fault", "is_spoiled"),
    [
        ("429", lambda answer: answer.status_code == 429 and "retry-after" in answer.headers),
        ("500", lambda answer: answer.status_code == 500),
        ("503", lambda answer: answer.status_code == 503),
        ("html", lambda answer: answer.status_code == 200 and b"<html>" in answer.content),
        ("errors", lambda answer: answer.status_code == 200 and "errors" in answer.json()),
        ("throttled", lambda a: a.json()["errors"][0]["extensions"]["code"] == "THROTTLED"),
    ],
)
def test_one_answer_is_spoiled_and_the_next_is_not(
    steered: Steered, fault: str, is_spoiled: Callable[[httpx.Response], bool]
) -> None:
    steered.control("fault", fault=fault)

    spoiled, next_one = steered.ask(), steered.ask()

    assert is_spoiled(spoiled)
    assert next_one.json()["data"]["shop"]["name"]


def test_an_answer_may_never_come(steered: Steered) -> None:
    steered.control("chaos", timeout_seconds="0")
    steered.control("fault", fault="timeout")

    with pytest.raises(httpx.RemoteProtocolError):
        steered.ask()


def test_another_version_may_be_answered(steered: Steered) -> None:
    steered.control("chaos", api_version="2026-10")

    assert steered.ask().headers["X-Shopify-API-Version"] == "2026-10"


def test_a_bulk_operation_fails_with_a_part_of_its_file(steered: Steered) -> None:
    steered.control("chaos", bulk_fails="TIMEOUT")

    ended = steered.bulk()

    assert (ended["status"], ended["errorCode"], ended["url"]) == ("FAILED", "TIMEOUT", None)
    assert steered.download(ended["partialDataUrl"]).content


def test_a_file_is_cut_and_its_count_is_off(steered: Steered) -> None:
    steered.control("chaos", bulk_truncated="on", bulk_counts_off="1")

    ended = steered.bulk()

    assert (ended["status"], ended["objectCount"]) == ("COMPLETED", "5")
    assert not steered.download(ended["url"]).content.endswith(b"\n")


def test_a_download_breaks_off_once(steered: Steered) -> None:
    steered.control("chaos", bulk_breaks="1")
    url = steered.bulk()["url"]

    with pytest.raises(httpx.RemoteProtocolError):
        steered.download(url)

    assert len(steered.download(url).content.splitlines()) == 4


def test_the_address_of_a_file_expires(steered: Steered) -> None:
    steered.control("chaos", bulk_lasts="60")
    url = steered.bulk()["url"]
    in_time = steered.download(url).status_code
    steered.control("advance", seconds="60")

    assert (in_time, steered.download(url).status_code) == (200, 400)


def test_deliveries_are_dropped_until_all_is_calm(steered: Steered) -> None:
    steered.control("chaos", drop="1")
    steered.control("place")
    steered.control("calm")
    steered.control("place")
    steered.control("deliver")

    assert len(steered.got) == 1


def test_deliveries_come_twice_late_and_in_any_order(steered: Steered) -> None:
    steered.control("chaos", duplicate="1", delay="1", delay_seconds="600", shuffle="on", seed="3")
    for _ in range(4):
        steered.control("place")
    steered.control("deliver")

    ids = [headers["X-Shopify-Webhook-Id"] for _, headers in steered.got]
    told = [headers["X-Shopify-Triggered-At"] for _, headers in steered.got]
    assert (len(ids), len(set(ids))) == (8, 4)
    assert told != sorted(told)


def test_a_stale_body_comes_after_a_newer_one(steered: Steered) -> None:
    steered.control("chaos", stale="1")
    steered.control("place")
    steered.control("calm")
    steered.control("edit")
    steered.control("deliver")

    topics = [headers["X-Shopify-Topic"] for _, headers in steered.got]
    assert topics == ["orders/updated", "orders/create"]


def test_signatures_are_forged_or_old(steered: Steered) -> None:
    steered.control("secret", secret="newer")
    steered.control("chaos", old_secret="1")
    steered.control("place")
    steered.control("chaos", old_secret="0", wrong_hmac="1")
    steered.control("place")
    steered.control("deliver")

    (first, old), (second, forged) = steered.got
    assert old["X-Shopify-Hmac-Sha256"] == sign(first, "secret")
    assert forged["X-Shopify-Hmac-Sha256"] not in {sign(second, "secret"), sign(second, "newer")}


def test_an_order_has_ten_megabytes_once(steered: Steered) -> None:
    steered.control("chaos", pad_bytes=str(10 << 20))
    steered.control("place")
    steered.control("place")
    steered.control("deliver")

    assert [len(body) > 10 << 20 for body, _ in steered.got] == [True, False]


def test_customers_are_withheld(steered: Steered) -> None:
    query = "{ orders(first: 1) { nodes { email } } }"
    steered.control("deny")
    denied = steered.ask(query).json()
    steered.control("deny", allow="on")

    assert denied["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert "errors" not in steered.ask(query).json()


@pytest.mark.parametrize(("only", "customer"), [("people", True), ("", False)])
def test_deliveries_tell_an_app_no_more_than_it_may_see(
    steered: Steered, only: str, customer: bool
) -> None:
    steered.control("customer")
    steered.control("deny", only=only)
    steered.control("place")
    steered.control("deliver")

    body = json.loads(steered.got[0][0])
    assert (body["email"], bool(body["customer"])) == (None, customer)
    assert b"example.com" not in steered.got[0][0]


@pytest.mark.parametrize("action", ["revoke", "uninstall"])
def test_a_token_ends(steered: Steered, action: str) -> None:
    steered.control(action)

    assert steered.ask().status_code == 401


def test_a_knob_that_is_not_there_is_said(steered: Steered) -> None:
    answer = steered.control("chaos", dropp="1")

    assert (answer.status_code, answer.json()["said"]) == (400, "There is no knob dropp.")
