"""The double reckons as Shopify did in the orders and refunds that were captured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.fakeshop.conftest import DOMAIN
from xenofy.fakeshop import totals
from xenofy.fakeshop.booking import book_order
from xenofy.fakeshop.leaves import Allocation, Tax
from xenofy.fakeshop.money import minor, split
from xenofy.fakeshop.records import Order
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.wanted import Item
from xenofy.fakeshop.world import World

Body = dict[str, Any]
ORDERS = Path(__file__).parents[3] / "shared/fixtures/rest/orders"
CAPTURED = sorted(ORDERS.glob("appjs-*.json"))
AFTER_REFUNDS = [path for path in CAPTURED if path.name.startswith(("appjs-2025", "appjs-2026"))]


def cents(amount: Any) -> int:
    return minor(Decimal(str(amount)), "USD")


def body_of(path: Path) -> Body:
    body = json.loads(path.read_text())
    return body.get("order", body)


@pytest.fixture
def shop(world: World) -> Shop:
    return world.shop(DOMAIN, currency="USD")


def replayed(shop: Shop, body: Body) -> Order:
    """Return the captured order as the double would have it, its ledger booked by the double."""
    items = [Item(line["price"], line["quantity"]) for line in body["line_items"]]
    order = shop.place_order(*items)
    for line, told in zip(order.lines, body["line_items"], strict=True):
        line.allocations = tuple(_allocations(told))
        line.taxes = tuple(_taxes(told))
    order.agreements.clear()
    book_order(shop.state, order)
    return order


def _allocations(line: Body) -> Iterator[Allocation]:
    for each in line["discount_allocations"]:
        yield Allocation(each["discount_application_index"], cents(each["amount"]))


def _taxes(line: Body) -> Iterator[Tax]:
    for each in line["tax_lines"]:
        yield Tax(each["title"], Decimal(str(each["rate"])), cents(each["price"]))


def give_back(shop: Shop, order: Order, body: Body) -> Iterator[tuple[Any, Body]]:
    """Yield each refund of the double beside the captured one."""
    by_id = {
        told["id"]: line.id for told, line in zip(body["line_items"], order.lines, strict=True)
    }
    for told in body["refunds"]:
        items = told["refund_line_items"]
        units = {by_id[item["line_item_id"]]: item["quantity"] for item in items}
        kept = sum(Decimal(item["amount"]) for item in told["order_adjustments"])
        yield shop.refund(order.id, units=units, kept=kept), told


@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.stem)
def test_the_ledger_of_an_order_is_its_captured_total(shop: Shop, path: Path) -> None:
    body = body_of(path)
    order = replayed(shop, body)

    sales = [sale for agreement in order.agreements for sale in agreement.sales]

    assert sum(sale.amount for sale in sales) == cents(body["total_price"])
    assert sum(sale.tax for sale in sales) == cents(body["total_tax"])
    assert sum(sale.discount for sale in sales) == cents(body["total_discounts"])
    assert totals.total(order) == cents(body["total_price"])


@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.stem)
def test_a_discount_of_the_order_falls_on_its_lines_as_captured(path: Path) -> None:
    lines = body_of(path)["line_items"]
    told = [sum(cents(each["amount"]) for each in line["discount_allocations"]) for line in lines]

    assert split(sum(told), [cents(line["price"]) * line["quantity"] for line in lines]) == told


@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.stem)
def test_what_a_refund_gives_back_is_as_captured(shop: Shop, path: Path) -> None:
    """Four captures give two lines the amounts of each other, against their own discounts."""
    body = body_of(path)
    order = replayed(shop, body)

    for ours, told in give_back(shop, order, body):
        assert sorted((item.subtotal, item.tax) for item in ours.lines) == sorted(
            (cents(item["subtotal"]), cents(item["total_tax"]))
            for item in told["refund_line_items"]
        )


@pytest.mark.parametrize("path", AFTER_REFUNDS, ids=lambda path: path.stem)
def test_what_is_left_after_refunds_is_as_captured(shop: Shop, path: Path) -> None:
    body = body_of(path)
    order = replayed(shop, body)

    list(give_back(shop, order, body))

    left = sum(sale.amount for agreement in order.agreements for sale in agreement.sales)
    assert left == cents(body["current_total_price"]) == totals.current_total(order)


def test_a_discrepancy_closes_the_sum_to_the_money_that_moved(shop: Shop) -> None:
    [path] = ORDERS.glob("*refunded-None-USD-fea9c5.json")
    body = body_of(path)
    order = replayed(shop, body)

    [(ours, told)] = give_back(shop, order, body)

    assert ours.money == sum(cents(each["amount"]) for each in told["transactions"]) == 11_000
