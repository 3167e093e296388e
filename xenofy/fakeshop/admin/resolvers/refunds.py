"""Refunds and returns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.connections import Page, page
from xenofy.fakeshop.admin.fields import field, fields, money_bags, nothing
from xenofy.fakeshop.admin.names import gid
from xenofy.fakeshop.leaves import Duty
from xenofy.fakeshop.records import Line, Order, Refund, RefundLine, Return, ReturnLine

money_bags("Refund", {"totalRefundedSet": lambda one: one.money})
fields("Refund", {
    "createdAt": lambda one: one.at,
    "processedAt": lambda one: one.at,
    "updatedAt": lambda one: one.at,
    "return": lambda one: one.returned,
    "duties": lambda one: [GivenDuty(one.order, duty) for duty in one.duties],
})  # fmt: skip


class GivenDuty(NamedTuple):
    """A duty that was given back."""

    order: Order
    duty: Duty


fields("RefundDuty", {
    "amountSet": lambda one: one.order.bag(one.duty.amount),
    "originalDuty": lambda one: one,
})  # fmt: skip


@field("Refund", "refundLineItems")
def refund_lines(one: Refund, ask: Ask, **paging: Any) -> Page:
    return page(ask, one.lines, **paging)


@field("Refund", "refundShippingLines")
def refund_shipping(one: Refund, ask: Ask, **paging: Any) -> Page:
    return page(ask, one.shipping, **paging)


@field("Refund", "orderAdjustments")
def adjustments(one: Refund, ask: Ask, **paging: Any) -> Page:
    return page(ask, [Adjusted(one.order, item) for item in one.adjustments], **paging)


@field("Refund", "transactions")
def transactions(one: Refund, ask: Ask, **paging: Any) -> Page:
    return page(ask, one.transactions, **paging)


class Adjusted(NamedTuple):
    """An adjustment of a refund, with the order whose money it is."""

    order: Order
    item: Any


fields("OrderAdjustment", {
    "id": lambda one: gid("OrderAdjustment", one.item.id),
    "reason": lambda one: one.item.reason.upper(),
    "amountSet": lambda one: one.order.bag(one.item.amount),
    "taxAmountSet": lambda one: one.order.bag(0),
})  # fmt: skip


def _of_line(amount: str) -> Any:
    def bag(item: RefundLine, ask: Ask) -> Any:
        return item.line.order.bag(getattr(item, amount))

    return bag


fields("RefundLineItem", {
    "restockType": lambda item: item.restock.upper(),
    "restocked": lambda item: item.restock != "no_restock",
    "lineItem": lambda item: item.line,
    "priceSet": lambda item: item.line.order.bag(item.line.price),
})  # fmt: skip
field("RefundLineItem", "subtotalSet")(_of_line("subtotal"))
field("RefundLineItem", "totalTaxSet")(_of_line("tax"))


@field("RefundLineItem", "location")
def restock_location(item: RefundLine, ask: Ask) -> Any:
    return ask.state.locations.get(item.location_id or 0)


fields("RefundShippingLine", {
    "shippingLine": lambda item: item.shipping,
    "subtotalAmountSet": lambda item: item.shipping.order.bag(item.subtotal),
    "taxAmountSet": lambda item: item.shipping.order.bag(item.tax),
})  # fmt: skip

# ── returns ───────────────────────────────────────────────────────────────────────────────────

fields("Return", {
    "createdAt": lambda one: one.at,
    "requestApprovedAt": lambda one: one.approved_at,
    "totalQuantity": lambda one: sum(item.quantity for item in one.lines),
})  # fmt: skip
nothing("Return", "decline")
nothing("Return", "returnShippingFees", value=[])


@field("Return", "returnLineItems")
def return_lines(one: Return, ask: Ask, **paging: Any) -> Page:
    return page(ask, one.lines, **paging)


@field("Return", "exchangeLineItems")
def exchange_lines(one: Return, ask: Ask, **paging: Any) -> Page:
    return page(ask, one.exchanges, **paging)


@field("Return", "refunds")
def refunds_of_return(one: Return, ask: Ask, **paging: Any) -> Page:
    return page(ask, one.refunds, **paging)


fields("ExchangeLineItem", {
    "id": lambda line: gid("ExchangeLineItem", line.id),
    "variantId": lambda line: line.variant_id and gid("ProductVariant", line.variant_id),
    "lineItems": lambda line: [line],
})  # fmt: skip


class Reason(NamedTuple):
    id: str
    handle: str
    name: str


def _share(item: ReturnLine) -> int:
    line: Line = item.line
    return (line.gross - line.discount) * item.quantity // max(1, line.quantity)


fields("ReturnLineItem", {
    "processedQuantity": lambda item: item.processed,
    "refundedQuantity": lambda item: item.refunded,
    "refundableQuantity": lambda item: item.quantity - item.refunded,
    "returnReasonNote": lambda item: item.note,
    "returnReasonDefinition": lambda item: Reason(
        gid("ReturnReasonDefinition", item.reason), item.reason, item.reason.capitalize()
    ),
    "fulfillmentLineItem": lambda item: sent_units(item.line),
    "withCodeDiscountedTotalPriceSet": lambda item: item.line.order.bag(_share(item)),
})  # fmt: skip
nothing("ReturnLineItem", "restockingFee")
nothing("RestockingFee", "percentage", value=Decimal(0))


class Sent(NamedTuple):
    """Units of a line that were sent."""

    id: str
    line: Line
    quantity: int


def sent_units(line: Line) -> Sent | None:
    """Return the first parcel that held units of a line."""
    for parcel in line.order.fulfillments:
        for each, units in parcel.units:
            if each is line:
                return Sent(gid("FulfillmentLineItem", parcel.id + line.id), line, units)
    return None


fields("FulfillmentLineItem", {"lineItem": lambda one: one.line})
