"""Cancelling an order, with its money given back or without."""

from __future__ import annotations

from xenofy.fakeshop import paying
from xenofy.fakeshop.amounts import Worth, worth
from xenofy.fakeshop.booking import (
    RETURN,
    agree,
    return_of_duty,
    return_of_tip,
    sale_of_shipping,
    sale_of_units,
)
from xenofy.fakeshop.records import Order, Sale
from xenofy.fakeshop.refunding import everything_left, refund
from xenofy.fakeshop.state import ShopState


def cancel(state: ShopState, order: Order, *, reason: str, with_refund: bool) -> None:
    """Cancel an order now. What no refund took back the cancellation itself reverses."""
    if order.cancelled_at is not None:
        raise ValueError(f"{order.name} is cancelled already.")
    if with_refund and any(one.kind in ("sale", "capture") for one in order.transactions):
        back = everything_left(order, restock="cancel", note="Order cancelled")
        refund(state, order, back)
    else:
        paying.void(state, order)
    _reverse(state, order)
    now = state.clock.now()
    order.cancelled_at = order.closed_at = order.updated_at = now
    order.cancel_reason = reason
    state.note("ORDER", order.id, "cancelled", "cancelled this order")
    state.tell("orders/cancelled", order)
    state.tell("orders/updated", order)


def _reverse(state: ShopState, order: Order) -> None:
    sales: list[Sale] = []
    for line in order.lines:
        if line.current:
            sales.append(sale_of_units(state, line, line.taken, line.quantity, RETURN))
            line.current = 0
    for one in order.shipping:
        if one.discounted > one.refunded and not one.is_removed:
            whole = worth(one)
            sales.append(sale_of_shipping(state, one, Worth(whole.net, 0, whole.tax), RETURN))
            one.refunded, one.refunded_tax = one.discounted, one.tax
    if not any(refund.duties for refund in order.refunds):
        duties = (duty for line in order.lines for duty in line.duties)
        sales += [return_of_duty(state, order, duty) for duty in duties]
    if order.tip:
        sales.append(return_of_tip(state, order))
    agree(state, order, "ORDER", state.clock.now(), sales)
