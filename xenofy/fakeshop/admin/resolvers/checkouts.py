"""Checkouts that were begun, also those that became orders since."""

from __future__ import annotations

from typing import Any, NamedTuple

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.connections import Page, page
from xenofy.fakeshop.admin.fields import field, fields, money_bags, nothing
from xenofy.fakeshop.admin.names import gid
from xenofy.fakeshop.catalogue_records import Checkout, CheckoutLine

money_bags("AbandonedCheckout", {
    "subtotalPriceSet": lambda one: one.total,
    "totalLineItemsPriceSet": lambda one: one.total,
    "totalPriceSet": lambda one: one.total,
    "totalDiscountSet": lambda one: 0,
    "totalTaxSet": lambda one: 0,
})  # fmt: skip
fields("AbandonedCheckout", {
    "abandonedCheckoutUrl": lambda one: f"https://example.com/recover/{one.token}",
})  # fmt: skip
nothing("AbandonedCheckout", "totalDutiesSet")
nothing("AbandonedCheckout", "note", value="")
nothing("AbandonedCheckout", "discountCodes", "customAttributes", "taxLines", value=[])


@field("AbandonedCheckout", "taxesIncluded")
def taxes_included(one: Checkout, ask: Ask) -> bool:
    return ask.state.settings.taxes_included


@field("AbandonedCheckout", "customer")
def customer(one: Checkout, ask: Ask) -> Any:
    ask.needs_customer_data("customer")
    return ask.state.customers.get(one.customer_id or 0)


@field("AbandonedCheckout", "billingAddress", "shippingAddress")
def address(one: Checkout, ask: Ask) -> Any:
    return one.address


class Wanted(NamedTuple):
    """A line of a checkout, whose money is the checkout's."""

    order: Checkout
    line: CheckoutLine


@field("AbandonedCheckout", "lineItems")
def lines(one: Checkout, ask: Ask, **paging: Any) -> Page:
    return page(ask, [Wanted(one, line) for line in one.lines], **paging)


def _whole(wanted: Wanted) -> int:
    return wanted.line.price * wanted.line.quantity


money_bags("AbandonedCheckoutLineItem", {
    "originalUnitPriceSet": lambda wanted: wanted.line.price,
    "discountedUnitPriceSet": lambda wanted: wanted.line.price,
    "discountedUnitPriceWithCodeDiscount": lambda wanted: wanted.line.price,
    "originalTotalPriceSet": _whole,
    "discountedTotalPriceSet": _whole,
    "discountedTotalPriceWithCodeDiscount": _whole,
})  # fmt: skip
fields("AbandonedCheckoutLineItem", {
    "id": lambda wanted: gid("AbandonedCheckoutLineItem", wanted.line.id),
    "title": lambda wanted: wanted.line.title,
    "sku": lambda wanted: wanted.line.sku,
    "quantity": lambda wanted: wanted.line.quantity,
})  # fmt: skip
nothing("AbandonedCheckoutLineItem", "variantTitle")
nothing("AbandonedCheckoutLineItem", "customAttributes", value=[])


@field("AbandonedCheckoutLineItem", "product")
def product(wanted: Wanted, ask: Ask) -> Any:
    return ask.state.products.get(wanted.line.product_id or 0)


@field("AbandonedCheckoutLineItem", "variant")
def variant(wanted: Wanted, ask: Ask) -> Any:
    return ask.state.variants.get(wanted.line.variant_id or 0)
