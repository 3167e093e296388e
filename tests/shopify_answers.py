"""Shopify as a function: what a test says that it answers, and what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone

from shop_data.shopify import client, transport
from tenants.models import Connection, Tenant
from tests.factories import ConnectionFactory

TOKEN = "shpat_of_the_tests"
Handler = Callable[[httpx.Request], httpx.Response]


class Shopify:
    """Gives its `answers` one after another, the last again and again, and keeps the requests."""

    def __init__(self) -> None:
        self.answers: list[httpx.Response | Exception | Handler] = []
        self.requests: list[httpx.Request] = []
        self.waits: list[float] = []
        self.started_at = timezone.now()

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    def now(self) -> datetime:
        """Return the moment, at which nobody has waited in truth."""
        return self.started_at + timedelta(seconds=sum(self.waits))

    @property
    def asked(self) -> list[dict[str, Any]]:
        """Return the bodies of what the Admin API was asked."""
        return [json.loads(request.content) for request in self.requests]


def answer(
    data: Any = None, *, errors: Any = None, status: int = 200, cost: Any = None, **headers: str
) -> httpx.Response:
    body = {"data": data, "errors": errors, "extensions": {"cost": cost}}
    kept = {key: value for key, value in body.items() if value is not None}
    return httpx.Response(
        status, json=kept, headers={"X-Shopify-API-Version": "2026-07", **headers}
    )


def costs(
    requested: int, actual: int | None, available: int, maximum: int = 2000
) -> dict[str, Any]:
    return {
        "requestedQueryCost": requested,
        "actualQueryCost": actual,
        "throttleStatus": {
            "maximumAvailable": maximum,
            "currentlyAvailable": available,
            "restoreRate": maximum // 20,
        },
    }


@pytest.fixture
def shopify(monkeypatch: pytest.MonkeyPatch) -> Shopify:
    """Answer for Shopify; nobody waits, but it is noted for how long."""
    double = Shopify()
    connections = httpx.Client(transport=httpx.MockTransport(double.handle))
    monkeypatch.setattr(transport, "client", lambda: connections)
    monkeypatch.setattr(client, "sleep", double.waits.append)
    monkeypatch.setattr(client, "now", double.now)
    monkeypatch.setattr(client, "_costs", {})
    return double


@pytest.fixture
def connected(tenant: Tenant) -> Connection:
    """A shop with a token that was pasted."""
    connection = ConnectionFactory(tenant=tenant, domain="kaveri.myshopify.com")
    connection.access_token = TOKEN
    connection.save(update_fields=["access_token_encrypted"])
    return connection
