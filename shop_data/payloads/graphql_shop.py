"""The shop, its people, products, stock and checkouts as the Admin GraphQL API answers them, in the
shape of its webhooks. Fields are those of the version 2026-07."""

from __future__ import annotations

from typing import Any

from shop_data.payloads.graphql_values import (
    Fields,
    nodes,
    read_fields,
    reference,
    same,
    shop_amount,
    shopify_id,
    small,
)
from shop_data.payloads.values import Body, child

Found = dict[str, Any]


def store_body(node: Body) -> Found:
    """Return the shop."""
    place = child(node, "shopAddress") or {}
    return {
        **read_fields(node, _STORE),
        "domain": (child(node, "primaryDomain") or {}).get("host"),
        "plan_display_name": (child(node, "plan") or {}).get("publicDisplayName"),
        "country_code": place.get("countryCodeV2"),
        "province": place.get("province"),
        "city": place.get("city"),
    }


def location_body(node: Body) -> Found:
    """Return a location."""
    place = child(node, "address") or {}
    return {**read_fields(node, _LOCATION), **read_fields(place, _PLACE)}


def customer_body(node: Body) -> Found:
    """Return a customer; what was not asked for is absent, and so says nothing."""
    body = read_fields(node, _CUSTOMER)
    email = child(node, "defaultEmailAddress") or {}
    if "defaultEmailAddress" in node:
        body["email"] = email.get("emailAddress")
    if "defaultPhoneNumber" in node:
        body["phone"] = (child(node, "defaultPhoneNumber") or {}).get("phoneNumber")
    if email.get("marketingState"):
        body["email_marketing_consent"] = {"state": small(email["marketingState"])}
    place = child(node, "defaultAddress")
    if place:
        body["default_address"] = read_fields(place, _CUSTOMER_PLACE)
    return body


def summary_body(node: Body) -> Found:
    """Return what Shopify says a customer bought."""
    spent = child(node, "amountSpent") or {}
    return {
        "customer_id": shopify_id(node.get("id")),
        "number_of_orders": node.get("numberOfOrders"),
        "amount_spent": {
            "amount": spent.get("amount"),
            "currency_code": spent.get("currencyCode"),
        },
        "updated_at": node.get("updatedAt"),
    }


def product_body(node: Body) -> Found:
    """Return a product with its variants."""
    variants = sorted(nodes(node, "variants"), key=lambda each: each.get("position") or 0)
    return {**read_fields(node, _PRODUCT), "variants": [_variant(each) for each in variants]}


def item_bodies(node: Body) -> list[Found]:
    """Return the inventory items of a product's variants: what they cost."""
    return [
        {
            **read_fields(item, _ITEM),
            "cost": (child(item, "unitCost") or {}).get("amount"),
        }
        for variant in nodes(node, "variants")
        if (item := child(variant, "inventoryItem"))
    ]


def level_bodies(node: Body) -> list[tuple[Found, bool]]:
    """Return the stock of an inventory item at each location, and whether it is kept there."""
    return [
        (
            {
                "inventory_item_id": shopify_id(node.get("id")),
                "location_id": (reference(level.get("location")) or {}).get("id"),
                "available": _available(level),
                "updated_at": level.get("updatedAt"),
            },
            bool(level.get("isActive")),
        )
        for level in nodes(node, "inventoryLevels")
    ]


def checkout_body(node: Body) -> Found:
    """Return a checkout that was left, or completed later."""
    customer = child(node, "customer") or {}
    total = child(node, "totalPriceSet") or {}
    return {
        **read_fields(node, _CHECKOUT),
        "customer": reference(customer) if customer else None,
        **_contact(customer),
        "total_price": shop_amount(total),
        "currency": (child(total, "shopMoney") or {}).get("currencyCode"),
        "line_items": [_held(each) for each in nodes(node, "lineItems")],
    }


def _contact(customer: Body) -> Found:
    """Return how to reach who began a checkout, as far as that was asked for."""
    found: Found = {}
    if "defaultEmailAddress" in customer:
        found["email"] = (child(customer, "defaultEmailAddress") or {}).get("emailAddress")
    if "defaultPhoneNumber" in customer:
        found["phone"] = (child(customer, "defaultPhoneNumber") or {}).get("phoneNumber")
    return found


def _variant(node: Body) -> Found:
    item = child(node, "inventoryItem") or {}
    return {**read_fields(node, _VARIANT), "inventory_item_id": shopify_id(item.get("id"))}


def _available(level: Body) -> Any:
    quantities = {each.get("name"): each.get("quantity") for each in nodes(level, "quantities")}
    return quantities.get("available")


def _held(node: Body) -> Found:
    return {
        **read_fields(node, _HELD),
        "product_id": (reference(node.get("product")) or {}).get("id"),
        "variant_id": (reference(node.get("variant")) or {}).get("id"),
        "line_price": shop_amount(child(node, "discountedTotalPriceSet") or {}),
    }


def _as_text(tags: Any) -> Any:
    return ", ".join(tags) if isinstance(tags, list) else tags


_MOMENTS: Fields = {
    "id": ("id", shopify_id),
    "createdAt": ("created_at", same),
    "updatedAt": ("updated_at", same),
}
_STORE: Fields = {
    **_MOMENTS,
    **{name: (name, same) for name in ("name", "email")},
    "myshopifyDomain": ("myshopify_domain", same),
    "currencyCode": ("currency", same),
    "ianaTimezone": ("iana_timezone", same),
    "taxesIncluded": ("taxes_included", same),
}
_LOCATION: Fields = {**_MOMENTS, "name": ("name", same), "isActive": ("active", same)}
_PLACE: Fields = {
    **{name: (name, same) for name in ("address1", "address2", "city", "province", "zip", "phone")},
    "countryCode": ("country_code", same),
}
_CUSTOMER: Fields = {
    **_MOMENTS,
    "firstName": ("first_name", same),
    "lastName": ("last_name", same),
    "state": ("state", small),
    "verifiedEmail": ("verified_email", same),
    "taxExempt": ("tax_exempt", same),
    "tags": ("tags", _as_text),
    "note": ("note", same),
}
_CUSTOMER_PLACE: Fields = {
    "city": ("city", same),
    "provinceCode": ("province_code", same),
    "countryCodeV2": ("country_code", same),
}
_PRODUCT: Fields = {
    **_MOMENTS,
    **{name: (name, same) for name in ("title", "handle", "vendor")},
    "productType": ("product_type", same),
    "status": ("status", small),
    "tags": ("tags", _as_text),
    "publishedAt": ("published_at", same),
}
_VARIANT: Fields = {
    **_MOMENTS,
    **{name: (name, same) for name in ("title", "sku", "barcode", "position", "price")},
    "compareAtPrice": ("compare_at_price", same),
    "inventoryPolicy": ("inventory_policy", small),
    "inventoryQuantity": ("inventory_quantity", same),
}
_ITEM: Fields = {
    **_MOMENTS,
    **{name: (name, same) for name in ("sku", "tracked")},
    "requiresShipping": ("requires_shipping", same),
}
_CHECKOUT: Fields = {
    **_MOMENTS,
    "completedAt": ("completed_at", same),
    "abandonedCheckoutUrl": ("abandoned_checkout_url", same),
}
_HELD: Fields = {name: (name, same) for name in ("title", "quantity")}
