"""Customers as webhooks and orders carry them."""

from __future__ import annotations

from typing import Any

from shop_data.payloads.values import (
    Body,
    Columns,
    child,
    currency,
    lower,
    moment,
    read,
    required_identifier,
    text,
    truth,
    word,
)

_COLUMNS: Columns = {
    "email": ("email", text),
    "phone": ("phone", text),
    "first_name": ("first_name", text),
    "last_name": ("last_name", text),
    "state": ("state", word),
    "tags": ("tags", text),
    "note": ("note", text),
    "currency": ("currency", currency),
    "verified_email": ("verified_email", truth),
    "tax_exempt": ("tax_exempt", truth),
    "customer_created_at": ("created_at", moment),
    "customer_updated_at": ("updated_at", moment),
}
_ADDRESS: Columns = {
    "city": ("city", text),
    "province_code": ("province_code", word),
    "country_code": ("country_code", word),
}


def customer_row(body: Body) -> dict[str, Any]:
    """Return the columns of a customer that the body speaks of."""
    row = {"shopify_id": required_identifier(body), **read(body, _COLUMNS)}
    for channel in ("email", "sms"):
        field = f"{channel}_marketing_consent"
        if field in body:
            consent = child(body, field) or {}
            row[f"{channel}_marketing_state"] = text(consent.get("state"), field)
    address = child(body, "default_address")
    if address is not None:
        row |= read(address, _ADDRESS)
    return {**row, **_search_columns(row)}


def _search_columns(row: dict[str, Any]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    if "email" in row:
        found["email_search"] = lower(row["email"])
    if "first_name" in row and "last_name" in row:
        names = [name for name in (row["first_name"], row["last_name"]) if name]
        found["name_search"] = lower(" ".join(names))
    return found
