"""Edits of an order that stands already: a line more, or a line less."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from xenofy.demo import calendar, identifiers
from xenofy.demo.totals import add_up

Body = dict[str, Any]


def add_line(body: Body, line: Body, *, at: datetime) -> Body:
    """Add a line to the order; return the edit as `orders/edited` carries it."""
    body["line_items"].append(line)
    return _edited(body, at, additions=[(line["id"], line["quantity"])])


def remove_line(body: Body, line: Body, *, at: datetime) -> Body:
    """Take a line out of an order that is not paid yet; it stays in the body with nothing left."""
    units = line["current_quantity"]
    line["current_quantity"] = line["fulfillable_quantity"] = 0
    return _edited(body, at, removals=[(line["id"], units)])


def _edited(
    body: Body,
    at: datetime,
    *,
    additions: list[tuple[int, int]] | None = None,
    removals: list[tuple[int, int]] | None = None,
) -> Body:
    add_up(body)
    if body["financial_status"] == "pending":
        body["total_outstanding"] = body["current_total_price"]
    body["updated_at"] = calendar.local(at)
    return {
        "order_edit": {
            "id": identifiers.edit(body["id"] - identifiers.order(0)),
            "app_id": None,
            "created_at": calendar.local(at),
            "notify_customer": True,
            "order_id": body["id"],
            "staff_note": "",
            "user_id": None,
            "line_items": {"additions": _deltas(additions), "removals": _deltas(removals)},
            "discounts": {"line_item": {"additions": []}},
            "shipping_lines": {"additions": []},
        }
    }


def _deltas(changes: list[tuple[int, int]] | None) -> list[Body]:
    return [{"id": line_id, "delta": units} for line_id, units in changes or []]
