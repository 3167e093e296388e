"""What the statement says of orders that are cancelled or deleted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.builders import OrderBuilder
from tests.shop_data.golden import Case, Cases, Told, cancelled, lines, placed, updated
from tests.shops import Shop

CASES = Cases()


# ── cancelled, deleted ────────────────────────────────────────────────────────────────────────

SOLD = lines(gross="100.00", shipping="10.00", taxes="11.00", total="121.00", units=1)
ALL_BACK = lines(returns="-100.00", shipping="-10.00", taxes="-11.00", total="-121.00",
                 units_returned=1)  # fmt: skip


def sold(**more: Any) -> OrderBuilder:
    order = OrderBuilder(tax_rate=Decimal("0.10"), **more)
    order.line("100.00")
    order.ship("10.00")
    return order


@CASES.add("cancellation after payment, refunded at once")
def _() -> Told:
    order = sold()
    first = placed(order)
    order.refund("2026-03-05T10:00:00Z", units={order.lines[0].id: 1}, shipping=("10.00", "1.00"))
    order.cancel("2026-03-05T10:00:00Z")
    return [first, ("orders/cancelled", order.body())], {
        "2026-03-02": SOLD,
        "2026-03-05": ALL_BACK,
    }


@CASES.add("cancellation after payment without a refund")
def _() -> Told:
    order = sold()
    deliveries = [placed(order), ("orders/paid", order.body())]
    return [*deliveries, cancelled(order, "2026-03-05T10:00:00Z")], {
        "2026-03-02": SOLD,
        "2026-03-05": ALL_BACK,
    }


@CASES.add("cancellation of an order that was never paid")
def _() -> Told:
    order = sold(financial="pending")
    first = placed(order)
    order.financial = "voided"
    return [first, cancelled(order, "2026-03-05T10:00:00Z")], {
        "2026-03-02": SOLD,
        "2026-03-05": ALL_BACK,
    }


@CASES.add("cancellation after a partial refund reverses the rest")
def _() -> Told:
    order = OrderBuilder()
    line = order.line("100.00", 3)
    order.ship("10.00")
    deliveries = [placed(order)]
    order.refund("2026-03-04T10:00:00Z", units={line.id: 1}, shipping=("4.00", "0"), kept="5.00")
    deliveries.append(updated(order))
    deliveries.append(cancelled(order, "2026-03-05T10:00:00Z"))
    return deliveries, {
        "2026-03-02": lines(gross="300.00", shipping="10.00", total="310.00", units=3),
        "2026-03-04": lines(returns="-95.00", shipping="-4.00", total="-99.00", units_returned=1),
        "2026-03-05": lines(returns="-200.00", shipping="-6.00", total="-206.00",
                            units_returned=2),
    }  # fmt: skip


@CASES.add("goods that came back without their price are reversed by the cancellation")
def _() -> Told:
    order = OrderBuilder()
    line = order.line("100.00")
    first = placed(order)
    order.refund("2026-03-04T10:00:00Z", units={line.id: 1})
    worthless = {"subtotal": 0.0, "subtotal_set": None, "total_tax": 0.0, "total_tax_set": None}
    order.refunds[0]["refund_line_items"][0] |= worthless
    order.cancel("2026-03-05T10:00:00Z")
    return [first, ("orders/cancelled", order.body())], {
        "2026-03-02": lines(gross="100.00", total="100.00", units=1),
        "2026-03-04": lines(units_returned=1),
        "2026-03-05": lines(returns="-100.00", total="-100.00"),
    }


@CASES.add("a refund after the cancellation pays out and takes nothing back again")
def _() -> Told:
    order = sold()
    deliveries = [placed(order)]
    deliveries.append(cancelled(order, "2026-03-05T10:00:00Z"))
    order.refund("2026-03-09T10:00:00Z", units={order.lines[0].id: 1}, shipping=("10.00", "1.00"))
    deliveries.append(updated(order))
    return deliveries, {"2026-03-02": SOLD, "2026-03-05": ALL_BACK}


@CASES.add("money without lines pays out a cancellation; only what is beyond it is goodwill")
def _() -> Told:
    order = sold()
    deliveries = [placed(order)]
    deliveries.append(cancelled(order, "2026-03-05T10:00:00Z"))
    for at, paid in [("2026-03-09T10:00:00Z", "-100.00"), ("2026-03-12T10:00:00Z", "-24.00")]:
        order.refund(at, kept=paid)
        deliveries.append(updated(order))
    return deliveries, {
        "2026-03-02": SOLD,
        "2026-03-05": ALL_BACK,
        "2026-03-12": lines(returns="-3.00", total="-3.00"),
    }


@CASES.add("goodwill after a cancellation that was refunded at once")
def _() -> Told:
    order = sold()
    deliveries = [placed(order)]
    at = "2026-03-05T10:00:00Z"
    order.refund(at, units={order.lines[0].id: 1}, shipping=("10.00", "1.00"))
    deliveries.append(cancelled(order, at))
    order.refund("2026-03-09T10:00:00Z", kept="-3.00")
    deliveries.append(updated(order))
    return deliveries, {
        "2026-03-02": SOLD,
        "2026-03-05": ALL_BACK,
        "2026-03-09": lines(returns="-3.00", total="-3.00"),
    }


@CASES.add("money of a cancellation that is kept at first and paid out later")
def _() -> Told:
    order = sold()
    deliveries = [placed(order)]
    order.cancel("2026-03-05T10:00:00Z")
    order.refund("2026-03-05T10:00:01Z", units={order.lines[0].id: 1},
                 shipping=("10.00", "1.00"), kept="121.00")  # fmt: skip
    deliveries.append(("orders/cancelled", order.body()))
    order.refund("2026-03-09T10:00:00Z", kept="-121.00")  # "pending refund discrepancy"
    deliveries.append(updated(order))
    return deliveries, {
        "2026-03-02": SOLD,
        "2026-03-05": lines(shipping="-10.00", taxes="-11.00", returns="21.00",
                            units_returned=1),
        "2026-03-09": lines(returns="-121.00", total="-121.00"),
    }  # fmt: skip


@CASES.add("what an edit removed stays on its day when the order is cancelled")
def _() -> Told:
    order = OrderBuilder()
    line = order.line("100.00", 3)
    deliveries = [placed(order)]
    order.edit("2026-03-03T10:00:00Z", remove={line.id: 1})
    deliveries.append(updated(order))
    deliveries.append(cancelled(order, "2026-03-05T10:00:00Z"))
    return deliveries, {
        "2026-03-02": lines(gross="300.00", total="300.00", units=3),
        "2026-03-03": lines(returns="-100.00", total="-100.00", units_returned=1),
        "2026-03-05": lines(returns="-200.00", total="-200.00", units_returned=2),
    }


@CASES.add("deleted order vanishes from the past", orders=0)
def _() -> Told:
    order = sold()
    return [placed(order), ("orders/delete", {"id": order.id})], {}


@CASES.add("a late update does not bring a deleted order back", orders=0)
def _() -> Told:
    order = sold()
    first = placed(order)
    refund = order.refund("2026-03-04T10:00:00Z", units={order.lines[0].id: 1})
    gone = ("orders/delete", {"id": order.id})
    return [first, gone, updated(order), ("refunds/create", refund), first], {}


@pytest.mark.fault(5)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_statement_is_as_it_should_be(shop: Shop, case: Case) -> None:
    case.check(shop)
