"""Orders of the tests as Shopify's Admin GraphQL API would answer them.

Written against the schema and the queries in `../shared/shopify`, by hand, from the webhook's
body: so the two shapes of one order can be held against each other.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Body = dict[str, Any]
Node = dict[str, Any]

TYPES = {
    "discount_code": "DiscountCodeApplication",
    "automatic": "AutomaticDiscountApplication",
    "manual": "ManualDiscountApplication",
}


def order_node(body: Body, *, edges: bool = False) -> Node:
    """Return the node of an order; its connections have `edges`, as in bulk, or `nodes`."""

    def connection(nodes: list[Node]) -> Node:
        return {"edges": [{"node": node} for node in nodes]} if edges else {"nodes": nodes}

    sent = (body["fulfillment_status"] or "unfulfilled").upper()
    tip = {**body["total_price_set"]["shop_money"], "amount": body["total_tip_received"]}
    return {
        "__typename": "Order",
        "id": gid("Order", body["id"]),
        "name": body["name"],
        "email": body["email"],
        "createdAt": body["created_at"],
        "processedAt": body["processed_at"],
        "updatedAt": body["updated_at"],
        "cancelledAt": body["cancelled_at"],
        "cancelReason": (body.get("cancel_reason") or "").upper() or None,
        "currencyCode": body["currency"],
        "presentmentCurrencyCode": body["presentment_currency"],
        "displayFinancialStatus": body["financial_status"].upper(),
        "displayFulfillmentStatus": "PARTIALLY_FULFILLED" if sent == "PARTIAL" else sent,
        "sourceName": body["source_name"],
        "paymentGatewayNames": body["payment_gateway_names"],
        "test": body["test"],
        "taxesIncluded": body["taxes_included"],
        "customer": body["customer"] and {"id": gid("Customer", body["customer"]["id"])},
        "shippingAddress": address(body["shipping_address"]),
        "billingAddress": address(body["billing_address"]),
        "totalPriceSet": bag(body["total_price_set"]),
        "totalTaxSet": bag(body["total_tax_set"]),
        "totalDiscountsSet": bag(body["total_discounts_set"]),
        "totalTipReceivedSet": bag({"shop_money": tip}),
        "originalTotalDutiesSet": bag(body["original_total_duties_set"]),
        "originalTotalAdditionalFeesSet": bag(body["original_total_additional_fees_set"]),
        "discountApplications": connection(
            [application(each, n) for n, each in enumerate(body["discount_applications"])]
        ),
        "discountCodes": [each["code"] for each in body["discount_applications"]
                          if each["type"] == "discount_code"],
        "lineItems": connection([line(each) for each in body["line_items"]]),
        "shippingLines": connection([shipping(each) for each in body["shipping_lines"]]),
        "refunds": [refund(each, body, connection) for each in body["refunds"]],
        "fulfillments": [],
    }  # fmt: skip


def gid(kind: str, number: Any) -> str:
    return f"gid://shopify/{kind}/{number}"


def bag(money_set: Body | None) -> Node | None:
    """Return a money set as a `MoneyBag`."""
    if money_set is None:
        return None
    sides = {"shop_money": "shopMoney", "presentment_money": "presentmentMoney"}
    return {
        sides[side]: {"amount": money["amount"], "currencyCode": money["currency_code"]}
        for side, money in money_set.items()
    }


def address(body: Body | None) -> Node | None:
    if body is None:
        return None
    return {
        "countryCodeV2": body["country_code"],
        "provinceCode": body["province_code"],
        "city": body.get("city"),
        "zip": body.get("zip"),
    }


def line(body: Body) -> Node:
    is_tip = "tip_payment_gateway" in body
    product = None if is_tip or body["product_id"] is None else body["product_id"]
    return {
        "__typename": "LineItem",
        "id": gid("LineItem", body["id"]),
        "title": "Tip" if is_tip else body["title"],
        "sku": body["sku"],
        "vendor": body["vendor"],
        "quantity": body["quantity"],
        "currentQuantity": body["current_quantity"],
        "isGiftCard": body["gift_card"],
        "product": product and {"id": gid("Product", product)},
        "variant": product and {"id": gid("ProductVariant", body["variant_id"])},
        "originalUnitPriceSet": bag(body["price_set"]),
        "taxLines": taxes(body["tax_lines"]),
        "discountAllocations": allocations(body["discount_allocations"]),
        "duties": [
            {"id": gid("Duty", duty["id"]), "taxLines": [],
             "price": bag({side: duty[side] for side in ("shop_money", "presentment_money")})}
            for duty in body["duties"]
        ],
    }  # fmt: skip


def shipping(body: Body) -> Node:
    return {
        "__typename": "ShippingLine",
        "id": gid("ShippingLine", body["id"]),
        "title": body["title"],
        "isRemoved": body.get("is_removed", False),
        "originalPriceSet": bag(body["price_set"]),
        "discountedPriceSet": bag(body["discounted_price_set"]),
        "taxLines": taxes(body["tax_lines"]),
        "discountAllocations": allocations(body["discount_allocations"]),
    }


def taxes(lines: list[Body]) -> list[Node]:
    return [{"title": each["title"], "rate": each["rate"], "priceSet": bag(each["price_set"])}
            for each in lines]  # fmt: skip


def allocations(shares: list[Body]) -> list[Node]:
    return [
        {
            "allocatedAmountSet": bag(each["amount_set"]),
            "discountApplication": {"index": each["discount_application_index"]},
        }
        for each in shares
    ]


def application(body: Body, index: int) -> Node:
    name = "code" if body["type"] == "discount_code" else "title"
    return {
        "__typename": TYPES[body["type"]],
        "index": index,
        name: body[name],
        "targetType": body["target_type"].upper(),
        "value": {"__typename": "PricingPercentageValue", "percentage": body["value"]},
    }


def refund(body: Body, order: Body, connection: Any) -> Node:
    """Return a refund; shipping given back is never an adjustment here."""
    adjustments = body["order_adjustments"]
    given_back = [each for each in adjustments if each["kind"] == "shipping_refund"]
    lines = [refunded_shipping(each, order) for each in given_back]
    lines = lines or [
        {
            "id": gid("RefundShippingLine", each["id"]),
            "shippingLine": {"id": gid("ShippingLine", each["shipping_line_id"])},
            "subtotalAmountSet": bag(each["subtotal_amount_set"]),
            "taxAmountSet": bag(each["tax_amount_set"]),
        }
        for each in body.get("refund_shipping_lines", [])
    ]
    return {
        "id": gid("Refund", body["id"]),
        "createdAt": body["created_at"],
        "processedAt": body["processed_at"],
        "note": body["note"],
        "refundLineItems": connection([refund_line(each) for each in body["refund_line_items"]]),
        "refundShippingLines": connection(lines),
        "orderAdjustments": connection(
            [
                {
                    "id": gid("OrderAdjustment", each["id"]),
                    "reason": "REFUND_DISCREPANCY",
                    "amountSet": bag(each["amount_set"]),
                    "taxAmountSet": bag(each["tax_amount_set"]),
                }
                for each in adjustments
                if each not in given_back
            ]
        ),
        "duties": [{"amountSet": bag(each["amount_set"])} for each in body["duties"]],
    }


def refund_line(body: Body) -> Node:
    return {
        "id": gid("RefundLineItem", body["id"]),
        "lineItem": {"id": gid("LineItem", body["line_item_id"])},
        "quantity": body["quantity"],
        "restockType": body["restock_type"].upper(),
        "subtotalSet": bag(body["subtotal_set"]),
        "totalTaxSet": bag(body["total_tax_set"]),
    }


def refunded_shipping(adjustment: Body, order: Body) -> Node:
    amount, tax = (-Decimal(adjustment[name]) for name in ("amount", "tax_amount"))
    code = order["currency"]
    subtotal = amount + tax if order["taxes_included"] else amount
    return {
        "id": gid("RefundShippingLine", adjustment["id"]),
        "shippingLine": {"id": gid("ShippingLine", order["shipping_lines"][0]["id"])},
        "subtotalAmountSet": {"shopMoney": {"amount": str(subtotal), "currencyCode": code}},
        "taxAmountSet": {"shopMoney": {"amount": str(tax), "currencyCode": code}},
    }
