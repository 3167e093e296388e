"""Lines, shipping lines and discounts of an order's body."""

from __future__ import annotations

from collections.abc import Sequence

from xenofy.fakeshop.bodies.values import Body, bag, both, gid, tax_lines, text
from xenofy.fakeshop.leaves import Allocation, Discount
from xenofy.fakeshop.records import Line, Order, Shipping

_KINDS = {"code": "discount_code", "automatic": "automatic", "manual": "manual"}


def line_item(line: Line) -> Body:
    """Return a line; its `quantity` keeps what was removed, `current_quantity` does not."""
    order = line.order
    title = f"{line.title} - {line.variant_title}" if line.variant_title else line.title
    return {
        "id": line.id,
        "admin_graphql_api_id": gid("LineItem", line.id),
        "attributed_staffs": [],
        "current_quantity": line.current,
        "fulfillable_quantity": line.unfulfilled,
        "fulfillment_service": "manual",
        "fulfillment_status": _sent(line),
        "gift_card": line.is_gift_card,
        "grams": 0,
        "name": title,
        **both("price", order, line.price),
        "product_exists": line.product_id is not None,
        "product_id": line.product_id,
        "properties": [],
        "quantity": line.quantity,
        "requires_shipping": line.requires_shipping,
        "sku": line.sku,
        "taxable": line.taxable,
        "title": line.title,
        "total_discount": text(order, 0),
        "total_discount_set": bag(order, 0),
        "variant_id": line.variant_id,
        "variant_inventory_management": "shopify" if line.variant_id else None,
        "variant_title": line.variant_title,
        "vendor": line.vendor,
        "tax_lines": tax_lines(order, line.taxes),
        "duties": [_duty(order, duty.id, duty.amount) for duty in line.duties],
        "discount_allocations": allocations(order, line.allocations),
    }


def shipping_line(shipping: Shipping) -> Body:
    order = shipping.order
    return {
        "id": shipping.id,
        "carrier_identifier": None,
        "code": shipping.title,
        "current_discounted_price_set": bag(
            order, 0 if shipping.is_removed else shipping.discounted - shipping.refunded
        ),
        **both("discounted_price", order, shipping.discounted),
        "is_removed": shipping.is_removed,
        "phone": None,
        **both("price", order, shipping.price),
        "requested_fulfillment_service_id": None,
        "source": "shopify",
        "title": shipping.title,
        "tax_lines": tax_lines(order, shipping.taxes),
        "discount_allocations": allocations(order, shipping.allocations),
    }


def allocations(order: Order, shares: Sequence[Allocation]) -> list[Body]:
    return [
        {
            "amount": text(order, share.amount),
            "amount_set": bag(order, share.amount),
            "discount_application_index": share.index,
        }
        for share in shares
    ]


def discount_application(discount: Discount) -> Body:
    body: Body = {
        "target_type": "shipping_line" if discount.targets_shipping else "line_item",
        "type": _KINDS[discount.kind],
        "value": str(discount.value),
        "value_type": "percentage" if discount.is_percentage else "fixed_amount",
        "allocation_method": "across",
        "target_selection": "all",
    }
    return {**body, "code" if discount.kind == "code" else "title": discount.label}


def discount_codes(order: Order) -> list[Body]:
    """Return each code with all that it took off."""
    return [
        {
            "code": discount.label,
            "amount": text(order, _taken_off(order, index)),
            "type": _code_type(discount),
        }
        for index, discount in enumerate(order.discounts)
        if discount.kind == "code"
    ]


def _taken_off(order: Order, index: int) -> int:
    charges: list[Line | Shipping] = [*order.lines, *order.shipping]
    shares = (share for charge in charges for share in charge.allocations)
    return sum(share.amount for share in shares if share.index == index)


def _code_type(discount: Discount) -> str:
    if discount.targets_shipping:
        return "shipping"
    return "percentage" if discount.is_percentage else "fixed_amount"


def _sent(line: Line) -> str | None:
    if not line.fulfilled:
        return None
    return "partial" if line.unfulfilled else "fulfilled"


def _duty(order: Order, identifier: int, amount: int) -> Body:
    return {
        "id": str(identifier),
        "harmonized_system_code": None,
        "country_code_of_origin": None,
        "shop_money": bag(order, amount)["shop_money"],
        "presentment_money": bag(order, amount)["presentment_money"],
        "tax_lines": [],
        "admin_graphql_api_id": gid("Duty", identifier),
    }
