"""The past that a seed tells is the same each time, and has all that a shop's past has."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakeshop.conftest import DOMAIN
from xenofy.fakeshop import totals
from xenofy.fakeshop.daily import Day, by_day
from xenofy.fakeshop.seeds.telling import tell
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.world import World

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def told(seed: int, *, orders: int = 60) -> World:
    world = World(NOW)
    tell(world, world.shop(DOMAIN, taxes_included=True), orders=orders, seed=seed)
    return world


@pytest.fixture(scope="module")
def world() -> World:
    return told(1, orders=600)


@pytest.fixture(scope="module")
def shop(world: World) -> Shop:
    return world.shop(DOMAIN)


def sums(world: World) -> dict[object, Day]:
    return dict(by_day(world.shop(DOMAIN).state))


def test_the_same_seed_tells_the_same_past() -> None:
    assert sums(told(3)) == sums(told(3))


def test_another_seed_tells_another() -> None:
    assert sums(told(3)) != sums(told(4))


def test_the_ledger_is_what_is_left_of_each_order(shop: Shop) -> None:
    for order in shop.orders():
        booked = sum(sale.amount for one in order.agreements for sale in one.sales)
        assert booked == totals.current_total(order), order.name


def test_all_kinds_of_things_have_happened(shop: Shop) -> None:
    reasons = {one.reason for order in shop.orders() for one in order.agreements}
    returns = [found for order in shop.orders() for found in order.returns]

    assert len(shop.orders()) == 600
    assert reasons == {"ORDER", "ORDER_EDIT", "REFUND", "RETURN"}
    assert any(found.exchanges for found in returns)
    assert any(order.cancelled_at for order in shop.orders())
    assert any(one.completed_at for one in shop.state.checkouts.values())


def test_buyers_come_from_some_countries_and_some_come_again(shop: Shop) -> None:
    places = Counter(
        order.shipping_address.country_code for order in shop.orders() if order.shipping_address
    )
    often = Counter(order.customer_id for order in shop.orders() if order.customer_id)

    assert places.most_common(1)[0][0] == "DE"
    assert len(places) >= 5
    assert sum(count > 1 for count in often.values()) > len(often) / 10


def test_some_vendors_sell_and_evenings_more_than_nights(shop: Shop) -> None:
    zone = shop.state.settings.timezone
    hours = Counter(order.processed_at.astimezone(zone).hour for order in shop.orders())
    vendors = {line.vendor for order in shop.orders() for line in order.lines}

    assert sum(hours[hour] for hour in (19, 20, 21)) > 3 * sum(hours[hour] for hour in (2, 3, 4))
    assert len(vendors) >= 5


def test_the_shop_goes_on_as_time_passes() -> None:
    world = told(5)
    before = len(world.shop(DOMAIN).orders())

    now = world.pass_time(timedelta(days=50).total_seconds())

    assert len(world.shop(DOMAIN).orders()) > before
    assert now == NOW + timedelta(days=50) == world.clock.now()
