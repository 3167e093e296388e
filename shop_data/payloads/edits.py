"""Edits of an order: what `orders/edited` names, and how far a body's lines still stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shop_data.payloads.orders import line_key
from shop_data.payloads.refunds import refunded_units, shipping_key
from shop_data.payloads.values import (
    Body,
    child,
    moment,
    objects,
    quantity,
    required_identifier,
    truth,
)


@dataclass(frozen=True, slots=True)
class EditRecord:
    """What one edit says: units added to and removed from lines (by key) at a moment."""

    id: int
    at: datetime
    additions: dict[str, int]
    removals: dict[str, int]


def edit_record(body: Body, triggered_at: datetime) -> EditRecord:
    """Read an edit, alone or under `order_edit`."""
    edit = child(body, "order_edit") or body
    lines = child(edit, "line_items") or {}
    return EditRecord(
        id=required_identifier(edit),
        at=moment(edit.get("created_at"), "created_at") or triggered_at,
        additions=_deltas(lines, "additions"),
        removals=_deltas(lines, "removals"),
    )


def edited_order_id(body: Body) -> int:
    """Return Shopify's id of the order that an edit is about."""
    return required_identifier(child(body, "order_edit") or body, "order_id")


def units_in(body: Body) -> dict[str, int]:
    """Return key -> units of each line, and of each shipping line, which has one."""
    units = {line_key(required_identifier(line)): quantity(line)
             for line in objects(body, "line_items")}  # fmt: skip
    for position, shipping in enumerate(objects(body, "shipping_lines")):
        units[shipping_key(shipping.get("id"), position)] = 1
    return units


def removed_in(body: Body) -> dict[str, int]:
    """Return key -> units that are neither there any more nor refunded in this body."""
    refunded = refunded_units(body)
    removed = {}
    for line in objects(body, "line_items"):
        if line.get("current_quantity") is not None:
            line_id = required_identifier(line)
            gone = quantity(line) - quantity(line, "current_quantity")
            removed[line_key(line_id)] = max(0, gone - refunded.get(line_id, 0))
    for position, shipping in enumerate(objects(body, "shipping_lines")):
        if truth(shipping.get("is_removed"), "is_removed"):
            removed[shipping_key(shipping.get("id"), position)] = 1
    return removed


def _deltas(lines: Body, name: str) -> dict[str, int]:
    return {
        line_key(required_identifier(item)): quantity(item, "delta")
        for item in objects(lines, name)
    }
