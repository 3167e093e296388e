"""Checkouts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shop_data.payloads.values import (
    Body,
    Columns,
    amount,
    child,
    currency,
    identifier,
    lower,
    moment,
    objects,
    read,
    required_identifier,
    text,
    whole,
    word,
)

_COLUMNS: Columns = {
    "token": ("token", word),
    "cart_token": ("cart_token", word),
    "phone": ("phone", text),
    "currency": ("currency", currency),
    "total_price": ("total_price", amount),
    "subtotal_price": ("subtotal_price", amount),
    "total_discounts": ("total_discounts", amount),
    "source_name": ("source_name", word),
    "recovery_url": ("abandoned_checkout_url", text),
    "checkout_created_at": ("created_at", moment),
    "checkout_updated_at": ("updated_at", moment),
    "completed_at": ("completed_at", moment),
    "closed_at": ("closed_at", moment),
}


def checkout_row(body: Body) -> dict[str, Any]:
    """Return the columns of a checkout."""
    row = {"shopify_id": required_identifier(body), **read(body, _COLUMNS)}
    if "email" in body:
        row["email"] = lower(text(body["email"], "email"))
    if "customer" in body:
        customer = child(body, "customer") or {}
        row["customer_shopify_id"] = identifier(customer.get("id"), "customer.id")
    if "line_items" in body:
        row["lines"] = [_line(item) for item in objects(body, "line_items")]
        row["held_search"] = titles_of(row["lines"])
    return row


def titles_of(lines: Iterable[Body]) -> str | None:
    """Return the titles of lines in the form in which they are searched."""
    return "\n".join(line["title"] for line in lines if line["title"]).lower() or None


def _line(body: Body) -> dict[str, Any]:
    """Return a line as it is kept in JSON; the amount as text, so that it stays exact."""
    price = amount(body.get("line_price"), "line_price")
    return {
        "product_id": identifier(body.get("product_id"), "product_id"),
        "variant_id": identifier(body.get("variant_id"), "variant_id"),
        "title": text(body.get("title"), "title"),
        "quantity": whole(body.get("quantity"), "quantity") or 0,
        "line_price": None if price is None else str(price),
    }
