"""What can happen in a shop of the double, and what its ledger then says to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.fakeshop.conftest import DOMAIN
from xenofy.fakeshop import totals
from xenofy.fakeshop.records import Order, Return
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.wanted import Item, NewVariant, Rate, code
from xenofy.fakeshop.world import World

VAT = (Rate("VAT", Decimal("0.19")),)


@pytest.fixture
def shop(world: World) -> Shop:
    return world.shop(DOMAIN)


def booked(order: Order) -> int:
    """Return what all rows of an order add up to."""
    return sum(sale.amount for agreement in order.agreements for sale in agreement.sales)


@pytest.mark.parametrize("included", [False, True])
def test_the_ledger_is_what_is_left_of_an_order_after_each_step(
    world: World, included: bool
) -> None:
    shop = world.shop("taxed.myshopify.com", taxes_included=included)
    order = shop.place_order(
        Item("9.99", 3), Item("5.05", 2), shipping="4.90", taxes=VAT, discounts=[code("TEN", "10")]
    )
    first, second = (line.id for line in order.lines)
    left = [(booked(order), totals.total(order))]

    shop.refund(order.id, units={first: 1}, kept="1.00")
    left.append((booked(order), totals.current_total(order)))
    shop.edit(order.id, add=[Item("3.33", 2)], remove={second: 1}, taxes=VAT)
    left.append((booked(order), totals.current_total(order)))
    shop.refund(order.id, units={first: 1}, shipping=True, goodwill="2.00")
    left.append((booked(order), totals.current_total(order)))

    assert [ledger for ledger, _ in left] == [total for _, total in left]


@pytest.mark.parametrize("with_refund", [True, False])
def test_nothing_is_left_in_the_ledger_of_a_cancelled_order(shop: Shop, with_refund: bool) -> None:
    order = shop.place_order(Item("9.99", 3, duty="2.00"), shipping="4.90", taxes=VAT, tip="1.00")

    shop.cancel(order.id, with_refund=with_refund)

    assert booked(order) == 0


def test_a_refund_moves_its_value_less_what_is_kept(shop: Shop) -> None:
    order = shop.place_order(Item("10.00", 2), taxes=VAT)

    refund = shop.refund(order.id, units={order.lines[0].id: 1}, kept="1.50")

    assert refund.money == 1190 - 150


def exchanged(shop: Shop, order: Order, *items: Item) -> Return:
    found = shop.request_return(order.id, {order.lines[0].id: 1})
    shop.approve_return(found)
    shop.process_return(found, exchange=items, taxes=VAT)
    return found


@pytest.mark.parametrize(("price", "moved", "owed"), [("4.00", 714, 0), ("16.00", 0, 714)])
def test_an_exchange_moves_only_the_difference(
    shop: Shop, price: str, moved: int, owed: int
) -> None:
    order = shop.place_order(Item("10.00", 2), taxes=VAT)

    found = exchanged(shop, order, Item(price))

    assert booked(order) == totals.current_total(order)
    assert (found.refunds[0].money, totals.outstanding(order)) == (moved, owed)


def test_what_is_exchanged_is_agreed_with_what_came_back(shop: Shop) -> None:
    order = shop.place_order(Item("10.00", 2), taxes=VAT)

    found = exchanged(shop, order, Item("16.00"))

    agreement = order.agreements[-1]
    sold = [(sale.action, sale.amount) for sale in agreement.sales]
    assert (agreement.reason, agreement.returned) == ("RETURN", found)
    assert sold == [("RETURN", -1190), ("ORDER", 1904)]
    assert (found.status, order.lines[0].current, order.lines[1].current) == ("CLOSED", 1, 1)


def test_more_than_there_is_cannot_come_back(shop: Shop) -> None:
    order = shop.place_order(Item("10.00", 2))

    with pytest.raises(ValueError, match="Only 2 of line"):
        shop.request_return(order.id, {order.lines[0].id: 3})


def test_a_checkout_that_is_recovered_is_the_order_of_its_token(shop: Shop) -> None:
    product = shop.create_product("Hat", NewVariant("12.00", sku="H"))
    checkout = shop.begin_checkout(Item(variant_id=product.variants[0].id))

    order = shop.recover_checkout(checkout)

    assert (order.checkout_token, checkout.order_id) == (checkout.token, order.id)
    assert order.lines[0].price == 1200


def test_what_was_sold_of_a_deleted_product_stays(shop: Shop) -> None:
    product = shop.create_product("Hat")
    shop.set_stock(product.variants[0], shop.create_location("Store"), -2)
    order = shop.place_order(Item(variant_id=product.variants[0].id))

    shop.delete_product(product.id)

    assert order.lines[0].product_id == product.id
    assert not shop.state.variants
    assert not shop.state.levels
