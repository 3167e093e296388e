"""Customers as webhooks and orders carry them."""

from __future__ import annotations

from typing import Any, NamedTuple

from shop_data.payloads.values import (
    Body,
    Columns,
    PayloadError,
    amount,
    any_identifier,
    child,
    currency,
    identifier,
    lower,
    moment,
    read,
    required_identifier,
    text,
    truth,
    whole,
    word,
)

_WHOSE = ("customer_id", "customerId", "admin_graphql_api_customer_id", "admin_graphql_api_id")

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


class Merge(NamedTuple):
    """A customer who became part of another one, by Shopify's ids."""

    gone: int
    kept: int


def merge_of(body: Body) -> Merge | None:
    """Return who was merged into whom; None where the merge failed or is not done yet."""
    status = (word(body.get("status"), "status") or "completed").lower()
    if status != "completed" or body.get("errors"):
        return None
    gone, kept = (
        any_identifier(
            body, f"admin_graphql_api_customer_{which}_id", f"admin_graphql_api_id_customer_{which}"
        )
        for which in ("deleted", "kept")
    )
    if gone == kept:
        raise PayloadError("A customer cannot be merged into themselves.")
    return Merge(gone, kept)


def customer_in(body: Body) -> int | None:
    """Return Shopify's id of the customer that an order or a checkout names."""
    customer = child(body, "customer")
    return identifier(customer.get("id"), "customer.id") if customer else None


def whose(body: Body) -> int:
    """Return the customer that a body is about which is not of a customer."""
    return any_identifier(body, *_WHOSE)


def purchasing_summary_row(body: Body) -> dict[str, Any]:
    """Return the columns of what Shopify says a customer bought."""
    spent = child(body, "amount_spent") or {}
    return {
        "shopify_id": whose(body),
        "orders": whole(body.get("number_of_orders"), "number_of_orders"),
        "amount_spent": amount(spent.get("amount"), "amount_spent"),
        "currency": currency(spent.get("currency_code"), "amount_spent.currency_code"),
    }


def tag_rows(body: Body, *, present: bool) -> list[dict[str, Any]]:
    """Return a row for each tag that was added to a customer, or removed."""
    tags = body.get("tags") or []
    if not isinstance(tags, list):
        raise PayloadError("tags is not a list.")
    customer = whose(body)
    names = {word(tag, "tags") for tag in tags} - {None, ""}
    return [
        {"customer_shopify_id": customer, "tag": name, "present": present}
        for name in sorted(map(str, names))
    ]
