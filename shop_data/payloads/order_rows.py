"""The mirror's columns of an order and its parts, from a webhook body."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shop_data.payloads.money import MinorUnits, order_currency
from shop_data.payloads.orders import line_discount, order_moment
from shop_data.payloads.values import (
    Body,
    Columns,
    PayloadError,
    amount,
    child,
    currency,
    identifier,
    lower,
    moment,
    objects,
    presentment_amount,
    quantity,
    read,
    required_identifier,
    shop_amount,
    text,
    truth,
    whole,
    word,
)
from xenofy.common.money import from_minor

_ORDER: Columns = {
    "name": ("name", text),
    "email": ("email", text),
    "phone": ("phone", text),
    "presentment_currency": ("presentment_currency", currency),
    "taxes_included": ("taxes_included", truth),
    "financial_status": ("financial_status", word),
    "fulfillment_status": ("fulfillment_status", word),
    "cancel_reason": ("cancel_reason", word),
    "source_name": ("source_name", word),
    "tags": ("tags", text),
    "note": ("note", text),
    "checkout_token": ("checkout_token", word),
    "landing_site": ("landing_site", text),
    "referring_site": ("referring_site", text),
    "order_created_at": ("created_at", moment),
    "order_updated_at": ("updated_at", moment),
    "cancelled_at": ("cancelled_at", moment),
    "closed_at": ("closed_at", moment),
}
_AMOUNTS = {
    "subtotal_price": "subtotal_price",
    "total_tax": "total_tax",
    "total_discounts": "total_discounts",
    "total_shipping": "total_shipping_price",
    "total_tip": "total_tip_received",
    "total_duties": "original_total_duties",
    "total_additional_fees": "original_total_additional_fees",
    "current_total_price": "current_total_price",
}
_ITEM: Columns = {
    "product_shopify_id": ("product_id", identifier),
    "variant_shopify_id": ("variant_id", identifier),
    "title": ("title", text),
    "variant_title": ("variant_title", text),
    "sku": ("sku", text),
    "vendor": ("vendor", word),
    "current_quantity": ("current_quantity", whole),
    "fulfillment_status": ("fulfillment_status", word),
}
_ADDRESS: Columns = {
    name: (name, text)
    for name in (
        *("name", "company", "address1", "address2", "city", "province", "province_code"),
        *("country", "country_code", "zip", "phone"),
    )
}
_REFUND: Columns = {
    "note": ("note", text),
    "refund_created_at": ("created_at", moment),
    "processed_at": ("processed_at", moment),
}
_TITLED = ("automatic", "script")  # kinds of discounts that have a title and no code
_TRANSACTION: Columns = {
    "order_shopify_id": ("order_id", identifier),
    "parent_shopify_id": ("parent_id", identifier),
    "kind": ("kind", word),
    "status": ("status", word),
    "gateway": ("gateway", word),
    "amount": ("amount", amount),
    "currency": ("currency", currency),
    "error_code": ("error_code", word),
}


def order_row(body: Body) -> dict[str, Any]:
    """Return the columns of an order that stand in its body."""
    code = order_currency(body)
    total = shop_amount(body, "total_price")
    total_minor = MinorUnits(code).exact(total, "total_price")
    if total is None or total_minor is None:
        raise PayloadError("total_price is missing.")
    customer = child(body, "customer") or {}
    place = child(body, "shipping_address") or child(body, "billing_address") or {}
    row = read(body, _ORDER)
    return {
        "shopify_id": required_identifier(body),
        **row,
        **{column: shop_amount(body, field) for column, field in _AMOUNTS.items()},
        "currency": code,
        "total_price": total,
        "total_price_minor": total_minor,
        "presentment_total_price": presentment_amount(body, "total_price"),
        "test": truth(body.get("test"), "test") or False,
        "payment_gateways": _gateways(body),
        "discount_codes": _discount_codes(body),
        "customer_shopify_id": identifier(customer.get("id"), "customer.id"),
        "country_code": word(place.get("country_code"), "country_code"),
        "province_code": word(place.get("province_code"), "province_code"),
        "processed_at": order_moment(body),
        "email_search": lower(row.get("email")),
        "name_search": lower(row.get("name")),
    }


def item_rows(body: Body) -> list[dict[str, Any]]:
    """Return the columns of each line, in the order of the body."""
    money = MinorUnits(order_currency(body))
    return [
        {
            "shopify_id": required_identifier(item),
            "position": position,
            **dict.fromkeys(_ITEM),
            **read(item, _ITEM),
            "quantity": quantity(item),
            "price": shop_amount(item, "price") or Decimal(0),
            "presentment_price": presentment_amount(item, "price"),
            "total_discount": from_minor(line_discount(item, money), money.code),
            "gift_card": truth(item.get("gift_card"), "gift_card") or False,
        }
        for position, item in enumerate(objects(body, "line_items"))
    ]


def address_rows(body: Body) -> list[dict[str, Any]]:
    """Return the shipping and the billing address, where there is one."""
    found = []
    for kind in ("shipping", "billing"):
        address = child(body, f"{kind}_address")
        if address is not None:
            found.append({"type": kind, **dict.fromkeys(_ADDRESS), **read(address, _ADDRESS)})
    return found


def discount_rows(body: Body) -> list[dict[str, Any]]:
    """Return each discount application with what it took off the lines and the shipping."""
    money = MinorUnits(order_currency(body))
    taken: dict[int, int] = {}
    for item in [*objects(body, "line_items"), *objects(body, "shipping_lines")]:
        for share in objects(item, "discount_allocations"):
            index = whole(share.get("discount_application_index"), "discount_application_index")
            taken[index or 0] = taken.get(index or 0, 0) + (money.of(share, "amount") or 0)
    return [
        {
            "position": position,
            "type": word(application.get("type"), "type"),
            "code": word(application.get("code"), "code"),
            "title": text(application.get("title"), "title"),
            "target_type": word(application.get("target_type"), "target_type"),
            "value_type": word(application.get("value_type"), "value_type"),
            "value": amount(application.get("value"), "value"),
            "amount": from_minor(taken.get(position, 0), money.code),
        }
        for position, application in enumerate(objects(body, "discount_applications"))
    ]


def refund_row(body: Body, order_id: int) -> dict[str, Any]:
    """Return the columns of a refund."""
    return {
        "shopify_id": required_identifier(body),
        "order_shopify_id": order_id,
        **dict.fromkeys(_REFUND),
        **read(body, _REFUND),
    }


def refund_line_rows(body: Body) -> list[dict[str, Any]]:
    """Return the columns of each refunded line."""
    return [
        {
            "shopify_id": required_identifier(item),
            "line_item_shopify_id": required_identifier(item, "line_item_id"),
            "quantity": quantity(item),
            "restock_type": word(item.get("restock_type"), "restock_type"),
            "subtotal": shop_amount(item, "subtotal"),
            "total_tax": shop_amount(item, "total_tax"),
        }
        for item in objects(body, "refund_line_items")
    ]


def adjustment_rows(body: Body) -> list[dict[str, Any]]:
    """Return the columns of each order adjustment of a refund."""
    return [
        {
            "shopify_id": required_identifier(item),
            "kind": word(item.get("kind"), "kind"),
            "reason": text(item.get("reason"), "reason"),
            "amount": shop_amount(item, "amount") or Decimal(0),
            "tax_amount": shop_amount(item, "tax_amount") or Decimal(0),
        }
        for item in objects(body, "order_adjustments")
    ]


def transaction_row(body: Body) -> dict[str, Any]:
    """Return the columns of a transaction."""
    return {
        "shopify_id": required_identifier(body),
        **dict.fromkeys(_TRANSACTION),
        **read(body, _TRANSACTION),
        "test": truth(body.get("test"), "test") or False,
        "processed_at": moment(body.get("processed_at"), "processed_at")
        or moment(body.get("created_at"), "created_at"),
    }


def _discount_codes(body: Body) -> str:
    """Return codes and titles of automatic discounts; one given by hand is neither."""
    names = [item.get("code") for item in objects(body, "discount_codes")]
    for application in objects(body, "discount_applications"):
        is_titled = application.get("type") in _TITLED
        names.append(application.get("title" if is_titled else "code"))
    found = {word(name, "discount_codes") for name in names} - {None, ""}
    return (word(" + ".join(sorted(map(str, found))), "discount_codes") or "").strip()


def _gateways(body: Body) -> list[str | None]:
    names = body.get("payment_gateway_names") or []
    if not isinstance(names, list):
        raise PayloadError("payment_gateway_names is not a list.")
    return [word(name, "payment_gateway_names") for name in names]
