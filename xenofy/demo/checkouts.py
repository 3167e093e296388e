"""Checkouts: those that became an order, and those that were left standing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from xenofy.demo import calendar, identifiers
from xenofy.demo.amounts import CURRENCY, paise, text
from xenofy.demo.baskets import Basket
from xenofy.demo.line_values import value_of
from xenofy.demo.lines import line_items
from xenofy.demo.people import address, customer
from xenofy.demo.tenant import DOMAIN

Body = dict[str, Any]

_KEPT = (
    *("fulfillment_service", "gift_card", "grams", "product_id", "quantity", "requires_shipping"),
    *("sku", "taxable", "title", "variant_id", "variant_title", "vendor", "price"),
)


def completed_checkout(order: Body, *, begun_at: datetime) -> Body:
    """Return the checkout that became an order of the online shop."""
    checkout = _checkout(
        identifier=order["checkout_id"],
        token=order["checkout_token"],
        lines=order["line_items"],
        begun_at=begun_at,
    )
    who = {name: order[name] for name in ("email", "billing_address", "shipping_address")}
    return {
        **checkout,
        **who,
        "cart_token": order["cart_token"],
        "updated_at": order["created_at"],
        "completed_at": order["created_at"],
        "customer": order["customer"],
        "presentment_currency": order["presentment_currency"],
        "total_discounts": order["total_discounts"],
        "total_tax": order["total_tax"],
        "total_price": order["total_price"],
        "subtotal_price": order["subtotal_price"],
    }


def open_checkout(
    basket: Basket, *, position: int, joined_at: datetime | None, has_mail: bool
) -> Body:
    """Return a checkout that nobody completed; `joined_at` is None without an account."""
    checkout = _checkout(
        identifier=identifiers.checkout(basket.serial, position),
        token=identifiers.token("checkout", basket.serial, position),
        lines=line_items(basket, day=calendar.day_of(basket.at)),
        begun_at=basket.at,
    )
    who, account = basket.buyer, None
    if who is not None and joined_at is not None:
        account = customer(who, created_at=joined_at, updated_at=joined_at)
    return {
        **checkout,
        "cart_token": identifiers.token("cart", basket.serial, position),
        "customer": account,
        "email": who.email if who and has_mail else None,
        "presentment_currency": basket.presentment,
        "shipping_address": address(who) if who and has_mail else None,
    }


def _checkout(*, identifier: int, token: str, lines: list[Body], begun_at: datetime) -> Body:
    values = [value_of(line) for line in lines]
    paid = text(sum(value.paid for value in values))
    at = calendar.local(begun_at)
    return {
        "id": identifier,
        "token": token,
        "cart_token": None,
        "email": None,
        "gateway": None,
        "buyer_accepts_marketing": False,
        "created_at": at,
        "updated_at": at,
        "landing_site": "/",
        "note": None,
        "note_attributes": [],
        "referring_site": "",
        "shipping_lines": [],
        "taxes_included": True,
        "total_weight": sum(line["grams"] * line["quantity"] for line in lines),
        "currency": CURRENCY,
        "completed_at": None,
        "closed_at": None,
        "user_id": None,
        "location_id": None,
        "phone": None,
        "customer_locale": "en-IN",
        "line_items": [_line(line) for line in lines],
        "name": f"#{identifier}",
        "abandoned_checkout_url": f"https://{DOMAIN}/{identifiers.SHOP}/checkouts/{token}/recover",
        "discount_codes": [],
        "tax_lines": [],
        "source_name": "web",
        "presentment_currency": CURRENCY,
        "total_discounts": text(sum(value.gross - value.paid for value in values)),
        "total_line_items_price": text(sum(value.gross for value in values)),
        "total_price": paid,
        "total_tax": text(sum(value.tax for value in values)),
        "subtotal_price": paid,
        "total_duties": None,
        "billing_address": None,
        "shipping_address": None,
        "customer": None,
    }


def _line(line: Body) -> Body:
    """Return a line as checkouts have it: with a key, without an id."""
    return {
        **{name: line[name] for name in _KEPT},
        "key": identifiers.token(line["id"]),
        "presentment_title": line["title"],
        "applied_discounts": [],
        "discount_allocations": [],
        "properties": None,
        "tax_lines": [],
        "line_price": text(paise(line["price"]) * line["quantity"]),
    }
