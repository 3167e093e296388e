"""A connected shop whose deliveries end in rollups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from analytics import rollups
from tenants.models import Tenant
from tests.builders import OrderBuilder
from tests.factories import ConnectionFactory
from tests.shops import Body, Delivered, Shop

NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)  # Monday, 3:12 pm in Kolkata
STORE: Body = {
    "id": 1,
    "name": "Kaveri Handlooms",
    "myshopify_domain": "kaveri.myshopify.com",
    "currency": "INR",
    "country_code": "IN",
    "iana_timezone": "Asia/Kolkata",
    "updated_at": "2026-01-01T00:00:00Z",
}


@dataclass
class Books(Shop):
    """A shop whose rollups can be brought up to date."""

    def refresh(self) -> int:
        return rollups.refresh(self.connection.tenant_id, now=timezone.now())

    def tell(self, *deliveries: Delivered) -> None:
        """Deliver bodies and process them together, up to the ledger."""
        for topic, body in deliveries:
            self.deliver(topic, body)
        self.drain()

    def take(self, *orders: OrderBuilder, topic: str = "orders/create") -> None:
        """Take orders in, up to the rollups."""
        self.tell(*((topic, order.body()) for order in orders))
        self.refresh()


def an_order(
    number: int, at: str, price: str = "100", *, customer: int | None = None, **more: Any
) -> OrderBuilder:
    """Return an order of one line in rupees, placed at a moment in Kolkata."""
    person = {"id": customer, "email": f"c{customer}@example.com"} if customer else None
    stamp = f"{at}+05:30"
    order = OrderBuilder(id=number, at=stamp, currency="INR", customer=person, **more)
    order.line(price)
    return order


@pytest.fixture
def books(tenant: Tenant) -> Books:
    """A shop in Kolkata that has told its settings."""
    books = Books(ConnectionFactory(tenant=tenant, domain="kaveri.myshopify.com"))
    books.deliver("shop/update", STORE)
    books.drain()
    return books


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Iterator[datetime]:
    """Make it Monday, 23 November 2026, 3:12 pm in Kolkata."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return NOW


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    """A browser in which the owner has signed in."""
    client.force_login(owner)
    return client
