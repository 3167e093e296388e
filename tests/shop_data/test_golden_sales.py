"""What the statement says of things sold, and on which day."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.builders import OrderBuilder
from tests.shop_data.golden import Case, Cases, Told, lines, placed, updated
from tests.shops import Delivered, Shop

CASES = Cases()


# ── sold ──────────────────────────────────────────────────────────────────────────────────────


@CASES.add("plain order with an order discount")
def _() -> Told:
    order = OrderBuilder(tax_rate=Decimal("0.10"))
    order.line("100.00", 2, discount="20.00")
    order.ship("10.00")
    day = lines(gross="200.00", discounts="-20.00", shipping="10.00", taxes="19.00",
                total="209.00", units=2)  # fmt: skip
    return [placed(order), ("orders/paid", order.body())], {"2026-03-02": day}


@CASES.add("discount on shipping")
def _() -> Told:
    order = OrderBuilder()
    order.line("100.00")
    order.ship("10.00", discount="10.00")
    return [placed(order)], {"2026-03-02": lines(gross="100.00", total="100.00", units=1)}


@CASES.add("order discount that no line names, and its odd cent")
def _() -> Told:
    order = OrderBuilder()
    for _ in range(3):
        order.line("33.33")
    body = order.body()
    body |= {"total_discounts": "10.00", "total_discounts_set": None, "total_price": "89.99"}
    return [("orders/create", body)], {
        "2026-03-02": lines(gross="99.99", discounts="-10.00", total="89.99", units=3)
    }


@CASES.add("tax-inclusive order")
def _() -> Told:
    order = OrderBuilder(tax_rate=Decimal("0.20"), taxes_included=True)
    order.line("120.00", discount="12.00")
    order.ship("6.00")
    day = lines(gross="100.00", discounts="-10.00", shipping="5.00", taxes="19.00",
                total="114.00", units=1)  # fmt: skip
    return [placed(order)], {"2026-03-02": day}


@CASES.add("tax-inclusive order that a discount makes free")
def _() -> Told:
    order = OrderBuilder(tax_rate=Decimal("0.20"), taxes_included=True)
    order.line("120.00", discount="120.00")
    return [placed(order)], {"2026-03-02": lines(gross="100.00", discounts="-100.00", units=1)}


@CASES.add("taxes that no line names")
def _() -> Told:
    order = OrderBuilder()
    order.line("50.00")
    order.line("50.00")
    body = order.body() | {"total_tax": "5.01", "total_tax_set": None, "total_price": "105.01"}
    day = lines(gross="100.00", taxes="5.01", total="105.01", units=2)
    return [("orders/create", body)], {"2026-03-02": day}


@CASES.add("gift card sold", orders=0)
def _() -> Told:
    order = OrderBuilder()
    order.line("50.00", gift_card=True)
    return [placed(order)], {"2026-03-02": lines(gift_cards="50.00")}


@CASES.add("gift card sold beside goods")
def _() -> Told:
    order = OrderBuilder()
    order.line("50.00", gift_card=True)
    order.line("20.00")
    day = lines(gift_cards="50.00", gross="20.00", total="20.00", units=1)
    return [placed(order)], {"2026-03-02": day}


@CASES.add("gift card redeemed")
def _() -> Told:
    order = OrderBuilder()
    order.line("50.00")
    body = order.body() | {"payment_gateway_names": ["gift_card"]}
    return [("orders/create", body)], {"2026-03-02": lines(gross="50.00", total="50.00", units=1)}


@CASES.add("tip as an amount")
def _() -> Told:
    order = OrderBuilder(tip=Decimal("5.00"))
    order.line("50.00")
    day = lines(gross="50.00", tips="5.00", total="50.00", units=1)
    return [placed(order)], {"2026-03-02": day}


@CASES.add("tip as a line and as an amount counts once")
def _() -> Told:
    order = OrderBuilder(tip=Decimal("5.00"))
    order.line("50.00")
    order.line("5.00", tip=True)
    day = lines(gross="50.00", tips="5.00", total="50.00", units=1)
    return [placed(order)], {"2026-03-02": day}


@CASES.add("duties and an additional fee")
def _() -> Told:
    order = OrderBuilder(fees=Decimal("1.50"))
    order.line("50.00", duty=Decimal("7.25"))
    day = lines(gross="50.00", duties="7.25", fees="1.50", total="58.75", units=1)
    return [placed(order)], {"2026-03-02": day}


@CASES.add("test order", orders=0)
def _() -> Told:
    order = OrderBuilder(test=True)
    order.line("50.00")
    return [placed(order)], {}


@CASES.add("guest")
def _() -> Told:
    order = OrderBuilder(customer=None)
    order.line("50.00")
    return [placed(order)], {"2026-03-02": lines(gross="50.00", total="50.00", units=1)}


@CASES.add("custom line without a product")
def _() -> Told:
    order = OrderBuilder()
    order.line("50.00", product_id=None)
    return [placed(order)], {"2026-03-02": lines(gross="50.00", total="50.00", units=1)}


@CASES.add("yen has no decimals")
def _() -> Told:
    order = OrderBuilder(currency="JPY", tax_rate=Decimal("0.10"))
    order.line("1299", 2)
    day = lines(gross="2598", taxes="260", total="2858", units=2)
    return [placed(order)], {"2026-03-02": day}


@CASES.add("the dinar has three decimals")
def _() -> Told:
    order = OrderBuilder(currency="KWD")
    order.line("12.345", 3)
    return [placed(order)], {"2026-03-02": lines(gross="37.035", total="37.035", units=3)}


@CASES.add("the buyer saw another currency")
def _() -> Told:
    order = OrderBuilder(currency="CAD", presentment=("USD", Decimal("0.6667")))
    line = order.line("13.50")
    first = placed(order)
    order.refund("2026-03-03T10:00:00Z", units={line.id: 1})
    sold = lines(gross="13.50", total="13.50", units=1)
    back = lines(returns="-13.50", total="-13.50", units_returned=1)
    return [first, updated(order)], {"2026-03-02": sold, "2026-03-03": back}


# ── on which day ──────────────────────────────────────────────────────────────────────────────


@CASES.add("backdated import counts on the day it was processed")
def _() -> Told:
    order = OrderBuilder()
    order.line("50.00")
    body = order.body() | {"processed_at": "2019-07-01T10:00:00Z"}
    return [("orders/create", body)], {"2019-07-01": lines(gross="50.00", total="50.00", units=1)}


def across_midnight(before: str, after: str) -> list[Delivered]:
    """Return two orders, one a second before a day ends and one as the next begins."""
    orders = [OrderBuilder(1001, at=before), OrderBuilder(1002, at=after)]
    orders[0].line("1.00")
    orders[1].line("2.00")
    return [placed(order) for order in orders]


ONE = lines(gross="1.00", total="1.00", units=1)
TWO = lines(gross="2.00", total="2.00", units=1)


@CASES.add("day boundary in New York", zone="America/New_York", orders=2)
def _() -> Told:
    deliveries = across_midnight("2026-07-01T03:59:59Z", "2026-07-01T04:00:00Z")
    return deliveries, {"2026-06-30": ONE, "2026-07-01": TWO}


@CASES.add("day boundary in Kolkata", zone="Asia/Kolkata", orders=2)
def _() -> Told:
    deliveries = across_midnight("2026-07-01T18:29:59Z", "2026-07-01T18:30:00Z")
    return deliveries, {"2026-07-01": ONE, "2026-07-02": TWO}


@CASES.add("the day that clocks go forward", zone="America/New_York", orders=2)
def _() -> Told:
    # 8 March 2026 has 23 hours: from 05:00 to 04:00 UTC.
    deliveries = across_midnight("2026-03-08T04:59:59Z", "2026-03-09T03:59:59Z")
    return deliveries, {"2026-03-07": ONE, "2026-03-08": TWO}


@CASES.add("the day that clocks go back", zone="America/New_York", orders=2)
def _() -> Told:
    # 1 November 2026 has 25 hours: from 04:00 to 05:00 UTC.
    deliveries = across_midnight("2026-11-01T04:00:00Z", "2026-11-02T04:59:59Z")
    both = lines(gross="3.00", total="3.00", units=2)
    return deliveries, {"2026-11-01": both}


@CASES.add("the day that clocks go forward in Sydney", zone="Australia/Sydney", orders=2)
def _() -> Told:
    # 4 October 2026 has 23 hours: from 14:00 to 13:00 UTC.
    deliveries = across_midnight("2026-10-03T13:59:59Z", "2026-10-04T12:59:59Z")
    return deliveries, {"2026-10-03": ONE, "2026-10-04": TWO}


@CASES.add("the day that clocks go back in Sydney", zone="Australia/Sydney", orders=2)
def _() -> Told:
    # 5 April 2026 has 25 hours: from 13:00 to 14:00 UTC.
    deliveries = across_midnight("2026-04-04T13:00:00Z", "2026-04-05T14:00:00Z")
    return deliveries, {"2026-04-05": ONE, "2026-04-06": TWO}


@CASES.add("the offset of a stamp is not the shop's zone", zone="Asia/Kolkata")
def _() -> Told:
    order = OrderBuilder(at="2026-07-01T20:00:00-05:00")
    order.line("1.00")
    return [placed(order)], {"2026-07-02": ONE}


@pytest.mark.fault(24)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_statement_is_as_it_should_be(shop: Shop, case: Case) -> None:
    case.check(shop)
