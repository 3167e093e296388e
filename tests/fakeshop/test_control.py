"""The double is steered over HTTP, by forms and by programs."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.fakeshop.conftest import BACK, DOMAIN
from xenofy.fakeshop.actions import ACTIONS
from xenofy.fakeshop.evaluation import prepared
from xenofy.fakeshop.http import Answer, Request
from xenofy.fakeshop.routes import answer
from xenofy.fakeshop.world import World

NEEDS = {"chaos": {"drop": "0.05", "shuffle": "on"}, "fault": {"fault": "html"}}


def control(
    world: World, action: str = "", *, host: str = "127.0.0.1", origin: str = "", **given: str
) -> Answer:
    headers = {"accept": "application/json", **({"origin": origin} if origin else {})}
    path, body = (f"/control/{action}", urlencode(given).encode()) if action else ("/", b"")
    return answer(world, Request("POST" if action else "GET", host, path, "", headers, body))


def read(found: Answer) -> Any:
    assert isinstance(found.body, bytes)
    return json.loads(found.body)


def test_an_order_and_its_refund_are_in_the_ledger(world: World) -> None:
    control(world, "place", price="40.00", quantity="2")
    before = read(control(world))["days"]["2026-07-01"]
    control(world, "refund")

    after = read(control(world))["days"]["2026-07-01"]

    assert (before["net"], before["total"]) == (8000, 8000)
    assert (after["net"], after["returns"]) == (0, -8000)


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_every_action_says_what_it_did(world: World, action: str) -> None:
    shop = world.shop(DOMAIN)
    for name in "ab":
        shop.create_customer(email=f"{name}@example.com")
    shop.place_order(payment="pending")

    found = control(world, action, **NEEDS.get(action, {}))

    assert found.status == 200
    assert read(found)["said"].endswith(".")


def test_a_form_comes_back_to_the_page_with_what_was_done(world: World) -> None:
    body = urlencode({"seconds": "86400", "shop": DOMAIN}).encode()
    request = Request("POST", "127.0.0.1", "/control/advance", "", {}, body)

    found = answer(world, request)
    query = found.headers["Location"].partition("?")[2]
    shown = answer(world, Request("GET", "localhost", "/", query, {}, b""))

    assert found.status == 303
    assert b"It is 02 Jul 2026, 12:00:00 UTC." in bytes(shown.body)  # type: ignore[arg-type]


def test_what_cannot_be_done_is_said(world: World) -> None:
    found = control(world, "refund")

    assert (found.status, read(found)["said"]) == (400, "There is no such order.")


@pytest.mark.parametrize(
    ("host", "origin"), [(DOMAIN, ""), ("127.0.0.1", "https://evil.example.com")]
)
def test_nobody_else_steers_it(world: World, host: str, origin: str) -> None:
    assert control(world, "place", host=host, origin=origin).status == 404
    assert not world.shop(DOMAIN).state.orders


def test_the_world_to_try_has_a_history_and_an_app() -> None:
    world = prepared(orders=30, app_url=BACK.split("/set")[0])
    [domain] = world.domains()

    assert len(world.shop(domain).state.orders) == 30
    assert world.apps.by_id["double"].redirects == [BACK]
    assert world.hooks.waiting == []


def test_a_configuration_file_tells_all_topics_too(world: World) -> None:
    world.apps.by_id["app"].webhooks_uri = "https://x.example.com/hooks"
    control(world, "configure")

    uris = {one.uri for one in world.hooks.of("app", DOMAIN)}

    assert "https://x.example.com/hooks/orders/create" in uris
