"""The body of an order as `orders/create` carries it, and what payment and dispatch change.

The field names and their order are those of real bodies of API 2026-07.
"""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from xenofy.demo import calendar, identifiers
from xenofy.demo.amounts import CURRENCY, bag
from xenofy.demo.baskets import COD, GIFT_CARD, POS, WEB, Basket
from xenofy.demo.lines import discount_applications, discount_codes, line_items, shipping_lines
from xenofy.demo.people import address, customer
from xenofy.demo.tenant import DOMAIN
from xenofy.demo.totals import add_up

Body = dict[str, Any]

MAIN_LOCATION = 65_500_000_001
SHOP_LOCATION = 65_500_000_002

_CARRIERS = ("Delhivery", "Blue Dart", "DTDC", "India Post")
_LANDINGS = ("/", "/collections/sarees", "/collections/new", "/collections/home", "/pages/weavers")
_REFERRERS = (
    "",
    "",
    "https://www.google.com/",
    "https://www.instagram.com/",
    "https://duckduckgo.com/",
)
_FULFILLED = (
    *("id", "admin_graphql_api_id", "gift_card", "grams", "name", "product_id", "quantity"),
    *("requires_shipping", "sku", "title", "variant_id", "variant_title", "vendor"),
)


def order_body(basket: Basket, rng: Random, *, joined_at: datetime) -> Body:
    """Return the order as it was placed. `joined_at` is when its buyer became a customer."""
    at = calendar.local(basket.at)
    token = identifiers.token("order", basket.serial)
    is_web = basket.source == WEB
    lines = line_items(basket, day=calendar.day_of(basket.at))
    shipping = shipping_lines(basket)
    identifier = identifiers.order(basket.serial)
    body: Body = {
        "id": identifier,
        "admin_graphql_api_id": identifiers.gid("Order", identifier),
        "app_id": 580_111,
        "browser_ip": None,
        "buyer_accepts_marketing": bool(basket.buyer and basket.buyer.wants_mail),
        "cancel_reason": None,
        "cancelled_at": None,
        "cart_token": identifiers.token("cart", basket.serial) if is_web else None,
        "checkout_id": identifiers.checkout(basket.serial, 0) if is_web else None,
        "checkout_token": identifiers.token("checkout", basket.serial, 0) if is_web else None,
        "client_details": None,
        "closed_at": None,
        "confirmation_number": token[:9].upper(),
        "confirmed": True,
        "contact_email": basket.buyer.email if basket.buyer else None,
        "created_at": at,
        "currency": CURRENCY,
        "current_total_additional_fees_set": None,
        "current_total_duties_set": None,
        "customer_locale": "en-IN" if is_web else None,
        "device_id": None,
        "discount_codes": discount_codes(basket, [*lines, *shipping]),
        "duties_included": False,
        "email": basket.buyer.email if basket.buyer else "",
        "estimated_taxes": False,
        "financial_status": "pending" if basket.gateway == COD else "paid",
        "fulfillment_status": None,
        "landing_site": rng.choice(_LANDINGS) if is_web else None,
        "landing_site_ref": None,
        "location_id": SHOP_LOCATION if basket.source == POS else None,
        "merchant_of_record_app_id": None,
        "name": f"#{basket.number}",
        "note": None,
        "note_attributes": [],
        "number": basket.number - 1000,
        "order_number": basket.number,
        "order_status_url": f"https://{DOMAIN}/{identifiers.SHOP}/orders/{token}/authenticate",
        "original_total_additional_fees_set": None,
        "original_total_duties_set": None,
        "payment_gateway_names": [basket.gateway, *([GIFT_CARD] if basket.gift_card_pays else [])],
        "phone": None,
        "po_number": None,
        "presentment_currency": basket.presentment,
        "processed_at": at,
        "reference": None,
        "referring_site": rng.choice(_REFERRERS) if is_web else None,
        "source_identifier": None,
        "source_name": basket.source,
        "source_url": None,
        "tags": "",
        "tax_exempt": False,
        "taxes_included": True,
        "test": basket.is_test,
        "token": token,
        "total_cash_rounding_payment_adjustment_set": bag(0, basket.presentment),
        "total_cash_rounding_refund_adjustment_set": bag(0, basket.presentment),
        "updated_at": at,
        "user_id": None,
        **_people(basket, joined_at),
        "discount_applications": discount_applications(basket),
        "fulfillments": [],
        "line_items": lines,
        "payment_terms": None,
        "refunds": [],
        "shipping_lines": shipping,
    }
    add_up(body, tip=basket.tip)
    _owe(body)
    if basket.source == POS:
        fulfil(body, at=basket.at, rng=rng)
        deliver(body, at=basket.at)
    return body


def pay(body: Body, *, at: datetime) -> None:
    """Note that an order was paid, as one on delivery is at the door."""
    body["financial_status"] = "paid"
    body["updated_at"] = calendar.local(at)
    _owe(body)


def fulfil(body: Body, *, at: datetime, rng: Random) -> None:
    """Note that everything that can be shipped was handed over or sent."""
    serial = body["id"] - identifiers.order(0)
    lines = [line for line in body["line_items"] if line["fulfillable_quantity"]]
    at_counter = body["source_name"] == POS
    identifier = identifiers.fulfillment(serial, len(body["fulfillments"]) + 1)
    tracking = None if at_counter else f"{rng.randrange(10**10):010}"
    body["fulfillments"].append(
        {
            "id": identifier,
            "admin_graphql_api_id": identifiers.gid("Fulfillment", identifier),
            "created_at": calendar.local(at),
            "location_id": SHOP_LOCATION if at_counter else MAIN_LOCATION,
            "name": f"{body['name']}.{len(body['fulfillments']) + 1}",
            "order_id": body["id"],
            "origin_address": {},
            "receipt": {},
            "service": "manual",
            "shipment_status": "delivered" if at_counter else None,
            "status": "success",
            "tracking_company": None if at_counter else rng.choice(_CARRIERS),
            "tracking_number": tracking,
            "tracking_numbers": [tracking] if tracking else [],
            "tracking_url": None,
            "tracking_urls": [],
            "updated_at": calendar.local(at),
            "line_items": [_fulfilled_line(line) for line in lines],
        }
    )
    for line in lines:
        line["fulfillable_quantity"] = 0
        line["fulfillment_status"] = "fulfilled"
    body["fulfillment_status"] = "fulfilled"
    body["updated_at"] = calendar.local(at)


def deliver(body: Body, *, at: datetime) -> None:
    """Note that the parcel arrived, which also closes the order."""
    for fulfillment in body["fulfillments"]:
        fulfillment["shipment_status"] = "delivered"
        fulfillment["updated_at"] = calendar.local(at)
    body["closed_at"] = body["updated_at"] = calendar.local(at)


def _people(basket: Basket, joined_at: datetime) -> Body:
    if basket.buyer is None:
        return {"billing_address": None, "customer": None, "shipping_address": None}
    place = address(basket.buyer)
    account = customer(basket.buyer, created_at=joined_at, updated_at=basket.at)
    return {
        "billing_address": place,
        "customer": account if basket.nth else None,
        "shipping_address": None if basket.shipping is None else place,
    }


def _fulfilled_line(line: Body) -> Body:
    """Return a line inside a fulfilment, whose money stands in the order."""
    return {name: line[name] for name in _FULFILLED}


def _owe(body: Body) -> None:
    """Write what is still to be paid."""
    unpaid = body["financial_status"] == "pending"
    body["total_outstanding"] = body["current_total_price"] if unpaid else "0.00"
