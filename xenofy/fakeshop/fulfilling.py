"""Sending what was ordered, in one parcel or several, and its arrival."""

from __future__ import annotations

from collections.abc import Mapping

from xenofy.fakeshop.records import Fulfillment, Order
from xenofy.fakeshop.state import ShopState


def fulfil(
    state: ShopState,
    order: Order,
    units: Mapping[int, int] | None = None,
    *,
    location_id: int | None = None,
    company: str | None = None,
    number: str | None = None,
) -> Fulfillment:
    """Send units by line id, without them all that was not sent yet."""
    now = state.clock.now()
    wanted = units or {line.id: line.unfulfilled for line in order.lines}
    parts = tuple((line, wanted[line.id]) for line in order.lines if wanted.get(line.id))
    for line, count in parts:
        line.fulfilled += count
    name = f"{order.name}.{len(order.fulfillments) + 1}"
    parcel = Fulfillment(
        order, state.new_id(), name, now, now, "success", location_id, parts,
        tracking_company=company, tracking_number=number,
    )  # fmt: skip
    order.fulfillments.append(parcel)
    state.parts[parcel.id] = parcel
    order.updated_at = now
    state.note("ORDER", order.id, "fulfillment_success", "sent items")
    state.tell("fulfillments/create", parcel)
    is_whole = fulfillment_status(order) == "FULFILLED"
    state.tell("orders/fulfilled" if is_whole else "orders/partially_fulfilled", order)
    state.tell("orders/updated", order)
    return parcel


def deliver(state: ShopState, parcel: Fulfillment) -> None:
    """Let a parcel arrive; an order of which all arrived is closed."""
    now = state.clock.now()
    parcel.shipment_status = "delivered"
    parcel.delivered_at = parcel.updated_at = parcel.order.updated_at = now
    parcel.order.closed_at = now
    state.tell("fulfillments/update", parcel)
    state.tell("orders/updated", parcel.order)


def fulfillment_status(order: Order) -> str:
    """Return how far an order was sent, as Shopify derives it."""
    sent = sum(line.fulfilled for line in order.lines)
    if not sent:
        return "UNFULFILLED"
    left = any(line.unfulfilled for line in order.lines)
    return "PARTIALLY_FULFILLED" if left else "FULFILLED"
