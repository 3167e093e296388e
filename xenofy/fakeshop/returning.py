"""Returns and exchanges: requested, approved, processed, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xenofy.fakeshop.booking import ORDER, sale_of_units
from xenofy.fakeshop.editing import add_line
from xenofy.fakeshop.records import Order, Refund, Return, ReturnLine
from xenofy.fakeshop.refunding import Back, refund
from xenofy.fakeshop.state import ShopState
from xenofy.fakeshop.wanted import Item, Rate


def request(
    state: ShopState, order: Order, units: Mapping[int, int], *, reason: str = "unwanted"
) -> Return:
    """Ask to send units by line id back; nothing is booked before they come."""
    by_id = {line.id: line for line in order.lines}
    for line_id, count in units.items():
        if not 0 < count <= by_id[line_id].current:
            raise ValueError(f"Only {by_id[line_id].current} of line {line_id} are left.")
    lines = [
        ReturnLine(state.new_id(), by_id[line_id], count, reason)
        for line_id, count in units.items()
    ]
    name = f"{order.name}-R{len(order.returns) + 1}"
    found = Return(order, state.new_id(), name, "REQUESTED", state.clock.now(), lines)
    order.returns.append(found)
    state.parts[found.id] = found
    _changed(state, found, "returns/request")
    return found


def approve(state: ShopState, found: Return) -> None:
    found.status, found.approved_at = "OPEN", state.clock.now()
    _changed(state, found, "returns/approve")


def decline(state: ShopState, found: Return) -> None:
    found.status = "DECLINED"
    _changed(state, found, "returns/decline")


def process(
    state: ShopState,
    found: Return,
    *,
    exchange: Sequence[Item] = (),
    taxes: Sequence[Rate] = (),
    **back: Any,
) -> Refund:
    """Take back what an open return asked for, and give its money back.

    What it is exchanged for becomes lines of the order in the same agreement; then only the
    difference is given back, or is left to be paid. `back` are other fields of a `Back`.
    """
    if found.status != "OPEN":
        raise ValueError(f"{found.name} is not open.")
    added = [add_line(state, found.order, item, taxes) for item in exchange]
    found.exchanges += added
    handed_out = [sale_of_units(state, line, 0, line.quantity, ORDER) for line in added]
    units = {item.line.id: item.quantity for item in found.lines}
    given = Back(units, returned=found, handed_out=handed_out, **back)
    refunded = refund(state, found.order, given)
    found.refunds.append(refunded)
    for item in found.lines:
        item.processed = item.refunded = item.quantity
    _changed(state, found, "returns/process")
    return refunded


def close(state: ShopState, found: Return) -> None:
    """Note that nothing more will come back."""
    found.status, found.closed_at = "CLOSED", state.clock.now()
    _changed(state, found, "returns/close")


def reopen(state: ShopState, found: Return) -> None:
    """Go on with a return that was closed."""
    found.status, found.closed_at = "OPEN", None
    _changed(state, found, "returns/reopen")


def cancel(state: ShopState, found: Return) -> None:
    """Give up a return of which nothing has come."""
    if any(item.processed for item in found.lines):
        raise ValueError(f"Something of {found.name} has come back.")
    found.status = "CANCELED"
    _changed(state, found, "returns/cancel")


def return_status(order: Order) -> str:
    """Return the state of all returns of an order together: requested wins, then open."""
    states = {found.status for found in order.returns}
    if "REQUESTED" in states:
        return "RETURN_REQUESTED"
    if "OPEN" in states:
        return "IN_PROGRESS"
    return "RETURNED" if "CLOSED" in states else "NO_RETURN"


def _changed(state: ShopState, found: Return, topic: str) -> None:
    found.order.updated_at = state.clock.now()
    state.tell(topic, found)
    state.tell("orders/updated", found.order)
