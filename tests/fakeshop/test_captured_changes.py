"""The double edits orders and takes returns as Shopify did in the captured answers."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.fakeshop.conftest import DOMAIN
from xenofy.fakeshop import paying, returning, totals
from xenofy.fakeshop.money import minor
from xenofy.fakeshop.records import Order
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.wanted import Item, Rate
from xenofy.fakeshop.world import World

FOLDER = Path(__file__).parents[3] / "shared/fixtures/graphql/draft-proxy/harry-test-heelo"
HST = (Rate("Line tax", Decimal("0.13")),)


def captured(name: str) -> Any:
    return json.loads((FOLDER / f"2026-04/orders/{name}.json").read_text())


@pytest.fixture
def shop(world: World) -> Shop:
    return world.shop(DOMAIN, currency="CAD")


def sums(order: Order) -> dict[str, int]:
    """Return the totals of an order under Shopify's names."""
    return {
        "subtotalPriceSet": totals.subtotal(order),
        "currentSubtotalPriceSet": totals.current_subtotal(order),
        "totalTaxSet": totals.tax(order),
        "currentTotalTaxSet": totals.current_tax(order),
        "totalPriceSet": totals.total(order),
        "currentTotalPriceSet": totals.current_total(order),
    }


def told(body: Any) -> dict[str, int]:
    return {
        name: minor(Decimal(value["shopMoney"]["amount"]), "CAD")
        for name, value in body.items()
        if name.endswith(("PriceSet", "TaxSet", "OutstandingSet"))
    }


@pytest.mark.parametrize("case", ["taxed", "discount"])
def test_an_edit_leaves_the_totals_that_were_captured(shop: Shop, case: str) -> None:
    seen = captured("order-edit-money-math")["cases"][case]
    taxed = case == "taxed"
    order = shop.place_order(Item("100.00", 2 if taxed else 1), taxes=HST if taxed else ())
    created = seen["create"]["response"]["payload"]["data"]["orderCreate"]["order"]
    assert sums(order) == told(created)

    line = order.lines[0].id
    shop.edit(order.id, **({"remove": {line: 1}} if taxed else {"take_off": {line: "20.00"}}))

    after = seen["commit"]["response"]["payload"]["data"]["orderEditCommit"]["order"]
    booked = sum(sale.amount for one in order.agreements for sale in one.sales)
    assert sums(order) == told(after)
    assert booked == told(after)["currentTotalPriceSet"]


def test_an_unpaid_addition_leaves_a_paid_order_partially_paid(shop: Shop) -> None:
    seen = captured("order-edit-commit-derived-statuses")["downstreamRead"]["response"]
    read = seen["data"]["order"]
    order = shop.place_order(Item("10.00"))

    shop.edit(order.id, add=[Item("5.00")])

    assert paying.financial_status(order).upper() == read["displayFinancialStatus"]
    assert totals.outstanding(order) == told(read)["totalOutstandingSet"]
    assert totals.current_total(order) == told(read)["currentTotalPriceSet"]


def statuses(step: Any) -> tuple[str, list[str]]:
    """Return the state of an order's returns together and of each, as a mutation answered."""
    [payload] = step["response"]["payload"]["data"].values()
    order = payload["return"]["order"]
    return order["returnStatus"], [one["status"] for one in order["returns"]["nodes"]]


def ours(order: Order) -> tuple[str, list[str]]:
    return returning.return_status(order), [one.status for one in order.returns]


def test_returns_go_through_the_states_that_were_captured(shop: Shop) -> None:
    seen = captured("order-return-status-lifecycle")["mixedCase"]
    order = shop.place_order(Item("10.00", 2))
    unit = {order.lines[0].id: 1}
    first = shop.request_return(order.id, unit)
    assert ours(order) == statuses(seen["firstReturnRequest"])
    shop.approve_return(first)
    assert ours(order) == statuses(seen["approveFirst"])
    second = shop.request_return(order.id, unit)
    assert ours(order) == statuses(seen["secondReturnRequest"])
    shop.decline_return(second)
    assert ours(order) == statuses(seen["declineSecond"])
    returning.close(shop.state, first)
    assert ours(order) == statuses(seen["closeFirst"])
    returning.reopen(shop.state, first)
    assert ours(order) == statuses(seen["reopenFirst"])
    returning.process(shop.state, first)
    assert ours(order) == statuses(seen["processFirst"])


def test_a_cancelled_return_is_none(shop: Shop) -> None:
    seen = captured("order-return-status-lifecycle")["canceledCase"]
    order = shop.place_order(Item("10.00"))
    found = shop.request_return(order.id, {order.lines[0].id: 1})
    shop.approve_return(found)

    returning.cancel(shop.state, found)

    assert ours(order) == statuses(seen["cancel"])
