"""What may stay of bodies that are about somebody who is forgotten.

Only what figures and the mirror read and what says nothing of a person: numbers of Shopify,
amounts, moments, states, country and region, what was bought. All else goes, known or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Shape = Mapping[str, Any]  # field -> None for a plain value, else the shape of what is in it


def kept(value: Any, shape: Shape | None) -> Any:
    """Return what of a value has a place in its shape."""
    if isinstance(value, list):
        return [kept(item, shape) for item in value]
    if isinstance(value, Mapping):
        return {
            field: kept(inner, shape[field]) for field, inner in value.items() if field in shape
        } if shape is not None else None  # fmt: skip
    return value if shape is None else None


def _plain(*fields: str) -> dict[str, Any]:
    return dict.fromkeys(fields)


def _money(*fields: str) -> dict[str, Any]:
    """Return amounts, each with its set in the shop's and the customer's currency."""
    return _plain(*fields) | {f"{field}_set": MONEY_SET for field in fields}


_AMOUNT = _plain("amount", "currency_code")
MONEY_SET: Shape = {"shop_money": _AMOUNT, "presentment_money": _AMOUNT}
_TAXES: Shape = {**_plain("title", "rate"), **_money("price")}
_SHARES: Shape = {**_plain("discount_application_index"), **_money("amount")}
_CHARGED: Shape = {
    **_plain("id", "is_removed"),
    **_money("price", "discounted_price", "total_discount"),
    "discount_allocations": _SHARES,
    "tax_lines": _TAXES,
}
_LINE: Shape = {
    **_CHARGED,
    **_plain("product_id", "variant_id", "title", "variant_title", "sku", "vendor", "quantity"),
    **_plain("current_quantity", "gift_card", "fulfillment_status"),
    **_plain("tip_payment_gateway", "tip_payment_method"),
    "duties": {**_plain("id"), **_money("price"), **MONEY_SET, "tax_lines": _TAXES},
}
_DISCOUNT: Shape = _plain("type", "code", "title", "target_type", "value_type", "value")
TRANSACTION: Shape = _plain(
    *("id", "order_id", "parent_id", "kind", "status", "gateway", "amount", "currency"),
    *("error_code", "test", "processed_at", "created_at"),
)
_GIVEN_BACK: Shape = {**_plain("id", "duty_id"), **_money("amount")}
REFUND: Shape = {
    **_plain("id", "order_id", "created_at", "processed_at", "updated_at"),
    "refund_line_items": {
        **_plain("id", "line_item_id", "quantity", "restock_type"),
        **_money("subtotal", "total_tax"),
    },
    "order_adjustments": {
        **_plain("id", "order_id", "refund_id", "kind", "reason"),
        **_money("amount", "tax_amount"),
    },
    "refund_shipping_lines": {
        **_plain("id", "shipping_line_id"),
        **_money("subtotal", "subtotal_amount", "tax_amount"),
        "shipping_line": _plain("id"),
    },
    "duties": _GIVEN_BACK,
    "additional_fees": _GIVEN_BACK,
    "total_duties_set": MONEY_SET,
    "total_additional_fees_set": MONEY_SET,
    "transactions": TRANSACTION,
}
FULFILLMENT: Shape = {
    **_plain("id", "order_id", "location_id", "name", "status", "shipment_status", "service"),
    **_plain("tracking_company", "created_at", "updated_at"),
    "line_items": _plain("id", "quantity"),
}
_PLACE: Shape = _plain("country_code", "province_code")
ORDER: Shape = {
    **_plain("id", "name", "currency", "presentment_currency", "test", "taxes_included"),
    **_plain("financial_status", "fulfillment_status", "cancel_reason", "source_name"),
    **_plain("created_at", "updated_at", "processed_at", "cancelled_at", "closed_at"),
    **_plain("payment_gateway_names"),
    **_money("total_price", "subtotal_price", "total_tax", "total_discounts"),
    **_money("total_shipping_price", "total_tip_received", "current_total_price"),
    **_money("original_total_duties", "original_total_additional_fees"),
    "customer": _plain("id"),
    "shipping_address": _PLACE,
    "billing_address": _PLACE,
    "line_items": _LINE,
    "shipping_lines": _CHARGED,
    "tax_lines": _TAXES,
    "discount_codes": _plain("code", "amount", "type"),
    "discount_applications": _DISCOUNT,
    "refunds": REFUND,
    "fulfillments": FULFILLMENT,
}
_DELTAS: Shape = _plain("id", "delta")
_EDIT: Shape = {
    **_plain("id", "order_id", "created_at", "committed_at"),
    "line_items": {"additions": _DELTAS, "removals": _DELTAS},
}
EDITED: Shape = {**_EDIT, "order_edit": _EDIT}
FULFILLMENT_EVENT: Shape = _plain(
    "id", "fulfillment_id", "order_id", "status", "happened_at", "created_at", "updated_at"
)
RETURN: Shape = {
    **_plain("id", "admin_graphql_api_id", "return_id", "order_id", "name", "status"),
    **_plain("created_at", "updated_at"),
    "return": _plain("id"),
    "order": _plain("id"),
    "return_line_items": {
        **_plain("id", "admin_graphql_api_id", "quantity", "return_reason", "reason"),
        "line_item": _plain("id"),
        "fulfillment_line_item": {"line_item": _plain("id")},
    },
}
DISPUTE: Shape = _plain(
    *("id", "order_id", "type", "status", "reason", "amount", "currency", "initiated_at"),
    *("evidence_due_by", "finalized_on", "updated_at"),
)
CHECKOUT: Shape = {
    **_plain("id", "currency", "total_price", "subtotal_price", "total_discounts"),
    **_plain("source_name", "created_at", "updated_at", "completed_at", "closed_at"),
    "customer": _plain("id"),
    "line_items": _plain("product_id", "variant_id", "title", "quantity", "line_price"),
}
CUSTOMER: Shape = _plain("id", "updated_at")
MERGE: Shape = _plain(
    *("admin_graphql_api_customer_deleted_id", "admin_graphql_api_customer_kept_id"),
    *("admin_graphql_api_id_customer_deleted", "admin_graphql_api_id_customer_kept", "status"),
)
ABOUT_CUSTOMER: Shape = _plain(
    "customer_id", "customerId", "admin_graphql_api_customer_id", "admin_graphql_api_id"
)
