"""The double's own ledger and ours say the same, however badly its deliveries come."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from analytics.rollups import refresh
from tenants.models import Tenant
from tests.factories import SECRET, ConnectionFactory
from tests.shops import Shop
from xenofy.fakeshop.daily import by_day
from xenofy.fakeshop.shop import Shop as DoubledShop
from xenofy.fakeshop.wanted import Item, Rate, automatic, code
from xenofy.fakeshop.world import World

pytestmark = pytest.mark.django_db
DOMAIN = "kaveri.myshopify.com"
_VAT = (Rate("VAT", Decimal("0.19")),)


@pytest.fixture
def ours(tenant: Tenant) -> Shop:
    return Shop(ConnectionFactory(tenant=tenant, domain=DOMAIN))


@pytest.fixture
def theirs(ours: Shop) -> DoubledShop:
    """The same shop in a double whose deliveries we take in this process."""
    world = World()
    world.apps.add("app", SECRET)
    shop = world.shop(DOMAIN, zone="UTC")
    world.hooks.configure("app", shop.state)
    world.hooks.post = lambda _, body, headers: _take(ours, body, headers)
    shop.hooks = world.hooks
    return shop


def _take(ours: Shop, body: bytes, headers: dict[str, str]) -> int:
    topic = headers["X-Shopify-Topic"]
    answer = ours.client.post(
        f"/api/webhooks/shopify/{topic}", body, content_type="application/json", headers=headers
    )
    return answer.status_code


def trade(shop: DoubledShop, *, orders: int, changing: bool = False) -> None:
    """Let all kinds of things happen over some days; the same each time.

    With `changing` orders are edited and exchanged too: when that was, no order tells by itself.
    """
    rng = Random(5)
    buyer = shop.create_customer(email="a@example.com").id
    for number in range(orders):
        shop.state.clock.advance(rng.randint(3_000, 40_000))
        items = [Item(f"{rng.randint(5, 80)}.{rng.randint(10, 99)}", rng.randint(1, 4), "Scarf"),
                 Item("7.77", rng.randint(1, 3), "Hat")]  # fmt: skip
        discounts = [code("TEN", "10")] if number % 3 == 0 else []
        discounts += [automatic("Three off", "3", percent=False)] if number % 4 == 0 else []
        order = shop.place_order(
            *items, customer_id=buyer if number % 2 else None, shipping="4.90", taxes=_VAT,
            discounts=discounts, payment=rng.choice(["paid", "pending", "authorized"]),
        )  # fmt: skip
        shop.state.clock.advance(rng.randint(60, 9_000))
        if number % 5 == 0:
            shop.refund(order.id, units={order.lines[0].id: 1}, kept="1.50")
        if number % 7 == 0:
            shop.cancel(order.id, with_refund=bool(number % 2))
        elif number % 3 == 1:
            shop.pay(order.id)
            shop.fulfil(order.id)
        if changing and number % 6 == 4:
            shop.edit(order.id, add=[Item("3.30", 2, "Socks")], taxes=_VAT)
        if changing and number % 8 == 1 and order.cancelled_at is None:
            exchange(shop, order.id)


def exchange(shop: DoubledShop, order_id: int) -> None:
    """Let a unit of an order's second line come back for another thing, an hour later."""
    order = shop.state.orders[order_id]
    found = shop.request_return(order_id, {order.lines[1].id: 1})
    shop.approve_return(found)
    shop.state.clock.advance(3_600)
    shop.process_return(found, exchange=[Item("9.10", 1, "Cap")], taxes=_VAT)


def test_our_statement_is_theirs_when_deliveries_come_shuffled_twice_and_late(
    ours: Shop, theirs: DoubledShop
) -> None:
    mishaps = theirs.hooks.mishaps
    mishaps.shuffle, mishaps.duplicate, mishaps.stale, mishaps.delay = True, 0.1, 0.1, 0.2
    mishaps.delay_seconds = 4 * 3600
    trade(theirs, orders=24, changing=True)

    theirs.hooks.settle()
    ours.drain()

    assert ours.statuses().keys() <= {"done", "superseded"}
    told = {day: _lines(lines) for day, lines in ours.statement().items()}
    assert told == {str(day): _of_double(one) for day, one in by_day(theirs.state).items()}


def test_an_order_that_is_placed_there_stands_on_our_overview(
    ours: Shop, theirs: DoubledShop, client: Client, owner: User
) -> None:
    client.force_login(owner)
    theirs.place_order(Item("1234.56", 2))

    theirs.hooks.flush()
    ours.drain()
    refresh(ours.connection.tenant_id, now=timezone.now())

    [today] = by_day(theirs.state).values()
    assert today.net == 246_912
    assert "2,469.12" in client.get("/").text


def _lines(lines: dict[str, Decimal]) -> dict[str, Decimal]:
    names = ("gross", "discounts", "returns", "shipping", "taxes", "total")
    return {name: lines.get(name, Decimal(0)) for name in names}


def _of_double(day: Any) -> dict[str, Decimal]:
    minor = {
        "gross": day.gross,
        "discounts": -day.discounts,
        "returns": day.returns,
        "shipping": day.shipping,
        "taxes": day.taxes,
        "total": day.total,
    }
    return {name: Decimal(amount) / 100 for name, amount in minor.items()}
