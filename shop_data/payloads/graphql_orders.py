"""Orders as Shopify's Admin GraphQL API answers them, in the shape of its webhooks.

One shape is read further on: mirror, known orders and ledger have no second way. What a query
did not ask for is absent here too, and so says nothing. Fields are those of the version 2026-07.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shop_data.payloads.values import Body, PayloadError, amount, child, identifier, objects, text

Convert = Callable[[Any], Any]
Fields = Mapping[str, tuple[str, Convert]]  # GraphQL's name -> the webhook's, and its value

_NOT_SENT = {"UNFULFILLED", "OPEN", "IN_PROGRESS", "ON_HOLD", "SCHEDULED", "PENDING_FULFILLMENT",
             "REQUEST_DECLINED"}  # fmt: skip
_DISCOUNTS = {
    "DiscountCodeApplication": "discount_code",
    "AutomaticDiscountApplication": "automatic",
    "ManualDiscountApplication": "manual",
    "ScriptDiscountApplication": "script",
}
_TIP = "tip"  # the title of a tip's line, which GraphQL marks by nothing else


def order_body(node: Body) -> dict[str, Any]:
    """Return the order `node` as a webhook would carry it."""
    body = {**_read(node, _ORDER), **_amounts(node, _ORDER_AMOUNTS)}
    tip = child(node, "totalTipReceivedSet")
    if tip is not None:
        body["total_tip_received"] = _shop_side(tip)
    for name, of in (("lineItems", "line_items"), ("shippingLines", "shipping_lines")):
        if name in node:
            read = _line if name == "lineItems" else _shipping
            body[of] = [read(each) for each in _all(node, name)]
    for line in body.get("line_items", ()) if tip and amount(_shop_side(tip), "tip") else ():
        _mark_tip(line)
    if "discountApplications" in node:
        found = _all(node, "discountApplications")
        body["discount_applications"] = [
            _application(each) for each in sorted(found, key=lambda each: each.get("index") or 0)
        ]
    if "refunds" in node:
        body["refunds"] = [_refund(each, body.get("id")) for each in _all(node, "refunds")]
    if "fulfillments" in node:
        body["fulfillments"] = [_read(each, _FULFILLMENT) for each in _all(node, "fulfillments")]
    return body


# ── values ────────────────────────────────────────────────────────────────────────────────────


def _same(value: Any) -> Any:
    return value


def _id(value: Any) -> int | str | None:
    """Return the end of a `gid://`: mostly a number, of shipping lines also a text."""
    try:
        return identifier(value, "id")
    except PayloadError:
        return (text(value, "id") or "").rsplit("/", 1)[-1].split("?", 1)[0]


def _lower(value: Any) -> str | None:
    return (text(value, "enum") or "").lower() or None


def _of(value: Any) -> Any:
    """Return the id of an object that is referred to."""
    return None if value is None else {"id": _id(value.get("id"))}


def _bag(value: Any) -> Any:
    """Return a `MoneyBag` as the money set of a webhook."""
    if value is None:
        return None
    sides = {"shopMoney": "shop_money", "presentmentMoney": "presentment_money"}
    return {
        side: {
            "amount": value[name].get("amount"),
            "currency_code": value[name].get("currencyCode"),
        }
        for name, side in sides.items()
        if value.get(name)
    }


def _shop_side(bag: Body) -> Any:
    return (child(bag, "shopMoney") or {}).get("amount")


def _all(node: Body, field: str) -> list[Body]:
    """Return the nodes of a connection, however it was asked for; a list is one already."""
    found = node.get(field)
    if isinstance(found, Mapping):
        edges = [edge["node"] for edge in objects(found, "edges") if edge.get("node")]
        return [*objects(found, "nodes"), *edges]
    return objects(node, field)


def _read(node: Body, fields: Fields) -> dict[str, Any]:
    return {
        name: convert(node[field]) for field, (name, convert) in fields.items() if field in node
    }


def _amounts(node: Body, names: Mapping[str, str]) -> dict[str, Any]:
    """Return money sets under their name and, as webhooks do, the shop's side alone."""
    found: dict[str, Any] = {}
    for field, name in names.items():
        if field in node:
            bag = node[field]
            found |= {name: bag and _shop_side(bag), f"{name}_set": _bag(bag)}
    return found


def _place(value: Any) -> Any:
    return None if value is None else _read(value, _ADDRESS)


def _sent(value: Any) -> str | None:
    if value is None or value in _NOT_SENT:
        return None
    return "partial" if value == "PARTIALLY_FULFILLED" else _lower(value)


# ── parts ─────────────────────────────────────────────────────────────────────────────────────


def _line(node: Body) -> dict[str, Any]:
    body = {**_read(node, _LINE), **_amounts(node, {"originalUnitPriceSet": "price"}),
            **_shares(node)}  # fmt: skip
    for field in ("product", "variant"):
        if field in node:
            body[f"{field}_id"] = (_of(node[field]) or {}).get("id")
    if "duties" in node:
        body["duties"] = [
            {"id": _id(duty.get("id")), **_amounts(duty, {"price": "price"}), **_shares(duty)}
            for duty in _all(node, "duties")
        ]
    return body


def _mark_tip(line: dict[str, Any]) -> None:
    is_custom = line.get("product_id") is None and not line.get("tax_lines")
    if is_custom and str(line.get("title")).lower() == _TIP:
        line["tip_payment_method"] = _TIP


def _shipping(node: Body) -> dict[str, Any]:
    names = {"originalPriceSet": "price", "discountedPriceSet": "discounted_price"}
    return {**_read(node, _SHIPPING), **_amounts(node, names), **_shares(node)}


def _shares(node: Body) -> dict[str, Any]:
    """Return taxes and discounts of a line."""
    shares: dict[str, Any] = {}
    if "taxLines" in node:
        shares["tax_lines"] = _taxes(_all(node, "taxLines"))
    if "discountAllocations" in node:
        shares["discount_allocations"] = [
            {**_amounts(each, {"allocatedAmountSet": "amount"}),
             "discount_application_index": (child(each, "discountApplication") or {}).get("index")}
            for each in _all(node, "discountAllocations")
        ]  # fmt: skip
    return shares


def _taxes(lines: Iterable[Body]) -> list[dict[str, Any]]:
    return [{**_read(each, _TAX), **_amounts(each, {"priceSet": "price"})} for each in lines]


def _application(node: Body) -> dict[str, Any]:
    value = child(node, "value") or {}
    percentage = value.get("percentage")
    return {
        "type": _DISCOUNTS.get(node.get("__typename", ""), _lower(node.get("__typename"))),
        "value": value.get("amount") if percentage is None else percentage,
        "value_type": "fixed_amount" if percentage is None else "percentage",
        **_read(node, _APPLICATION),
    }


def _refund(node: Body, order_id: Any) -> dict[str, Any]:
    return {
        "order_id": order_id,
        **_read(node, _REFUND),
        "refund_line_items": [_refund_line(each) for each in _all(node, "refundLineItems")],
        "order_adjustments": [_adjustment(each) for each in _all(node, "orderAdjustments")],
        "refund_shipping_lines": [
            {
                "id": _id(each.get("id")),
                "shipping_line_id": (_of(each.get("shippingLine")) or {}).get("id"),
                **_amounts(each, _REFUND_SHIPPING_AMOUNTS),
            }
            for each in _all(node, "refundShippingLines")
        ],
        "duties": [_amounts(each, {"amountSet": "amount"}) for each in _all(node, "duties")],
    }


def _refund_line(node: Body) -> dict[str, Any]:
    line = _of(node.get("lineItem")) or {}
    amounts = _amounts(node, {"subtotalSet": "subtotal", "totalTaxSet": "total_tax"})
    return {"line_item_id": line.get("id"), **_read(node, _REFUND_LINE), **amounts}


def _adjustment(node: Body) -> dict[str, Any]:
    """Return an adjustment: here all are discrepancies, shipping has its own lines."""
    amounts = _amounts(node, {"amountSet": "amount", "taxAmountSet": "tax_amount"})
    return {"kind": "refund_discrepancy", **_read(node, _ADJUSTMENT), **amounts}


# ── names ─────────────────────────────────────────────────────────────────────────────────────

_ADDRESS: Fields = {
    **{name: (name, _same) for name in ("name", "company", "address1", "address2", "city", "zip",
                                        "province", "country", "phone")},
    "provinceCode": ("province_code", _same),
    "countryCodeV2": ("country_code", _same),
}  # fmt: skip
_ORDER: Fields = {
    "id": ("id", _id),
    **{name: (name, _same) for name in ("name", "email", "phone", "note", "test")},
    "createdAt": ("created_at", _same),
    "processedAt": ("processed_at", _same),
    "updatedAt": ("updated_at", _same),
    "closedAt": ("closed_at", _same),
    "cancelledAt": ("cancelled_at", _same),
    "cancelReason": ("cancel_reason", _lower),
    "displayFinancialStatus": ("financial_status", _lower),
    "displayFulfillmentStatus": ("fulfillment_status", _sent),
    "sourceName": ("source_name", _same),
    "currencyCode": ("currency", _same),
    "presentmentCurrencyCode": ("presentment_currency", _same),
    "taxesIncluded": ("taxes_included", _same),
    "tags": ("tags", lambda tags: ", ".join(tags) if isinstance(tags, list) else tags),
    "paymentGatewayNames": ("payment_gateway_names", _same),
    "discountCodes": ("discount_codes", lambda codes: [{"code": code} for code in codes or []]),
    "customer": ("customer", _of),
    "billingAddress": ("billing_address", _place),
    "shippingAddress": ("shipping_address", _place),
    "taxLines": ("tax_lines", lambda lines: _taxes(lines or [])),
}
_ORDER_AMOUNTS = {
    "subtotalPriceSet": "subtotal_price",
    "totalPriceSet": "total_price",
    "totalTaxSet": "total_tax",
    "totalDiscountsSet": "total_discounts",
    "totalShippingPriceSet": "total_shipping_price",
    "currentTotalPriceSet": "current_total_price",
    "originalTotalDutiesSet": "original_total_duties",
    "originalTotalAdditionalFeesSet": "original_total_additional_fees",
}
_LINE: Fields = {
    "id": ("id", _id),
    **{name: (name, _same) for name in ("title", "sku", "vendor", "quantity", "taxable")},
    "variantTitle": ("variant_title", _same),
    "currentQuantity": ("current_quantity", _same),
    "isGiftCard": ("gift_card", _same),
    "requiresShipping": ("requires_shipping", _same),
}
_SHIPPING: Fields = {
    "id": ("id", _id),
    "title": ("title", _same),
    "isRemoved": ("is_removed", _same),
}
_TAX: Fields = {"title": ("title", _same), "rate": ("rate", _same)}
_APPLICATION: Fields = {
    "code": ("code", _same),
    "title": ("title", _same),
    "targetType": ("target_type", _lower),
}
_REFUND: Fields = {
    "id": ("id", _id),
    "note": ("note", _same),
    "createdAt": ("created_at", _same),
    "processedAt": ("processed_at", _same),
}
_REFUND_LINE: Fields = {
    "id": ("id", _id),
    "quantity": ("quantity", _same),
    "restockType": ("restock_type", _lower),
}
_REFUND_SHIPPING_AMOUNTS = {
    "subtotalAmountSet": "subtotal_amount",
    "taxAmountSet": "tax_amount",
}
_ADJUSTMENT: Fields = {"id": ("id", _id), "reason": ("reason", _lower)}
_FULFILLMENT: Fields = {
    "id": ("id", _id),
    "name": ("name", _same),
    "status": ("status", _lower),
    "displayStatus": ("shipment_status", _lower),
    "createdAt": ("created_at", _same),
    "updatedAt": ("updated_at", _same),
}
