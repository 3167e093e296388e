"""Fulfilments, alone or inside an order."""

from __future__ import annotations

from typing import Any

from shop_data.payloads.values import (
    Body,
    Columns,
    PayloadError,
    identifier,
    moment,
    objects,
    read,
    required_identifier,
    text,
    whole,
    word,
)

DELIVERED = "delivered"  # a shipment status

_COLUMNS: Columns = {
    "order_shopify_id": ("order_id", identifier),
    "location_shopify_id": ("location_id", identifier),
    "name": ("name", text),
    "status": ("status", word),
    "shipment_status": ("shipment_status", word),
    "service": ("service", word),
    "tracking_company": ("tracking_company", text),
    "fulfillment_created_at": ("created_at", moment),
    "fulfillment_updated_at": ("updated_at", moment),
}

_EVENT: Columns = {
    "order_shopify_id": ("order_id", identifier),
    "status": ("status", word),
    "happened_at": ("happened_at", moment),
}


def fulfillment_event_row(body: Body) -> dict[str, Any]:
    """Return the columns of a parcel's step; where it was is not ours to keep."""
    return {
        "shopify_id": required_identifier(body),
        "fulfillment_shopify_id": required_identifier(body, "fulfillment_id"),
        **read(body, _EVENT),
    }


def fulfillment_row(body: Body) -> dict[str, Any]:
    """Return the columns of a fulfilment."""
    row = {"shopify_id": required_identifier(body), **read(body, _COLUMNS)}
    if "tracking_numbers" in body:
        row["tracking_numbers"] = _texts(body, "tracking_numbers")
    if "line_items" in body:
        row["lines"] = [
            {
                "line_item_id": required_identifier(item),
                "quantity": whole(item.get("quantity"), "quantity") or 0,
            }
            for item in objects(body, "line_items")
        ]
    return row


def _texts(body: Body, field: str) -> list[str | None]:
    values = body[field] or []
    if not isinstance(values, list):
        raise PayloadError(f"{field} is not a list.")
    return [text(value, field) for value in values]
