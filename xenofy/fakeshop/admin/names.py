"""Types and global ids of records."""

from __future__ import annotations

from typing import Any

from xenofy.fakeshop import catalogue_records as goods
from xenofy.fakeshop import leaves, records

_TYPES: dict[type, str] = {
    records.Order: "Order",
    records.Line: "LineItem",
    records.Shipping: "ShippingLine",
    records.Refund: "Refund",
    records.RefundLine: "RefundLineItem",
    records.RefundedShipping: "RefundShippingLine",
    records.Adjustment: "OrderAdjustment",
    records.Transaction: "OrderTransaction",
    records.Fulfillment: "Fulfillment",
    records.Return: "Return",
    records.ReturnLine: "ReturnLineItem",
    leaves.Duty: "Duty",
    leaves.Address: "MailingAddress",
    goods.Product: "Product",
    goods.Variant: "ProductVariant",
    goods.Collection: "Collection",
    goods.Location: "Location",
    goods.Customer: "Customer",
    goods.Checkout: "AbandonedCheckout",
    goods.CheckoutLine: "AbandonedCheckoutLineItem",
    goods.Happened: "BasicEvent",
}
_AGREEMENTS = {
    "ORDER": "OrderAgreement",
    "ORDER_EDIT": "OrderEditAgreement",
    "REFUND": "RefundAgreement",
    "RETURN": "ReturnAgreement",
}
_SALES = {
    "PRODUCT": "ProductSale",
    "GIFT_CARD": "GiftCardSale",
    "TIP": "TipSale",
    "SHIPPING": "ShippingLineSale",
    "DUTY": "DutySale",
    "ADDITIONAL_FEE": "AdditionalFeeSale",
    "ADJUSTMENT": "AdjustmentSale",
}
_DISCOUNTS = {
    "code": "DiscountCodeApplication",
    "automatic": "AutomaticDiscountApplication",
    "manual": "ManualDiscountApplication",
}


def type_name(record: Any) -> str:
    """Return the GraphQL type of a record."""
    if isinstance(record, records.Sale):
        return _SALES[record.line_type]
    if isinstance(record, records.Agreement):
        return _AGREEMENTS[record.reason]
    if hasattr(record, "type_name"):
        return str(record.type_name)
    return _TYPES[type(record)]


def gid(kind: str, number: int | str) -> str:
    return f"gid://shopify/{kind}/{number}"


def discount_type(kind: str) -> str:
    return _DISCOUNTS[kind]


def number_of(global_id: str) -> tuple[str, int]:
    """Return the type and the number in a global id; 0 where there is none."""
    kind, _, number = global_id.removeprefix("gid://shopify/").partition("/")
    number = number.partition("?")[0]
    return kind, int(number) if number.isdigit() else 0
