"""A connected shop whose deliveries end in rollups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client, TestCase
from django.utils import timezone

from accounts.models import User
from analytics import conditional, rollups
from analytics.reports import unchanged
from tenants.models import Connection, Tenant, TenantState
from tenants.scope import tenant_scope
from tests.accounts.clients import Api
from tests.builders import OrderBuilder
from tests.factories import ConnectionFactory, TenantFactory
from tests.invariants.statements import all_named
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

    def begin(self) -> None:
        """Forget that all orders are known: from now on the deliveries tell since when."""
        with tenant_scope(self.connection.tenant_id):
            TenantState.objects.update(known_since_at=None)

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


def history(books: Books) -> None:
    """Take in two months: more in the second, with a discount, a refund, shipping and tax."""
    start = date(2026, 9, 24)
    orders = []
    for number in range(60):
        day = start + timedelta(days=number)
        order = OrderBuilder(
            id=number + 1,
            at=f"{day}T12:00:00+05:30",
            currency="INR",
            customer={"id": number % 20 + 1},
            tax_rate=Decimal("0.05"),
        )
        order.line("1000" if number < 30 else "1200.50", discount="100" if number >= 30 else "0")
        orders.append(order.ship("90"))
    books.take(*orders)
    refunded = orders[40]
    refund = refunded.refund("2026-11-20T12:00:00+05:30", units={refunded.lines[0].id: 1})
    books.tell(("refunds/create", refund), ("orders/updated", refunded.body()))
    books.refresh()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Forget answers of other tests: some change rows behind the version's back."""
    unchanged.forget()
    conditional.forget()


@pytest.fixture(scope="module")
def kept_shop(django_db_setup: None, django_db_blocker: Any) -> Iterator[Books]:
    """A small shop in which everything has happened, told once for the tests of a module.

    It stands in a transaction that ends with the module. Each test begins and is rolled back
    inside it, and so finds the shop as it was told. Tests that commit belong in another module:
    they would wait for this transaction when they empty the tables.
    """
    from tests.analytics.shopkeeping import keep_shop  # it is made of what stands above

    with django_db_blocker.unblock():
        kept = TestCase._enter_atomics()
    try:
        with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, all_named():
            patch.setattr("django.utils.timezone.now", lambda: NOW)
            books = open_books(TenantFactory(name="Kaveri Handlooms"), "kept.myshopify.com")
            keep_shop(books)
        yield books
    finally:
        with django_db_blocker.unblock():
            TestCase._rollback_atomics(kept)


@pytest.fixture
def tenant(request: pytest.FixtureRequest, db: None) -> Tenant:
    """A merchant's account: that of the kept shop, where a test looks at it."""
    if "kept_shop" in request.fixturenames:
        kept: Books = request.getfixturevalue("kept_shop")
        return Tenant.objects.get(id=kept.connection.tenant_id)
    return TenantFactory(name="Kaveri Handlooms")


@pytest.fixture
def books(tenant: Tenant) -> Books:
    """A shop in Kolkata that has told its settings."""
    return open_books(tenant, "kaveri.myshopify.com")


def open_books(tenant: Tenant, domain: str) -> Books:
    """Connect a shop and let it tell its settings."""
    books = Books(ConnectionFactory(tenant=tenant, domain=domain))
    books.deliver("shop/update", STORE | {"myshopify_domain": domain})
    books.drain()
    return books


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Iterator[datetime]:
    """Make it Monday, 23 November 2026, 3:12 pm in Kolkata."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return NOW


@pytest.fixture
def token(owner: User, now: datetime) -> str:
    """What the owner sends with each request of the REST API."""
    return str(Api().sign_in(owner)["token"])


@pytest.fixture
def shop(kept_shop: Books, tenant: Tenant) -> Books:
    """A small shop in which everything has happened; a test may change it as it likes."""
    return Books(Connection.objects.get(tenant=tenant))


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    """A browser in which the owner has signed in."""
    client.force_login(owner)
    return client
