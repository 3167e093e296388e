"""A double of Shopify with one app and one shop, asked without a network."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from xenofy.fakeshop.http import Answer, Request
from xenofy.fakeshop.routes import answer
from xenofy.fakeshop.world import World

DOMAIN = "double.myshopify.com"
BACK = "http://127.0.0.1:8000/settings/connection/authorised/"


@pytest.fixture
def world() -> World:
    """A world with the app "app", whose secret is "secret", and an open shop."""
    found = World(datetime(2026, 7, 1, 12, tzinfo=UTC))
    found.apps.add("app", "secret", redirects=[BACK])
    found.shop(DOMAIN)
    return found


class Outside:
    """Asks the double as programs and browsers do."""

    def __init__(self, world: World) -> None:
        self.world = world

    def ask(self, method: str, path: str, *, query: str = "", **given: Any) -> Answer:
        headers = {
            name.replace("_", "-"): value for name, value in given.get("headers", {}).items()
        }
        body = given.get("body", b"")
        return answer(self.world, Request(method, DOMAIN, path, query, headers, body))

    def grant(self, **fields: str) -> tuple[int, Any]:
        """Ask for tokens; return the status and the answer."""
        credentials = {"client_id": "app", "client_secret": "secret"}
        body = urlencode({**credentials, **fields}).encode()
        found = self.ask("POST", "/admin/oauth/access_token", body=body)
        return found.status, json.loads(bytes(found.body))  # type: ignore[arg-type]

    def graphql(self, token: str, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        path, headers = "/admin/api/2026-07/graphql.json", {"x-shopify-access-token": token}
        found = self.ask("POST", path, body=body, headers=headers)
        return json.loads(bytes(found.body))  # type: ignore[arg-type]


@pytest.fixture
def outside(world: World) -> Outside:
    return Outside(world)
