"""The bodies that Shopify would deliver for what happened in a made-up shop."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bench.facts import Line, Order, Refund, Shop

Json = dict[str, Any]


def encode(body: Json) -> bytes:
    """Write JSON as Shopify does: compact, ASCII kept, slashes escaped."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return text.replace("/", "\\/").encode()


def local(shop: Shop, at: datetime) -> str:
    """Write a moment with the shop's offset."""
    return at.astimezone(shop.zone).isoformat()


def order_body(shop: Shop, order: Order, customer: Json | None, updated_at: datetime) -> Json:
    """Return the body of an order as it stands."""
    total = _total(shop, order)
    return {
        "id": order.id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order.id}",
        "name": f"#{order.id % 10**6}",
        "email": customer and customer["email"],
        "created_at": local(shop, order.placed_at),
        "updated_at": local(shop, updated_at),
        "processed_at": local(shop, order.placed_at),
        "cancelled_at": order.cancelled_at and local(shop, order.cancelled_at),
        "cancel_reason": "customer" if order.cancelled_at else None,
        "currency": shop.currency,
        "presentment_currency": shop.currency,
        "financial_status": _financial_status(order),
        "fulfillment_status": "fulfilled" if order.fulfillments else None,
        "source_name": "web",
        "tags": "soak, überall",
        "note": order.note,
        "test": order.test,
        "taxes_included": shop.taxes_included,
        "total_price": shop.money(total),
        "total_price_set": _both(shop, total),
        "subtotal_price": shop.money(sum(line.charged for line in order.lines)),
        "total_discounts": shop.money(sum(line.discount for line in order.lines)),
        "total_tip_received": shop.money(order.tip),
        "payment_gateway_names": ["card"],
        "customer": customer,
        "shipping_address": _address("Café Ñandú", "MH", "IN"),
        "billing_address": _address("日本橋 2-1", "KA", "IN"),
        "line_items": [_line(shop, order, line) for line in order.lines],
        "shipping_lines": [_shipping(shop, order)] if order.shipping else [],
        "fulfillments": [fulfillment_body(shop, order, *item) for item in order.fulfillments],
        "refunds": [refund_body(shop, order, refund) for refund in order.refunds],
    }


def refund_body(shop: Shop, order: Order, refund: Refund) -> Json:
    """Return a refund; its line amounts are JSON numbers, as Shopify sends them."""
    return {
        "id": refund.id,
        "order_id": order.id,
        "created_at": local(shop, refund.at),
        "processed_at": local(shop, refund.at),
        "note": "did not fit",
        "refund_line_items": [
            {
                "id": item.id,
                "line_item_id": item.line.id,
                "quantity": item.units,
                "restock_type": "return",
                "subtotal": float(shop.money(item.subtotal)),
                "subtotal_set": _both(shop, item.subtotal),
                "total_tax": float(shop.money(item.tax)),
                "total_tax_set": _both(shop, item.tax),
            }
            for item in refund.lines
        ],
        "order_adjustments": [
            {
                "id": item.id,
                "order_id": order.id,
                "refund_id": refund.id,
                "kind": item.kind,
                "reason": "Shipping refund",
                "amount": shop.money(item.amount),
                "tax_amount": shop.money(item.tax),
            }
            for item in refund.adjustments
        ],
        "transactions": [],
    }


def edit_body(shop: Shop, order: Order, edit_id: int, at: datetime, changes: Json) -> Json:
    """Return `orders/edited`, which names lines and by how many units they changed."""
    return {
        "order_edit": {
            "id": edit_id,
            "order_id": order.id,
            "created_at": local(shop, at),
            "committed_at": local(shop, at),
            "notify_customer": False,
            "line_items": {"additions": [], "removals": [], **changes},
        }
    }


def fulfillment_body(
    shop: Shop, order: Order, fulfillment_id: int, at: datetime, status: str
) -> Json:
    """Return a fulfilment of all lines."""
    return {
        "id": fulfillment_id,
        "order_id": order.id,
        "status": status,
        "service": "manual",
        "name": f"#{order.id % 10**6}.1",
        "created_at": local(shop, at),
        "updated_at": local(shop, at),
        "tracking_company": "DHL",
        "tracking_numbers": ["JD014600003"],
        "line_items": [{"id": line.id, "quantity": line.quantity} for line in order.lines],
    }


def _line(shop: Shop, order: Order, line: Line) -> Json:
    return {
        "id": line.id,
        "product_id": line.product,
        "variant_id": line.product * 10,
        "title": f"Handloom / {line.product}",
        "variant_title": "M",
        "sku": f"HL-{line.product}",
        "vendor": "Soak",
        "quantity": line.quantity,
        "current_quantity": order.remaining(line),
        "price": shop.money(line.price),
        "price_set": _both(shop, line.price),
        "gift_card": line.gift_card,
        "taxable": True,
        "properties": [{"name": "engraving", "value": "O'Hara & Söhne"}],
        "discount_allocations": _discounts(shop, line.discount),
        "tax_lines": _taxes(shop, line.tax(shop), line.rate),
        "duties": [],
    }


def _shipping(shop: Shop, order: Order) -> Json:
    return {
        "id": order.id * 10 + 9,
        "title": "Standard",
        "price": shop.money(order.shipping),
        "price_set": _both(shop, order.shipping),
        "discount_allocations": [],
        "tax_lines": _taxes(shop, order.shipping_tax(shop), order.shipping_rate),
    }


def _discounts(shop: Shop, amount: int) -> list[Json]:
    if not amount:
        return []
    share = {"amount": shop.money(amount), "amount_set": _both(shop, amount)}
    return [{**share, "discount_application_index": 0}]


def _taxes(shop: Shop, amount: int, rate: int) -> list[Json]:
    price = {"price": shop.money(amount), "price_set": _both(shop, amount)}
    return [{"title": "Tax", "rate": rate / 1000, **price}]


def _total(shop: Shop, order: Order) -> int:
    total = sum(line.charged for line in order.lines) + order.shipping + order.tip
    if not shop.taxes_included:
        total += sum(line.tax(shop) for line in order.lines) + order.shipping_tax(shop)
    return total


def _financial_status(order: Order) -> str:
    if order.refunds:
        return "partially_refunded"
    if order.cancelled_at:
        return "voided"
    return "paid" if order.paid else "pending"


def _both(shop: Shop, minor: int) -> Json:
    """Return a money bag whose two sides are the same."""
    side = {"amount": shop.money(minor), "currency_code": shop.currency}
    return {"shop_money": side, "presentment_money": side}


def _address(street: str, province: str, country: str) -> Json:
    return {
        "name": "Asha Rao",
        "address1": street,
        "city": "Pune",
        "province_code": province,
        "country_code": country,
        "zip": "411001",
    }
