"""The body of an order, as all topics of orders carry it."""

from __future__ import annotations

from xenofy.fakeshop import paying, totals
from xenofy.fakeshop.bodies.customers import customer
from xenofy.fakeshop.bodies.lines import (
    discount_application,
    discount_codes,
    line_item,
    shipping_line,
)
from xenofy.fakeshop.bodies.parts import fulfillment, refund
from xenofy.fakeshop.bodies.values import Body, address, bag, both, gid, tax_lines, text
from xenofy.fakeshop.dates import local
from xenofy.fakeshop.fulfilling import fulfillment_status
from xenofy.fakeshop.leaves import Tax
from xenofy.fakeshop.records import Line, Order, Shipping
from xenofy.fakeshop.state import ShopState

_SENT = {"UNFULFILLED": None, "PARTIALLY_FULFILLED": "partial", "FULFILLED": "fulfilled"}


def order_body(state: ShopState, order: Order) -> Body:
    """Return an order with all that happened to it."""
    zone = state.settings.timezone
    return {
        "id": order.id,
        "admin_graphql_api_id": gid("Order", order.id),
        "app_id": 580111,
        "cancel_reason": order.cancel_reason,
        "cancelled_at": local(order.cancelled_at, zone) if order.cancelled_at else None,
        "checkout_id": order.checkout_id,
        "checkout_token": order.checkout_token,
        "closed_at": local(order.closed_at, zone) if order.closed_at else None,
        "confirmed": True,
        "contact_email": order.email,
        "created_at": local(order.created_at, zone),
        "currency": order.currency,
        "presentment_currency": order.presentment,
        "customer_locale": order.locale,
        "discount_codes": discount_codes(order),
        "duties_included": False,
        "email": order.email or "",
        "financial_status": paying.financial_status(order),
        "fulfillment_status": _SENT[fulfillment_status(order)],
        "landing_site": order.visit.landing_page if order.visit else None,
        "location_id": order.location_id,
        "name": order.name,
        "note": order.note,
        "note_attributes": [],
        "number": order.number - 1000,
        "order_number": order.number,
        "payment_gateway_names": _gateways(order),
        "phone": order.phone,
        "processed_at": local(order.processed_at, zone),
        "referring_site": order.visit.referrer if order.visit else None,
        "source_name": order.source_name,
        "tags": ", ".join(order.tags),
        "tax_exempt": False,
        "taxes_included": order.taxes_included,
        "test": order.test,
        "token": order.token,
        "updated_at": local(order.updated_at, zone),
        "user_id": None,
        **_sums(order),
        "billing_address": address(order.billing),
        "customer": _customer(state, order),
        "discount_applications": [discount_application(one) for one in order.discounts],
        "fulfillments": [fulfillment(state, parcel) for parcel in order.fulfillments],
        "line_items": [line_item(line) for line in order.lines],
        "payment_terms": None,
        "refunds": [refund(state, found) for found in order.refunds],
        "shipping_address": address(order.shipping_address),
        "shipping_lines": [shipping_line(one) for one in order.shipping],
    }


def _customer(state: ShopState, order: Order) -> Body | None:
    """Return the buyer; None for a guest."""
    found = state.customers.get(order.customer_id or 0)
    return customer(state, found) if found else None


def _sums(order: Order) -> Body:
    """Return the order's sums: as it was charged, and what is left of it."""
    taxes = _taxes(order)
    duties = totals.duties(order)
    return {
        **both("subtotal_price", order, totals.subtotal(order)),
        **both("total_line_items_price", order, sum(line.gross for line in order.lines)),
        **both("total_discounts", order, totals.discounts(order)),
        **both("total_tax", order, totals.tax(order)),
        **both("total_price", order, totals.total(order)),
        "total_shipping_price_set": bag(order, sum(one.price for one in order.shipping)),
        "total_tip_received": text(order, totals.tips(order)),
        "total_outstanding": text(order, totals.outstanding(order)),
        "total_weight": 0,
        "tax_lines": tax_lines(order, taxes),
        **both("current_subtotal_price", order, totals.current_subtotal(order)),
        **both("current_total_discounts", order, totals.current_discounts(order)),
        **both("current_total_tax", order, totals.current_tax(order)),
        **both("current_total_price", order, totals.current_total(order)),
        "current_total_duties_set": bag(order, totals.current_duties(order)) if duties else None,
        "original_total_duties_set": bag(order, duties) if duties else None,
        "current_total_additional_fees_set": None,
        "original_total_additional_fees_set": None,
    }


def _taxes(order: Order) -> list[Tax]:
    """Return the taxes of all that was charged, one of each name and rate."""
    found: dict[tuple[str, object], Tax] = {}
    charges: list[Line | Shipping] = [*order.lines, *order.shipping]
    for charge in charges:
        for tax in charge.taxes:
            before = found.get((tax.title, tax.rate))
            amount = tax.amount + (before.amount if before else 0)
            found[tax.title, tax.rate] = Tax(tax.title, tax.rate, amount)
    return list(found.values())


def _gateways(order: Order) -> list[str]:
    names = [one.gateway for one in order.transactions] or [order.gateway]
    return list(dict.fromkeys(names))
