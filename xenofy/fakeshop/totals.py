"""The sums of an order: as it was placed and edited, and what is left of it now."""

from __future__ import annotations

from xenofy.fakeshop.amounts import Worth, shown, worth_of_units
from xenofy.fakeshop.records import Order

_PAID = ("sale", "capture")


def subtotal(order: Order) -> int:
    """Return goods after discounts, before anything came back."""
    return sum(line.gross - line.discount for line in order.lines if not line.is_tip)


def discounts(order: Order) -> int:
    lines = sum(line.discount for line in order.lines)
    return lines + sum(one.price - one.discounted for one in order.shipping)


def shipping(order: Order) -> int:
    return sum(one.discounted for one in order.shipping)


def tax(order: Order) -> int:
    return sum(line.tax for line in order.lines) + sum(one.tax for one in order.shipping)


def duties(order: Order) -> int:
    return sum(duty.amount for line in order.lines for duty in line.duties)


def total(order: Order) -> int:
    """Return what was charged, before anything came back."""
    added = 0 if order.taxes_included else tax(order)
    return subtotal(order) + shipping(order) + added + duties(order) + tips(order)


def tips(order: Order) -> int:
    return order.tip


def _left(order: Order) -> list[Worth]:
    return [worth_of_units(line, line.taken, line.quantity) for line in order.lines]


def current_subtotal(order: Order) -> int:
    return sum(
        shown(left, order)
        for line, left in zip(order.lines, _left(order), strict=True)
        if not line.is_tip
    )


def current_discounts(order: Order) -> int:
    """Return the discounts of what is left, as they were shown."""
    left = 0
    for line in order.lines:
        if line.quantity:
            left += line.discount * line.current // line.quantity
    return left + sum(one.price - one.discounted for one in order.shipping if not one.is_removed)


def current_shipping(order: Order) -> int:
    return sum(one.discounted - one.refunded for one in order.shipping if not one.is_removed)


def current_tax(order: Order) -> int:
    lines = sum(left.tax for left in _left(order))
    kept = (one.tax - one.refunded_tax for one in order.shipping if not one.is_removed)
    return lines + sum(kept)


def current_duties(order: Order) -> int:
    if order.cancelled_at is not None:
        return 0
    given = sum(duty.amount for refund in order.refunds for duty in refund.duties)
    return duties(order) - given


def current_total(order: Order) -> int:
    """Return what is left of the order, with what adjustments kept or gave beyond it."""
    kept = sum(item.amount for refund in order.refunds for item in refund.adjustments)
    added = 0 if order.taxes_included else current_tax(order)
    tip = tips(order) if order.cancelled_at is None else 0
    goods = current_subtotal(order) + current_shipping(order) + added
    return goods + current_duties(order) + tip + kept


def received(order: Order) -> int:
    """Return the money that came in."""
    return sum(
        one.amount for one in order.transactions if one.kind in _PAID and one.status == "success"
    )


def refunded(order: Order) -> int:
    """Return the money that went back."""
    return sum(
        one.amount for one in order.transactions if one.kind == "refund" and one.status == "success"
    )


def authorized(order: Order) -> int:
    """Return money that was promised and not taken yet."""
    promised = sum(one.amount for one in order.transactions if one.kind == "authorization")
    gone = sum(one.amount for one in order.transactions if one.kind in ("capture", "void"))
    return max(0, promised - gone)


def outstanding(order: Order) -> int:
    return max(0, current_total(order) - received(order) + refunded(order))


def original_total(order: Order) -> int:
    """Return what was charged when the order was placed, before any edit."""
    return sum(sale.amount for agreement in order.agreements[:1] for sale in agreement.sales)


def discrepancy(order: Order) -> int:
    return -sum(item.amount for refund in order.refunds for item in refund.adjustments)
