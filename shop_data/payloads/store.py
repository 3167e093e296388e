"""The shop and its locations."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shop_data.payloads.values import (
    Body,
    Columns,
    PayloadError,
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
