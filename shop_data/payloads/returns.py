"""Returns and disputes, as their own webhooks carry them."""

from __future__ import annotations

from typing import Any

from shop_data.payloads.values import (
    Body,
    Columns,
    amount,
    any_identifier,
    child,
    currency,
    identifier,
    moment,
    objects,
    quantity,
    read,
    required_identifier,
    text,
    word,
)

# What a topic says about a return where its body does not.
_STATUS = {
    "request": "requested",
    "approve": "open",
    "reopen": "open",
    "close": "closed",
    "cancel": "canceled",
    "decline": "declined",
}
_RETURN: Columns = {
    "name": ("name", text),
    "requested_at": ("created_at", moment),
    "closed_at": ("closed_at", moment),
}
_DISPUTE: Columns = {
    "order_shopify_id": ("order_id", identifier),
    "type": ("type", word),
    "status": ("status", word),
    "reason": ("reason", word),
    "amount": ("amount", amount),
    "currency": ("currency", currency),
    "initiated_at": ("initiated_at", moment),
    "evidence_due_at": ("evidence_due_by", moment),
    "finalized_at": ("finalized_on", moment),
}


def return_id(body: Body) -> int:
    """Return Shopify's id of the return that a body is about."""
    return any_identifier(
        {**body, "return.id": (child(body, "return") or {}).get("id")},
        *("id", "return_id", "return.id", "admin_graphql_api_id"),
    )


def return_row(body: Body, *, verb: str) -> dict[str, Any]:
    """Return the columns of a return."""
    row = {"shopify_id": return_id(body), **read(body, _RETURN)}
    status = word(body.get("status"), "status") or _STATUS.get(verb)
    if status is not None:
        row["status"] = status.lower()
    order = identifier(body.get("order_id"), "order_id") or identifier(
        (child(body, "order") or {}).get("id"), "order.id"
    )
    return {**row, "order_shopify_id": order} if order is not None else row


def return_line_rows(body: Body) -> list[dict[str, Any]] | None:
    """Return the columns of each line; None where the body does not list them.

    `returns/update` tells what was taken off its lines instead, which only a fresh read completes.
    """
    if not isinstance(body.get("return_line_items"), list):
        return None
    return [_line(item) for item in objects(body, "return_line_items")]


def dispute_row(body: Body) -> dict[str, Any]:
    """Return the columns of a dispute."""
    return {"shopify_id": required_identifier(body), **read(body, _DISPUTE)}


def _line(body: Body) -> dict[str, Any]:
    sent = child(body, "fulfillment_line_item") or {}
    line = child(sent, "line_item") or child(body, "line_item") or {}
    return {
        "shopify_id": any_identifier(body, "id", "admin_graphql_api_id"),
        "line_item_shopify_id": identifier(line.get("id"), "line_item.id"),
        "quantity": quantity(body),
        "reason": word(body.get("return_reason") or body.get("reason"), "return_reason"),
        "note": text(body.get("return_reason_note") or body.get("customer_note"), "note"),
    }
