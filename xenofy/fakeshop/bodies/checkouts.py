"""Checkouts, and the places of a shop."""

from __future__ import annotations

from typing import Any

from xenofy.fakeshop.bodies.values import Body, gid
from xenofy.fakeshop.bulk import BulkOperation
from xenofy.fakeshop.catalogue_records import Checkout, CheckoutLine, Location
from xenofy.fakeshop.dates import local
from xenofy.fakeshop.money import major, padded
from xenofy.fakeshop.state import ShopState


def checkout(state: ShopState, found: Checkout) -> Body:
    """Return a checkout, of which the id and the token are two things."""
    zone, total = state.settings.timezone, _price(found.total, found.currency)
    return {
        "id": found.id,
        "token": found.token,
        "cart_token": None,
        "email": found.email,
        "created_at": local(found.created_at, zone),
        "updated_at": local(found.updated_at, zone),
        "completed_at": local(found.completed_at, zone) if found.completed_at else None,
        "closed_at": None,
        "currency": found.currency,
        "presentment_currency": found.currency,
        "name": found.name,
        "taxes_included": state.settings.taxes_included,
        "source_name": "web",
        "subtotal_price": total,
        "total_line_items_price": total,
        "total_price": total,
        "total_discounts": _price(0, found.currency),
        "total_tax": _price(0, found.currency),
        "abandoned_checkout_url": f"https://{state.domain}/recover/{found.token}",
        "customer": {"id": found.customer_id} if found.customer_id else None,
        "line_items": [_line(one, found.currency) for one in found.lines],
    }


def location(state: ShopState, found: Location) -> Body:
    zone = state.settings.timezone
    return {
        "id": found.id,
        "admin_graphql_api_id": gid("Location", found.id),
        "name": found.name,
        "address1": found.address.address1,
        "city": found.address.city,
        "zip": found.address.zip,
        "province": found.address.province,
        "country_code": found.address.country_code,
        "active": found.active,
        "legacy": False,
        "created_at": local(found.created_at, zone),
        "updated_at": local(found.updated_at, zone),
    }


def bulk_operation(state: ShopState, found: BulkOperation) -> Body:
    """Return the end of a bulk operation, which names no address."""
    ended = found.completed_at
    return {
        "admin_graphql_api_id": gid("BulkOperation", found.id),
        "completed_at": local(ended, state.settings.timezone) if ended else None,
        "created_at": local(found.created_at, state.settings.timezone),
        "error_code": found.error_code and found.error_code.lower(),
        "status": found.status.lower(),
        "type": found.type.lower(),
    }


def _line(one: CheckoutLine, currency: str) -> dict[str, Any]:
    """Return a line, which has a key and no id."""
    return {
        "key": one.key,
        "product_id": one.product_id,
        "variant_id": one.variant_id,
        "title": one.title,
        "sku": one.sku,
        "quantity": one.quantity,
        "price": _price(one.price, currency),
        "line_price": _price(one.price * one.quantity, currency),
    }


def _price(amount: int, currency: str) -> str:
    return padded(major(amount, currency), currency)
