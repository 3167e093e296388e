"""What the statement says of refunds and edits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.builders import OrderBuilder
from tests.shop_data.golden import Case, Cases, Told, lines, placed, updated
from tests.shops import Delivered, Shop

CASES = Cases()


# ── taken back ────────────────────────────────────────────────────────────────────────────────


@CASES.add(
    "refund in a later month",
    by_order_day={
        "2026-03-02": lines(gross="200.00", discounts="-20.00", returns="-90.00", shipping="10.00",
                            taxes="10.00", total="110.00", units=2, units_returned=1),
    },
)  # fmt: skip
def _() -> Told:
    order = OrderBuilder(tax_rate=Decimal("0.10"))
    line = order.line("100.00", 2, discount="20.00")
    order.ship("10.00")
    first = placed(order)
    refund = order.refund("2026-04-20T10:00:00Z", units={line.id: 1})
    sold = lines(gross="200.00", discounts="-20.00", shipping="10.00", taxes="19.00",
                 total="209.00", units=2)  # fmt: skip
    back = lines(returns="-90.00", taxes="-9.00", total="-99.00", units_returned=1)
    return [first, ("refunds/create", refund), updated(order)], {
        "2026-03-02": sold,
        "2026-04-20": back,
    }


@CASES.add("refund of everything, one unit at a time, gives every odd cent back")
def _() -> Told:
    order = OrderBuilder(tax_rate=Decimal("0.07"))
    line = order.line("33.33", 3, discount="10.00")
    deliveries = [placed(order)]
    for day in (3, 4, 5):
        order.refund(f"2026-03-0{day}T10:00:00Z", units={line.id: 1})
        deliveries.append(updated(order))
    return deliveries, {
        "2026-03-02": lines(
            gross="99.99", discounts="-10.00", taxes="6.30", total="96.29", units=3
        ),
        "2026-03-03": lines(returns="-30.00", taxes="-2.10", total="-32.10", units_returned=1),
        "2026-03-04": lines(returns="-29.99", taxes="-2.10", total="-32.09", units_returned=1),
        "2026-03-05": lines(returns="-30.00", taxes="-2.10", total="-32.10", units_returned=1),
    }


@CASES.add("restocking fee")
def _() -> Told:
    order = OrderBuilder()
    line = order.line("100.00")
    first = placed(order)
    order.refund("2026-03-09T10:00:00Z", units={line.id: 1}, kept="15.00")
    sold = lines(gross="100.00", total="100.00", units=1)
    back = lines(returns="-85.00", total="-85.00", units_returned=1)
    return [first, updated(order)], {"2026-03-02": sold, "2026-03-09": back}


@CASES.add("goodwill refund without lines")
def _() -> Told:
    order = OrderBuilder()
    order.line("100.00")
    first = placed(order)
    order.refund("2026-03-09T10:00:00Z", kept="-12.00")
    sold = lines(gross="100.00", total="100.00", units=1)
    return [first, updated(order)], {
        "2026-03-02": sold,
        "2026-03-09": lines(returns="-12.00", total="-12.00"),
    }


def shipping_refunded(told_as: str) -> list[Delivered]:
    order = OrderBuilder(tax_rate=Decimal("0.10"))
    order.line("100.00")
    order.ship("10.00")
    first = placed(order)
    order.refund("2026-03-09T10:00:00Z", shipping=("10.00", "1.00"), shipping_as=told_as)
    return [first, updated(order)]


SHIPPED = {
    "2026-03-02": lines(gross="100.00", shipping="10.00", taxes="11.00", total="121.00", units=1),
    "2026-03-09": lines(shipping="-10.00", taxes="-1.00", total="-11.00"),
}


@CASES.add("refund of shipping only, told as an adjustment")
def _() -> Told:
    return shipping_refunded("adjustment"), SHIPPED


@CASES.add("refund of shipping only, told as a shipping line")
def _() -> Told:
    return shipping_refunded("line"), SHIPPED


@CASES.add("refund of shipping only, told both ways, is one refund")
def _() -> Told:
    return shipping_refunded("adjustment and line"), SHIPPED


@CASES.add("tax-inclusive refund of goods and shipping")
def _() -> Told:
    order = OrderBuilder(tax_rate=Decimal("0.20"), taxes_included=True)
    line = order.line("120.00")
    order.ship("6.00")
    first = placed(order)
    order.refund(
        "2026-03-09T10:00:00Z", units={line.id: 1}, shipping=("5.00", "1.00"), shipping_as="line"
    )
    sold = lines(gross="100.00", shipping="5.00", taxes="21.00", total="126.00", units=1)
    back = lines(returns="-100.00", shipping="-5.00", taxes="-21.00", total="-126.00",
                 units_returned=1)  # fmt: skip
    return [first, updated(order)], {"2026-03-02": sold, "2026-03-09": back}


@CASES.add("refund of duties")
def _() -> Told:
    order = OrderBuilder()
    order.line("50.00", duty=Decimal("7.25"))
    first = placed(order)
    order.refund("2026-03-09T10:00:00Z")
    shop_money = {"amount": "7.25", "currency_code": "USD"}
    order.refunds[0]["duties"] = [{"duty_id": 1, "amount_set": {"shop_money": shop_money}}]
    return [first, updated(order)], {
        "2026-03-02": lines(gross="50.00", duties="7.25", total="57.25", units=1),
        "2026-03-09": lines(duties="-7.25", total="-7.25"),
    }


@CASES.add("a refund that names no date counts when it was first seen")
def _() -> Told:
    order = OrderBuilder()
    line = order.line("100.00")
    deliveries = [placed(order)]
    order.refund("2026-03-05T10:00:00Z", units={line.id: 1})
    order.refunds[0] |= {"created_at": None, "processed_at": None}
    deliveries.append(updated(order))
    order.updated_at = "2026-03-09T10:00:00Z"
    return [*deliveries, updated(order)], {
        "2026-03-02": lines(gross="100.00", total="100.00", units=1),
        "2026-03-05": lines(returns="-100.00", total="-100.00", units_returned=1),
    }


@CASES.add("refund of a gift card", orders=0)
def _() -> Told:
    order = OrderBuilder()
    line = order.line("50.00", gift_card=True)
    first = placed(order)
    order.refund("2026-03-09T10:00:00Z", units={line.id: 1})
    return [first, updated(order)], {
        "2026-03-02": lines(gift_cards="50.00"),
        "2026-03-09": lines(gift_cards="-50.00"),
    }


# ── edited ────────────────────────────────────────────────────────────────────────────────────


@CASES.add("edit a day later")
def _() -> Told:
    order = OrderBuilder()
    line = order.line("100.00", 3)
    first = placed(order)
    edit = order.edit("2026-03-03T10:00:00Z", add=[("25.00", 2)], remove={line.id: 1})
    return [first, ("orders/edited", edit), updated(order)], {
        "2026-03-02": lines(gross="300.00", total="300.00", units=3),
        "2026-03-03": lines(gross="50.00", returns="-100.00", total="-50.00", units=2,
                            units_returned=1),
    }  # fmt: skip


@CASES.add("edit of which only the updated order tells")
def _() -> Told:
    order = OrderBuilder()
    line = order.line("100.00", 3)
    first = placed(order)
    order.edit("2026-03-03T10:00:00Z", add=[("25.00", 2)], remove={line.id: 1})
    return [first, updated(order)], {
        "2026-03-02": lines(gross="300.00", total="300.00", units=3),
        "2026-03-03": lines(gross="50.00", returns="-100.00", total="-50.00", units=2,
                            units_returned=1),
    }  # fmt: skip


@CASES.add("edit that the order has not caught up with changes nothing yet")
def _() -> Told:
    order = OrderBuilder()
    line = order.line("100.00", 3)
    first = placed(order)
    edit = order.edit("2026-03-03T10:00:00Z", remove={line.id: 1})
    return [first, ("orders/edited", edit)], {
        "2026-03-02": lines(gross="300.00", total="300.00", units=3)
    }


@CASES.add("a line edited away before another is refunded")
def _() -> Told:
    order = OrderBuilder()
    line = order.line("100.00", 3, discount="0.01")
    deliveries = [placed(order)]
    order.edit("2026-03-03T10:00:00Z", remove={line.id: 1})
    deliveries.append(updated(order))
    order.refund("2026-03-04T10:00:00Z", units={line.id: 2})
    deliveries.append(updated(order))
    return deliveries, {
        "2026-03-02": lines(gross="300.00", discounts="-0.01", total="299.99", units=3),
        "2026-03-03": lines(returns="-99.99", total="-99.99", units_returned=1),
        "2026-03-04": lines(returns="-199.99", total="-199.99", units_returned=2),
    }


@CASES.add("shipping added and taken away by edits")
def _() -> Told:
    order = OrderBuilder()
    order.line("100.00")
    order.ship("10.00")
    deliveries = [placed(order)]
    order.updated_at = "2026-03-03T10:00:00Z"
    order.ship("4.00")
    body = order.body()
    body["shipping_lines"][0]["is_removed"] = True
    deliveries.append(("orders/updated", body))
    return deliveries, {
        "2026-03-02": lines(gross="100.00", shipping="10.00", total="110.00", units=1),
        "2026-03-03": lines(shipping="-6.00", total="-6.00"),
    }


@CASES.add(
    "exchange",
    by_order_day={
        "2026-03-02": lines(gross="100.00", returns="-100.00", units=1, units_returned=1),
        "2026-03-08": lines(gross="120.00", total="120.00", units=1),
    },
)
def _() -> Told:
    order = OrderBuilder()
    line = order.line("100.00")
    first = placed(order)
    order.refund("2026-03-08T10:00:00Z", units={line.id: 1})
    edit = order.edit("2026-03-08T10:00:00Z", add=[("120.00", 1)])
    return [first, ("orders/edited", edit), updated(order)], {
        "2026-03-02": lines(gross="100.00", total="100.00", units=1),
        "2026-03-08": lines(gross="120.00", returns="-100.00", total="20.00", units=1,
                            units_returned=1),
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_statement_is_as_it_should_be(shop: Shop, case: Case) -> None:
    case.check(shop)
