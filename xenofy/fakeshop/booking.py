"""The double's own ledger: each action books signed sales under an agreement.

docs/double.md says which rule each follows. Nothing here is read back from bodies or answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xenofy.fakeshop.amounts import Worth, taxes_of, worth, worth_of_units
from xenofy.fakeshop.leaves import Duty
from xenofy.fakeshop.records import Agreement, Line, Order, Refund, Return, Sale, Shipping
from xenofy.fakeshop.state import ShopState

ORDER, RETURN = "ORDER", "RETURN"


def agree(
    state: ShopState,
    order: Order,
    reason: str,
    at: datetime,
    sales: Sequence[Sale],
    *,
    refund: Refund | None = None,
    returned: Return | None = None,
) -> None:
    """Append an agreement to the order, unless it books nothing."""
    if sales:
        order.agreements.append(
            Agreement(state.new_id(), at, reason, list(sales), refund, returned)
        )


def book_order(state: ShopState, order: Order) -> None:
    """Book all that a new order charges for."""
    sales = [sale_of_units(state, line, 0, line.quantity, ORDER) for line in order.lines]
    sales += [sale_of_shipping(state, one, worth(one), ORDER) for one in order.shipping]
    sales += [
        _plain(state, order, "DUTY", duty.amount, action=ORDER, of=duty)
        for line in order.lines
        for duty in line.duties
    ]
    if order.tip:
        sales.append(_plain(state, order, "TIP", order.tip, action=ORDER))
    agree(state, order, "ORDER", order.processed_at, sales)


def sale_of_units(state: ShopState, line: Line, start: int, stop: int, action: str) -> Sale:
    """Return the sale of units of a line; what comes back is negative."""
    kind = "GIFT_CARD" if line.is_gift_card else "TIP" if line.is_tip else "PRODUCT"
    value = worth_of_units(line, start, stop)
    shown = line.price * (stop - start) - value.net
    if line.order.taxes_included:
        shown -= value.tax
    return _sale(state, line, action, kind, units=stop - start, value=value, shown=shown)


def sale_of_shipping(state: ShopState, shipping: Shipping, value: Worth, action: str) -> Sale:
    return _sale(state, shipping, action, "SHIPPING", units=1, value=value, shown=value.discount)


def return_of_duty(state: ShopState, order: Order, duty: Duty) -> Sale:
    return _plain(state, order, "DUTY", -duty.amount, of=duty)


def return_of_tip(state: ShopState, order: Order) -> Sale:
    return _plain(state, order, "TIP", -order.tip)


def adjustment(state: ShopState, order: Order, amount: int) -> Sale:
    """Return where money and value of a refund differ; above 0 the shop kept it."""
    return _plain(state, order, "ADJUSTMENT", amount)


def _plain(
    state: ShopState,
    order: Order,
    kind: str,
    amount: int,
    *,
    action: str = RETURN,
    of: Duty | None = None,
) -> Sale:
    return Sale(order, state.new_id(), action, kind, None, amount, 0, 0, 0, of)


def _sale(
    state: ShopState,
    of: Line | Shipping,
    action: str,
    kind: str,
    *,
    units: int,
    value: Worth,
    shown: int,
) -> Sale:
    sign = -1 if action == RETURN else 1
    return Sale(
        of.order,
        state.new_id(),
        action,
        kind,
        sign * units,
        amount=sign * (value.net + value.tax),
        tax=sign * value.tax,
        discount=sign * value.discount,
        discount_shown=sign * shown,
        of=of,
        taxes=taxes_of(of.taxes, sign * value.tax),
    )
