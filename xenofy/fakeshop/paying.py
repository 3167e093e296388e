"""Money of an order: taken at once, promised and captured later, or on delivery."""

from __future__ import annotations

from xenofy.fakeshop.money import minor
from xenofy.fakeshop.records import Order, Transaction
from xenofy.fakeshop.state import ShopState
from xenofy.fakeshop.totals import authorized, outstanding, received, total
from xenofy.fakeshop.wanted import Basket

GIFT_CARD = "gift_card"
_FEES = {"shopify_payments": 29}  # per mille of what is taken


def begin(state: ShopState, order: Order, basket: Basket) -> None:
    """Take, promise or await the money of a new order, as the basket says."""
    whole = total(order)
    by_card = min(whole, minor(basket.gift_card, order.currency))
    if by_card:
        _move(state, order, "sale", by_card, gateway=GIFT_CARD)
    rest = whole - by_card
    if basket.payment == "paid":
        _move(state, order, "sale", rest, gateway=order.gateway)
        state.tell("orders/paid", order)
    elif basket.payment == "authorized":
        _move(state, order, "authorization", rest, gateway=order.gateway)
    else:
        _move(state, order, "sale", rest, gateway=order.gateway, status="pending")


def pay(state: ShopState, order: Order) -> None:
    """Take what is still to be paid: capture what was promised, else mark it as paid."""
    due = outstanding(order)
    promise = next((one for one in order.transactions if one.kind == "authorization"), None)
    kind = "capture" if promise and authorized(order) else "sale"
    for one in order.transactions:
        if one.status == "pending":
            one.status, one.at = "success", state.clock.now()
            due -= one.amount
    if due > 0:
        parent = promise.id if promise and kind == "capture" else None
        _move(state, order, kind, due, gateway=order.gateway, parent_id=parent)
    order.updated_at = state.clock.now()
    state.tell("orders/paid", order)
    state.tell("orders/updated", order)


def void(state: ShopState, order: Order) -> None:
    """Give up money that was promised or awaited."""
    if promised := authorized(order):
        _move(state, order, "void", promised, gateway=order.gateway)
    for one in order.transactions:
        if one.status == "pending":
            one.status = "failure"


def give_back(state: ShopState, order: Order, amount: int, refund_id: int) -> list[Transaction]:
    """Send money back, to the gateways that took it, the last first; nothing is sent for 0."""
    moved = []
    for one in reversed([one for one in order.transactions if one.kind in ("sale", "capture")]):
        part = min(amount, one.amount)
        if part > 0:
            moved.append(
                _move(state, order, "refund", part, gateway=one.gateway, parent_id=one.id,
                      refund_id=refund_id)
            )  # fmt: skip
            amount -= part
    if amount > 0:  # goodwill beyond what was paid
        moved.append(
            _move(state, order, "refund", amount, gateway=order.gateway, refund_id=refund_id)
        )
    return moved


def financial_status(order: Order) -> str:
    """Return the state of payment as Shopify derives it."""
    taken = received(order)
    back = sum(one.amount for one in order.transactions if one.kind == "refund")
    if back:
        return "refunded" if back >= taken else "partially_refunded"
    if taken:
        return "partially_paid" if outstanding(order) else "paid"
    if any(one.kind == "void" or one.status == "failure" for one in order.transactions):
        return "voided"
    if order.cancelled_at is not None and total(order):
        return "voided"
    if authorized(order):
        return "authorized"
    return "pending" if total(order) else "paid"


def _move(
    state: ShopState,
    order: Order,
    kind: str,
    amount: int,
    *,
    gateway: str,
    status: str = "success",
    parent_id: int | None = None,
    refund_id: int | None = None,
) -> Transaction:
    fee = amount * _FEES.get(gateway, 0) // 1000 if kind in ("sale", "capture") else 0
    one = Transaction(
        order, state.new_id(), kind, status, gateway, amount, state.clock.now(),
        parent_id, fee, refund_id,
    )  # fmt: skip
    order.transactions.append(one)
    state.tell("order_transactions/create", one)
    return one
