"""The lines of an order's body: prices, discounts shared out over them, and GST inside them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from xenofy.common.money import allocate
from xenofy.demo import identifiers
from xenofy.demo.amounts import bag, paise, part, put, tax_inside, text
from xenofy.demo.baskets import Basket, Choice, Discount
from xenofy.demo.catalogue import gst, sku
from xenofy.demo.places import HOME_STATE, Place

Body = dict[str, Any]

SHIPPING_GST = 180  # per mille


def line_items(basket: Basket, *, day: date) -> list[Body]:
    """Return the lines with their shares of the discounts and their taxes."""
    lines = [
        _line(basket, position, choice) for position, choice in enumerate(basket.choices, start=1)
    ]
    worth = [_worth(choice) for choice in basket.choices]
    for index, discount in enumerate(basket.discounts):
        if not discount.on_shipping:
            _share_out(lines, worth, index, _taken(discount, sum(worth)), basket.presentment)
    for line, choice in zip(lines, basket.choices, strict=True):
        line["tax_lines"] = _taxes(basket, line, choice, day)
    return lines


def added_line(basket: Basket, choice: Choice, position: int, day: date) -> Body:
    """Return a line that an edit adds: no discount of the order reaches it."""
    line = _line(basket, position, choice)
    return {**line, "tax_lines": _taxes(basket, line, choice, day)}


def shipping_lines(basket: Basket) -> list[Body]:
    """Return the shipping line of an order that is sent; a code may make it free."""
    if basket.shipping is None:
        return []
    index = next((n for n, discount in enumerate(basket.discounts) if discount.on_shipping), None)
    shares = [] if index is None or not basket.shipping else [
        _share(basket.shipping, index, basket.presentment)
    ]  # fmt: skip
    left = 0 if shares else basket.shipping
    title = _shipping_title(basket)
    body: Body = {
        "id": identifiers.shipping_line(basket.serial),
        "carrier_identifier": None,
        "code": title,
        "is_removed": False,
        "phone": None,
        "requested_fulfillment_service_id": None,
        "source": "shopify",
        "title": title,
        "tax_lines": tax_lines(left, SHIPPING_GST, _place(basket), basket.presentment),
        "discount_allocations": shares,
    }
    put(body, "price", basket.shipping, basket.presentment)
    put(body, "discounted_price", left, basket.presentment)
    return [body]


def discount_applications(basket: Basket) -> list[Body]:
    """Return the discounts as the order's body lists them."""
    return [_application(discount) for discount in basket.discounts]


def discount_codes(basket: Basket, lines: list[Body]) -> list[Body]:
    """Return the codes that were entered, with what each took off."""
    return [
        {
            "code": discount.title,
            "amount": text(taken_off(lines, index)),
            "type": _code_type(discount),
        }
        for index, discount in enumerate(basket.discounts)
        if discount.type == "discount_code"
    ]


def taken_off(lines: list[Body], index: int | None = None) -> int:
    """Return what discounts took off lines in paise: one application, or all."""
    return sum(
        paise(share["amount"])
        for line in lines
        for share in line["discount_allocations"]
        if index is None or share["discount_application_index"] == index
    )


def tax_lines(with_tax: int, rate: int, place: Place | None, presentment: str) -> list[Body]:
    """Return the taxes inside an amount: CGST and SGST at home, IGST elsewhere, none abroad.

    A buyer who walks in buys at home.
    """
    if rate == 0 or (place is not None and place.country_code != "IN"):
        return []
    at_home = place is None or place.province_code == HOME_STATE
    parts = [("CGST", rate // 2), ("SGST", rate // 2)] if at_home else [("IGST", rate)]
    return [
        {
            "channel_liable": False,
            "price": text(tax),
            "price_set": bag(tax, presentment),
            "rate": Decimal(component).scaleb(-3).normalize(),
            "title": title,
        }
        for title, component in parts
        for tax in [tax_inside(with_tax, component, rate)]
    ]


def _line(basket: Basket, position: int, choice: Choice) -> Body:
    product, variant = choice.product, choice.variant
    identifier = identifiers.line(basket.serial, position)
    is_single = len(product.variants) == 1
    body: Body = {
        "id": identifier,
        "admin_graphql_api_id": identifiers.gid("LineItem", identifier),
        "attributed_staffs": [],
        "current_quantity": choice.quantity,
        "fulfillable_quantity": choice.quantity,
        "fulfillment_service": "gift_card" if product.is_gift_card else "manual",
        "fulfillment_status": None,
        "gift_card": product.is_gift_card,
        "grams": product.kind.grams,
        "name": product.title if is_single else f"{product.title} - {variant.option}",
        "product_exists": True,
        "product_id": identifiers.product(product.index),
        "properties": [],
        "quantity": choice.quantity,
        "requires_shipping": not product.is_gift_card,
        "sku": sku(product, variant),
        "taxable": not product.is_gift_card,
        "title": product.title,
        "variant_id": identifiers.variant(product.index, variant.position),
        "variant_inventory_management": None if product.is_gift_card else "shopify",
        "variant_title": None if is_single else variant.option,
        "vendor": "Kaveri Handlooms",
        "duties": [],
        "discount_allocations": [],
    }
    put(body, "price", choice.price, basket.presentment)
    put(body, "total_discount", 0, basket.presentment)
    return body


def _worth(choice: Choice) -> int:
    return 0 if choice.product.is_gift_card else choice.total


def _taken(discount: Discount, worth: int) -> int:
    return min(worth, discount.amount) if discount.amount else part(worth, discount.percent * 10)


def _share_out(lines: list[Body], worth: list[int], index: int, taken: int, seen: str) -> None:
    for line, share in zip(lines, allocate(taken, worth), strict=True):
        if share:
            line["discount_allocations"].append(_share(share, index, seen))


def _share(amount: int, index: int, seen: str) -> Body:
    return {
        "amount": text(amount),
        "amount_set": bag(amount, seen),
        "discount_application_index": index,
    }


def _taxes(basket: Basket, line: Body, choice: Choice, day: date) -> list[Body]:
    if choice.product.is_gift_card:
        return []
    paid = choice.total - taken_off([line])
    rate = gst(choice.product.kind, paid // choice.quantity, day)
    return tax_lines(paid, rate, _place(basket), basket.presentment)


def _place(basket: Basket) -> Place | None:
    return basket.buyer.place if basket.buyer else None


def _shipping_title(basket: Basket) -> str:
    if basket.buyer is not None and basket.buyer.place.country_code != "IN":
        return "International, 7 to 12 days"
    return "Cash on delivery" if basket.gateway.startswith("Cash on") else "Standard, 3 to 6 days"


def _code_type(discount: Discount) -> str:
    if discount.on_shipping:
        return "shipping"
    return "percentage" if discount.percent else "fixed_amount"


def _application(discount: Discount) -> Body:
    is_fixed = bool(discount.amount)
    body: Body = {
        "target_type": "shipping_line" if discount.on_shipping else "line_item",
        "type": discount.type,
        "value": text(discount.amount) if is_fixed else f"{discount.percent}.0",
        "value_type": "fixed_amount" if is_fixed else "percentage",
        "allocation_method": "across",
        "target_selection": "all",
    }
    if discount.type == "discount_code":
        return {**body, "code": discount.title}
    return {**body, "title": discount.title, "description": discount.title}
