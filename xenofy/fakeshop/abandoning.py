"""Checkouts that somebody begins and leaves, and those that come back as orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xenofy.fakeshop.catalogue_records import Checkout, CheckoutLine
from xenofy.fakeshop.money import major, minor
from xenofy.fakeshop.placing import place
from xenofy.fakeshop.records import Order
from xenofy.fakeshop.state import ShopState
from xenofy.fakeshop.wanted import Basket, Item


def begin(
    state: ShopState, items: Sequence[Item], *, customer_id: int | None = None, **values: Any
) -> Checkout:
    """Begin a checkout of custom items or variants; `values` are other fields of `Checkout`."""
    now, identifier = state.clock.now(), state.new_id()
    customer = state.customers.get(customer_id or 0)
    if customer is not None:
        values = {"email": customer.email, "address": customer.address, **values}
    found = Checkout(
        identifier,
        token=f"{identifier:032x}",
        name=f"#{identifier}",
        created_at=now,
        updated_at=now,
        currency=state.settings.currency,
        lines=[_line(state, item) for item in items],
        customer_id=customer_id,
        **values,
    )
    state.checkouts[found.id] = found
    state.tell("checkouts/create", found)
    return found


def recover(state: ShopState, checkout: Checkout, **wanted: Any) -> Order:
    """Let a checkout become an order after all; `wanted` are other fields of a `Basket`."""
    items = [
        Item(major(line.price, checkout.currency), line.quantity, line.title, line.variant_id)
        for line in checkout.lines
    ]
    basket = Basket(
        items,
        customer_id=checkout.customer_id,
        email=checkout.email,
        checkout_id=checkout.id,
        checkout_token=checkout.token,
        **wanted,
    )
    order = place(state, basket)
    checkout.completed_at = checkout.updated_at = state.clock.now()
    checkout.order_id = order.id
    state.tell("checkouts/update", checkout)
    return order


def _line(state: ShopState, item: Item) -> CheckoutLine:
    variant = state.variants.get(item.variant_id or 0)
    price = variant.price if variant else minor(item.price, state.settings.currency)
    identifier = state.new_id()
    return CheckoutLine(
        identifier,
        key=f"{identifier:032x}",
        product_id=variant.product.id if variant else None,
        variant_id=variant.id if variant else None,
        title=variant.product.title if variant else item.title,
        sku=variant.sku if variant else item.sku,
        quantity=item.quantity,
        price=price,
    )
