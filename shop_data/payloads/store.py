"""The shop, its locations, and what Shopify says about our app in it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shop_data.payloads.values import (
    Body,
    Columns,
    PayloadError,
    any_identifier,
    currency,
    moment,
    read,
    required_identifier,
    text,
    truth,
    word,
)


def time_zone(value: Any, field: str) -> str | None:
    """Return the name of a time zone that exists; None for null."""
    name = text(value, field)
    if name is None:
        return None
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PayloadError(f"{field} is not a time zone: {name[:40]!r}.") from error
    return name


_SHOP: Columns = {
    "name": ("name", text),
    "myshopify_domain": ("myshopify_domain", text),
    "domain": ("domain", text),
    "email": ("email", text),
    "plan_name": ("plan_display_name", word),
    "currency": ("currency", currency),
    "country_code": ("country_code", word),
    "province": ("province", text),
    "city": ("city", text),
    "primary_locale": ("primary_locale", text),
    "taxes_included": ("taxes_included", truth),
    "shop_created_at": ("created_at", moment),
}
_LOCATION: Columns = {
    "name": ("name", text),
    "address1": ("address1", text),
    "address2": ("address2", text),
    "city": ("city", text),
    "province": ("province", text),
    "country_code": ("country_code", word),
    "zip": ("zip", text),
    "phone": ("phone", text),
    "active": ("active", truth),
}


def store_row(body: Body) -> dict[str, Any]:
    """Return the columns of the shop; a time zone that is null says nothing."""
    row = {"shopify_id": required_identifier(body), **read(body, _SHOP)}
    zone = time_zone(body.get("iana_timezone"), "iana_timezone")
    return {**row, "iana_timezone": zone} if zone else row


def location_row(body: Body) -> dict[str, Any]:
    """Return the columns of a location."""
    return {"shopify_id": required_identifier(body), **read(body, _LOCATION)}


def bulk_operation_row(body: Body) -> dict[str, Any]:
    """Return the columns of a bulk operation; status and type are written in small letters."""
    names = {name: word(body.get(name), name) for name in ("type", "status", "error_code")}
    return {
        "shopify_id": any_identifier(body, "id", "admin_graphql_api_id"),
        **{name: value.lower() if value else None for name, value in names.items()},
        "completed_at": moment(body.get("completed_at"), "completed_at"),
    }


def scopes(body: Body) -> list[str]:
    """Return what the app may read now."""
    given = body.get("current")
    if not isinstance(given, list):
        raise PayloadError("current is not a list.")
    return sorted({str(word(scope, "current")) for scope in given})
