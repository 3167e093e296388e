"""Placing an order: prices, discounts, taxes, payment, and the agreement that books it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xenofy.fakeshop import paying
from xenofy.fakeshop.booking import book_order
from xenofy.fakeshop.leaves import Allocation, Discount, Duty, Tax
from xenofy.fakeshop.money import minor, nearest, split
from xenofy.fakeshop.records import Line, Order, Shipping
from xenofy.fakeshop.state import ShopState
from xenofy.fakeshop.wanted import Basket, Item, Rate


def place(state: ShopState, basket: Basket) -> Order:
    """Place an order now, and return it."""
    order = _empty(state, basket)
    order.lines = [new_line(state, order, item) for item in basket.items]
    if basket.shipping:
        price = minor(basket.shipping, order.currency)
        order.shipping = [Shipping(order, state.new_id(), basket.shipping_title, price)]
    for index, discount in enumerate(basket.discounts):
        _take_off(order, index, discount)
    for line in order.lines:
        line.taxes = taxes_on(line.gross - line.discount, basket.taxes, line.taxable, order)
    for shipping in order.shipping:
        shipping.taxes = taxes_on(shipping.discounted, basket.taxes, True, order)
    order.tip = minor(basket.tip, order.currency)
    book_order(state, order)
    state.orders[order.id] = order
    customer = state.customers.get(order.customer_id or 0)
    if customer is not None:
        customer.order_ids.append(order.id)
    state.note("ORDER", order.id, "create", "placed this order")
    state.tell("orders/create", order)
    paying.begin(state, order, basket)
    return order


def _empty(state: ShopState, basket: Basket) -> Order:
    now = state.clock.now()
    customer = state.customers.get(basket.customer_id or 0)
    address = basket.address or (customer.address if customer else None)
    number, state.next_order_number = state.next_order_number, state.next_order_number + 1
    identifier = state.new_id()
    return Order(
        id=identifier,
        number=number,
        created_at=now,
        processed_at=basket.processed_at or now,
        updated_at=now,
        currency=state.settings.currency,
        presentment=basket.presentment or state.settings.currency,
        rate=basket.rate,
        taxes_included=state.settings.taxes_included,
        source_name=basket.source_name,
        gateway=basket.gateway,
        customer_id=customer.id if customer else None,
        email=basket.email or (customer.email if customer else None),
        phone=customer.phone if customer else None,
        billing=address,
        shipping_address=address,
        test=basket.test,
        note=basket.note,
        tags=tuple(basket.tags),
        locale=customer.locale if customer else None,
        token=f"{identifier:032x}",
        checkout_id=basket.checkout_id,
        checkout_token=basket.checkout_token,
        visit=basket.visit,
        location_id=basket.location_id,
        discounts=tuple(basket.discounts),
    )


def new_line(state: ShopState, order: Order, item: Item) -> Line:
    """Return a line of what is to be bought, without discounts and taxes."""
    variant = state.variants.get(item.variant_id or 0)
    if item.variant_id and variant is None:
        raise ValueError(f"There is no variant {item.variant_id}.")
    duty = minor(item.duty, order.currency)
    return Line(
        order,
        id=state.new_id(),
        product_id=variant.product.id if variant else None,
        variant_id=variant.id if variant else None,
        title=variant.product.title if variant else item.title,
        variant_title=variant.title if variant else None,
        sku=variant.sku if variant else item.sku,
        vendor=variant.product.vendor if variant else None,
        quantity=item.quantity,
        current=item.quantity,
        price=variant.price if variant else minor(item.price, order.currency),
        duties=(Duty(state.new_id(), duty),) if duty else (),
        is_gift_card=variant.product.is_gift_card if variant else item.is_gift_card,
        requires_shipping=variant.requires_shipping if variant else not item.is_gift_card,
        taxable=item.taxable and not item.is_gift_card,
    )


def _take_off(order: Order, index: int, discount: Discount) -> None:
    """Let a discount take its share of each line, or of shipping; gift cards have none."""
    if discount.targets_shipping:
        for one in order.shipping:
            off = _off(discount, one.discounted, order.currency)
            one.allocations += (Allocation(index, off),)
        return
    lines = [line for line in order.lines if not line.is_gift_card]
    left = [line.gross - line.discount for line in lines]
    shares = split(_off(discount, sum(left), order.currency), left)
    for line, share in zip(lines, shares, strict=True):
        if share:
            line.allocations += (Allocation(index, share),)


def _off(discount: Discount, amount: int, currency: str) -> int:
    if discount.is_percentage:
        return nearest(amount * discount.value / 100)
    return min(amount, minor(discount.value, currency))


def taxes_on(amount: int, rates: Sequence[Rate], taxable: bool, order: Order) -> tuple[Tax, ...]:
    """Return the taxes on an amount, or those that it contains in a tax-inclusive shop."""
    if not taxable or not rates:
        return ()
    whole = sum((rate.rate for rate in rates), Decimal(0))
    if order.taxes_included:
        tax = amount - nearest(Decimal(amount) / (1 + whole))
    else:
        tax = nearest(amount * whole)
    shares = split(tax, [int(rate.rate * 10**6) for rate in rates])
    return tuple(
        Tax(rate.title, rate.rate, share) for rate, share in zip(rates, shares, strict=True)
    )
