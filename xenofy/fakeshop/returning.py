"""Returns and exchanges: requested, approved, processed, closed."""

from __future__ import annotations

from collections.abc import Mapping

from xenofy.fakeshop.records import Order, Return, ReturnLine
from xenofy.fakeshop.state import ShopState


def request(
    state: ShopState, order: Order, units: Mapping[int, int], *, reason: str = "unwanted"
) -> Return:
    """Ask to send units by line id back; nothing is booked before they come."""
    by_id = {line.id: line for line in order.lines}
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


def close(state: ShopState, found: Return) -> None:
    """Note that what was to come back is here."""
    found.status, found.closed_at = "CLOSED", state.clock.now()
    for line in found.lines:
        line.processed = line.quantity
    _changed(state, found, "returns/close")


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
