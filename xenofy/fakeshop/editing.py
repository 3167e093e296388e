"""Editing an order after it was placed: lines added, units removed, shipping taken off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from xenofy.fakeshop.amounts import taxes_of, worth
from xenofy.fakeshop.booking import ORDER, RETURN, agree, sale_of_shipping, sale_of_units
from xenofy.fakeshop.dates import local
from xenofy.fakeshop.leaves import Allocation, Discount
from xenofy.fakeshop.money import Amount, minor
from xenofy.fakeshop.placing import new_line, taxes_on
from xenofy.fakeshop.records import Line, Order, Sale
from xenofy.fakeshop.state import ShopState
from xenofy.fakeshop.wanted import Item, Rate


class Edited(NamedTuple):
    """What an edit did: units by line id."""

    id: int
    order: Order
    additions: dict[int, int]
    removals: dict[int, int]


def edit(
    state: ShopState,
    order: Order,
    *,
    add: Sequence[Item] = (),
    remove: Mapping[int, int] | None = None,
    take_off: Mapping[int, Amount] | None = None,
    taxes: Sequence[Rate] = (),
) -> Edited:
    """Add lines, remove units and take money off lines by their id now; `taxes` are on what is
    added."""
    edited = Edited(state.new_id(), order, {}, dict(remove or {}))
    sales = [_removed(state, order, line_id, units) for line_id, units in edited.removals.items()]
    sales += [_reduced(state, order, *each) for each in (take_off or {}).items()]
    for item in add:
        line = add_line(state, order, item, taxes)
        edited.additions[line.id] = line.quantity
        sales.append(sale_of_units(state, line, 0, line.quantity, ORDER))
    _book(state, order, sales)
    state.tell("orders/edited", _told(state, edited))
    state.tell("orders/updated", order)
    return edited


def add_line(state: ShopState, order: Order, item: Item, taxes: Sequence[Rate]) -> Line:
    """Append a line to an order that was placed before."""
    line = new_line(state, order, item)
    line.taxes = taxes_on(line.gross, taxes, line.taxable, order)
    order.lines.append(line)
    return line


def remove_shipping(state: ShopState, order: Order) -> None:
    """Take the shipping off an order."""
    sales = []
    for one in order.shipping:
        if not one.is_removed:
            one.is_removed = True
            sales.append(sale_of_shipping(state, one, worth(one), RETURN))
    _book(state, order, sales)
    state.tell("orders/updated", order)


def _told(state: ShopState, edited: Edited) -> dict[str, Any]:
    """Return what Shopify says of an edit: nothing but ids and units."""
    return {
        "order_edit": {
            "id": edited.id,
            "app_id": None,
            "created_at": local(state.clock.now(), state.settings.timezone),
            "notify_customer": False,
            "order_id": edited.order.id,
            "staff_note": "",
            "user_id": None,
            "line_items": {
                "additions": _deltas(edited.additions),
                "removals": _deltas(edited.removals),
            },
            "discounts": {"line_item": {"additions": [], "removals": []}},
            "shipping_lines": {"additions": [], "removals": []},
        }
    }


def _deltas(units: Mapping[int, int]) -> list[dict[str, int]]:
    return [{"id": line_id, "delta": count} for line_id, count in units.items()]


def _reduced(state: ShopState, order: Order, line_id: int, amount: Amount) -> Sale:
    """Take money off a line of which all units are still there."""
    line = _line(order, line_id)
    if line.taken:
        raise ValueError(f"Some units of line {line_id} are gone already.")
    before = worth(line)
    order.discounts += (Discount("manual", "Taken off", Decimal(amount), is_percentage=False),)
    index, off = len(order.discounts) - 1, minor(amount, order.currency)
    line.allocations += (Allocation(index, off),)
    rates = [Rate(tax.title, tax.rate) for tax in line.taxes]
    line.taxes = taxes_on(line.gross - line.discount, rates, line.taxable, order)
    after = worth(line)
    tax, discount = after.tax - before.tax, after.discount - before.discount
    return Sale(
        order, state.new_id(), "UPDATE", "PRODUCT", 0, after.net - before.net + tax, tax, discount,
        off, line, taxes_of(line.taxes, tax),
    )  # fmt: skip


def _line(order: Order, line_id: int) -> Line:
    return next(one for one in order.lines if one.id == line_id)


def _removed(state: ShopState, order: Order, line_id: int, units: int) -> Sale:
    line = _line(order, line_id)
    if units > line.current:
        raise ValueError(f"Only {line.current} of line {line_id} are left.")
    sale = sale_of_units(state, line, line.taken, line.taken + units, RETURN)
    line.current -= units
    line.removed += units
    return sale


def _book(state: ShopState, order: Order, sales: Sequence[Sale]) -> None:
    order.edited = True
    order.updated_at = state.clock.now()
    agree(state, order, "ORDER_EDIT", order.updated_at, sales)
    state.note("ORDER", order.id, "edit_complete", "edited this order")
