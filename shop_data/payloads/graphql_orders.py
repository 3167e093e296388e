"""Orders as Shopify's Admin GraphQL API answers them, in the shape of its webhooks.

One shape is read further on: mirror, known orders and ledger have no second way. What a query
did not ask for is absent here too, and so says nothing. Fields are those of the version 2026-07.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shop_data.payloads.graphql_values import (
    Fields,
    amounts,
    nodes,
    read_fields,
    reference,
    same,
    shop_amount,
    shopify_id,
    small,
)
from shop_data.payloads.values import Body, amount, child

_NOT_SENT = {"UNFULFILLED", "OPEN", "IN_PROGRESS", "ON_HOLD", "SCHEDULED", "PENDING_FULFILLMENT",
             "REQUEST_DECLINED"}  # fmt: skip
DISCOUNTS = {
    "DiscountCodeApplication": "discount_code",
    "AutomaticDiscountApplication": "automatic",
    "ManualDiscountApplication": "manual",
    "ScriptDiscountApplication": "script",
}
_TIP = "tip"  # the title of a tip's line, which GraphQL marks by nothing else


def order_body(node: Body) -> dict[str, Any]:
    """Return the order `node` as a webhook would carry it."""
    body = {**read_fields(node, _ORDER), **amounts(node, _ORDER_AMOUNTS)}
    tip = child(node, "totalTipReceivedSet")
    if tip is not None:
        body["total_tip_received"] = shop_amount(tip)
    for name, of in (("lineItems", "line_items"), ("shippingLines", "shipping_lines")):
        if name in node:
            read = _line if name == "lineItems" else _shipping
            body[of] = [read(each) for each in nodes(node, name)]
    for line in body.get("line_items", ()) if tip and amount(shop_amount(tip), "tip") else ():
        _mark_tip(line)
    if "discountApplications" in node:
        found = nodes(node, "discountApplications")
        body["discount_applications"] = [
            _application(each) for each in sorted(found, key=lambda each: each.get("index") or 0)
        ]
    if "refunds" in node:
        body["refunds"] = [_refund(each, body.get("id")) for each in nodes(node, "refunds")]
    if "fulfillments" in node:
        body["fulfillments"] = [
            read_fields(each, _FULFILLMENT) for each in nodes(node, "fulfillments")
        ]
    return body


def _place(value: Any) -> Any:
    return None if value is None else read_fields(value, _ADDRESS)


def _sent(value: Any) -> str | None:
    if value is None or value in _NOT_SENT:
        return None
    return "partial" if value == "PARTIALLY_FULFILLED" else small(value)


# ── parts ─────────────────────────────────────────────────────────────────────────────────────


def _line(node: Body) -> dict[str, Any]:
    body = {**read_fields(node, _LINE), **amounts(node, {"originalUnitPriceSet": "price"}),
            **_shares(node)}  # fmt: skip
    for field in ("product", "variant"):
        if field in node:
            body[f"{field}_id"] = (reference(node[field]) or {}).get("id")
    if "duties" in node:
        body["duties"] = [
            {"id": shopify_id(duty.get("id")), **amounts(duty, {"price": "price"}), **_shares(duty)}
            for duty in nodes(node, "duties")
        ]
    return body


def _mark_tip(line: dict[str, Any]) -> None:
    is_custom = line.get("product_id") is None and not line.get("tax_lines")
    if is_custom and str(line.get("title")).lower() == _TIP:
        line["tip_payment_method"] = _TIP


def _shipping(node: Body) -> dict[str, Any]:
    names = {"originalPriceSet": "price", "discountedPriceSet": "discounted_price"}
    return {**read_fields(node, _SHIPPING), **amounts(node, names), **_shares(node)}


def _shares(node: Body) -> dict[str, Any]:
    """Return taxes and discounts of a line."""
    shares: dict[str, Any] = {}
    if "taxLines" in node:
        shares["tax_lines"] = _taxes(nodes(node, "taxLines"))
    if "discountAllocations" in node:
        shares["discount_allocations"] = [
            {**amounts(each, {"allocatedAmountSet": "amount"}),
             "discount_application_index": (child(each, "discountApplication") or {}).get("index")}
            for each in nodes(node, "discountAllocations")
        ]  # fmt: skip
    return shares


def _taxes(lines: Iterable[Body]) -> list[dict[str, Any]]:
    return [{**read_fields(each, _TAX), **amounts(each, {"priceSet": "price"})} for each in lines]


def _application(node: Body) -> dict[str, Any]:
    value = child(node, "value") or {}
    percentage = value.get("percentage")
    return {
        "type": DISCOUNTS.get(node.get("__typename", ""), small(node.get("__typename"))),
        "value": value.get("amount") if percentage is None else percentage,
        "value_type": "fixed_amount" if percentage is None else "percentage",
        **read_fields(node, _APPLICATION),
    }


def _refund(node: Body, order_id: Any) -> dict[str, Any]:
    return {
        "order_id": order_id,
        **read_fields(node, _REFUND),
        "refund_line_items": [_refund_line(each) for each in nodes(node, "refundLineItems")],
        "order_adjustments": [_adjustment(each) for each in nodes(node, "orderAdjustments")],
        "refund_shipping_lines": [
            {
                "id": shopify_id(each.get("id")),
                "shipping_line_id": (reference(each.get("shippingLine")) or {}).get("id"),
                **amounts(each, _REFUND_SHIPPING_AMOUNTS),
            }
            for each in nodes(node, "refundShippingLines")
        ],
        "duties": [amounts(each, {"amountSet": "amount"}) for each in nodes(node, "duties")],
    }


def _refund_line(node: Body) -> dict[str, Any]:
    line = reference(node.get("lineItem")) or {}
    money = amounts(node, {"subtotalSet": "subtotal", "totalTaxSet": "total_tax"})
    return {"line_item_id": line.get("id"), **read_fields(node, _REFUND_LINE), **money}


def _adjustment(node: Body) -> dict[str, Any]:
    """Return an adjustment: here all are discrepancies, shipping has its own lines."""
    money = amounts(node, {"amountSet": "amount", "taxAmountSet": "tax_amount"})
    return {"kind": "refund_discrepancy", **read_fields(node, _ADJUSTMENT), **money}


# ── names ─────────────────────────────────────────────────────────────────────────────────────

_ADDRESS: Fields = {
    **{name: (name, same) for name in ("name", "company", "address1", "address2", "city", "zip",
                                        "province", "country", "phone")},
    "provinceCode": ("province_code", same),
    "countryCodeV2": ("country_code", same),
}  # fmt: skip
_ORDER: Fields = {
    "id": ("id", shopify_id),
    **{name: (name, same) for name in ("name", "email", "phone", "note", "test")},
    "createdAt": ("created_at", same),
    "processedAt": ("processed_at", same),
    "updatedAt": ("updated_at", same),
    "closedAt": ("closed_at", same),
    "cancelledAt": ("cancelled_at", same),
    "cancelReason": ("cancel_reason", small),
    "displayFinancialStatus": ("financial_status", small),
    "displayFulfillmentStatus": ("fulfillment_status", _sent),
    "sourceName": ("source_name", same),
    "currencyCode": ("currency", same),
    "presentmentCurrencyCode": ("presentment_currency", same),
    "taxesIncluded": ("taxes_included", same),
    "tags": ("tags", lambda tags: ", ".join(tags) if isinstance(tags, list) else tags),
    "paymentGatewayNames": ("payment_gateway_names", same),
    "discountCodes": ("discount_codes", lambda codes: [{"code": code} for code in codes or []]),
    "customer": ("customer", reference),
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
    "id": ("id", shopify_id),
    **{name: (name, same) for name in ("title", "sku", "vendor", "quantity", "taxable")},
    "variantTitle": ("variant_title", same),
    "currentQuantity": ("current_quantity", same),
    "isGiftCard": ("gift_card", same),
    "requiresShipping": ("requires_shipping", same),
}
_SHIPPING: Fields = {
    "id": ("id", shopify_id),
    "title": ("title", same),
    "isRemoved": ("is_removed", same),
}
_TAX: Fields = {"title": ("title", same), "rate": ("rate", same)}
_APPLICATION: Fields = {
    "code": ("code", same),
    "title": ("title", same),
    "targetType": ("target_type", small),
}
_REFUND: Fields = {
    "id": ("id", shopify_id),
    "note": ("note", same),
    "createdAt": ("created_at", same),
    "processedAt": ("processed_at", same),
}
_REFUND_LINE: Fields = {
    "id": ("id", shopify_id),
    "quantity": ("quantity", same),
    "restockType": ("restock_type", small),
}
_REFUND_SHIPPING_AMOUNTS = {
    "subtotalAmountSet": "subtotal_amount",
    "taxAmountSet": "tax_amount",
}
_ADJUSTMENT: Fields = {"id": ("id", shopify_id), "reason": ("reason", small)}
_FULFILLMENT: Fields = {
    "id": ("id", shopify_id),
    "name": ("name", same),
    "status": ("status", small),
    "displayStatus": ("shipment_status", small),
    "createdAt": ("created_at", same),
    "updatedAt": ("updated_at", same),
}
