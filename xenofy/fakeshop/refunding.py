"""Refunds: units, shipping, duties, and money that differs from their value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xenofy.fakeshop import paying
from xenofy.fakeshop.amounts import Worth, shown, worth, worth_of_units
from xenofy.fakeshop.booking import (
    RETURN,
    adjustment,
    agree,
    return_of_duty,
    sale_of_shipping,
    sale_of_units,
)
from xenofy.fakeshop.money import Amount, minor
from xenofy.fakeshop.records import (
    Adjustment,
    Line,
    Order,
    Refund,
    RefundedShipping,
    RefundLine,
    Return,
    Sale,
)
from xenofy.fakeshop.state import ShopState

DISCREPANCY = "refund_discrepancy"


@dataclass(frozen=True, slots=True)
class Back:
    """What is given back: units by line id, shipping and duties, and what money differs by.

    `kept` is a fee that the shop keeps, `goodwill` is given beyond the value; major units.
    """

    units: Mapping[int, int] = field(default_factory=dict)
    shipping: bool = False
    duties: bool = False
    kept: Amount = 0
    goodwill: Amount = 0
    restock: str = "return"
    location_id: int | None = None
    note: str | None = None
    money: bool = True  # without it the value comes back, and no money moves
    returned: Return | None = None
    handed_out: Sequence[Sale] = ()  # what is exchanged for it, in the same agreement


def refund(state: ShopState, order: Order, back: Back) -> Refund:
    """Give back now, book it, and return the refund."""
    found = Refund(order, state.new_id(), state.clock.now(), back.note, [], [], [], [], [],
                   back.returned)  # fmt: skip
    sales = [*_lines(state, found, back), *_shipping(state, found, back)]
    sales += [*_duties(state, found, back), *_differences(state, found, back)]
    order.refunds.append(found)
    state.parts[found.id] = found
    if back.money:
        owed = value_of(found) - sum(sale.amount for sale in back.handed_out)
        found.transactions = paying.give_back(state, order, owed, found.id)
    reason = "RETURN" if back.returned else "REFUND"
    sales += back.handed_out
    agree(state, order, reason, found.at, sales, refund=found, returned=back.returned)
    order.updated_at = found.at
    state.note("ORDER", order.id, "refund", "refunded this order")
    state.tell("refunds/create", found)
    state.tell("orders/updated", order)
    return found


def everything_left(order: Order, *, restock: str, note: str | None = None) -> Back:
    """Return a refund of all that has not come back yet."""
    return Back(
        units={line.id: line.current for line in order.lines if line.current},
        shipping=any(one.discounted > one.refunded for one in order.shipping),
        duties=not any(refund.duties for refund in order.refunds),
        restock=restock,
        note=note,
    )


def value_of(found: Refund) -> int:
    """Return the money that a refund is worth, never below nothing."""
    with_tax = found.order.taxes_included
    parts: list[RefundLine | RefundedShipping] = [*found.lines, *found.shipping]
    value = sum(part.subtotal + (0 if with_tax else part.tax) for part in parts)
    value += sum(duty.amount for duty in found.duties)
    return max(0, value - sum(item.amount for item in found.adjustments))


def _lines(state: ShopState, found: Refund, back: Back) -> list[Sale]:
    by_id = {line.id: line for line in found.order.lines}
    return [
        _line(state, found, by_id[line_id], units, back)
        for line_id, units in back.units.items()
        if units
    ]


def _line(state: ShopState, found: Refund, line: Line, units: int, back: Back) -> Sale:
    if units > line.current:
        raise ValueError(f"Only {line.current} of line {line.id} are left.")
    start, stop = line.taken, line.taken + units
    value = worth_of_units(line, start, stop)
    subtotal = shown(value, found.order)
    found.lines.append(
        RefundLine(state.new_id(), line, units, subtotal, value.tax, back.restock, back.location_id)
    )
    sale = sale_of_units(state, line, start, stop, RETURN)
    line.current -= units
    line.refunded += units
    return sale


def _shipping(state: ShopState, found: Refund, back: Back) -> list[Sale]:
    sales = []
    for one in found.order.shipping if back.shipping else ():
        whole = worth(one)
        if one.refunded >= one.discounted or one.is_removed:
            continue
        found.shipping.append(
            RefundedShipping(state.new_id(), one, shown(whole, found.order), whole.tax)
        )
        one.refunded, one.refunded_tax = one.discounted, one.tax
        value = Worth(whole.net, 0, whole.tax)
        sales.append(sale_of_shipping(state, one, value, RETURN))
    return sales


def _duties(state: ShopState, found: Refund, back: Back) -> list[Sale]:
    if not back.duties:
        return []
    found.duties = [duty for line in found.order.lines for duty in line.duties]
    return [return_of_duty(state, found.order, duty) for duty in found.duties]


def _differences(state: ShopState, found: Refund, back: Back) -> list[Sale]:
    order = found.order
    kept, more = minor(back.kept, order.currency), minor(back.goodwill, order.currency)
    found.adjustments = [
        Adjustment(state.new_id(), amount, DISCREPANCY) for amount in (kept, -more) if amount
    ]
    return [adjustment(state, order, item.amount) for item in found.adjustments]
