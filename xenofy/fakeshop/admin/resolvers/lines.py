"""Lines and shipping lines of an order, and the money that moved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.fields import field, fields, money_bags, nothing
from xenofy.fakeshop.admin.names import gid
from xenofy.fakeshop.admin.resolvers.orders import Applied, applied
from xenofy.fakeshop.admin.resolvers.shared import taxed
from xenofy.fakeshop.leaves import Allocation, Duty
from xenofy.fakeshop.money import Money, major
from xenofy.fakeshop.records import Line, Order, Shipping, Transaction

money_bags("LineItem", {
    "originalUnitPriceSet": lambda line: line.price,
    "originalTotalSet": lambda line: line.gross,
    "discountedUnitPriceSet": lambda line: line.price,
    "discountedUnitPriceAfterAllDiscountsSet": lambda line: (
        (line.gross - line.discount) // line.quantity if line.quantity else line.price
    ),
    "totalDiscountSet": lambda line: line.discount,
})  # fmt: skip
fields("LineItem", {
    "name": lambda line: " - ".join(one for one in (line.title, line.variant_title) if one),
    "currentQuantity": lambda line: line.current,
    "refundableQuantity": lambda line: line.current,
    "unfulfilledQuantity": lambda line: line.unfulfilled,
    "nonFulfillableQuantity": lambda line: line.quantity - line.current,
    "taxLines": lambda line: taxed(line.order, line.taxes),
    "discountAllocations": lambda line: _allocations(line),
    "duties": lambda line: [Owed(line.order, duty) for duty in line.duties],
    "restockable": lambda line: line.variant_id is not None,
})  # fmt: skip
nothing("LineItem", "sellingPlan", "contract", "lineItemGroup")
nothing("LineItem", "customAttributes", value=[])


@field("LineItem", "discountedTotalSet")
def discounted_total(
    line: Line,
    ask: Ask,
    withCodeDiscounts: bool = False,
) -> Any:
    """Return the line after discounts; those by code only where they are asked for."""
    by_code = {n for n, one in enumerate(line.order.discounts) if one.kind == "code"}
    off = sum(
        one.amount for one in line.allocations if withCodeDiscounts or one.index not in by_code
    )
    return line.order.bag(line.gross - off)


@field("LineItem", "product")
def product_of_line(line: Line, ask: Ask) -> Any:
    return ask.state.products.get(line.product_id or 0)


@field("LineItem", "variant")
def variant_of_line(line: Line, ask: Ask) -> Any:
    return ask.state.variants.get(line.variant_id or 0)


class Allocated(NamedTuple):
    """What a discount takes off a line."""

    order: Order
    share: Allocation


class Owed(NamedTuple):
    """A duty of an order."""

    order: Order
    duty: Duty


def _allocations(part: Line | Shipping) -> list[Allocated]:
    return [Allocated(part.order, share) for share in part.allocations]


@field("DiscountAllocation", "allocatedAmountSet")
def allocated_amount(one: Allocated, ask: Ask) -> Any:
    return one.order.bag(one.share.amount)


@field("DiscountAllocation", "discountApplication")
def allocated_by(one: Allocated, ask: Ask) -> Applied:
    return applied(one.order)[one.share.index]


fields("Duty", {
    "id": lambda owed: gid("Duty", owed.duty.id),
    "price": lambda owed: owed.order.bag(owed.duty.amount),
})  # fmt: skip
nothing("Duty", "taxLines", value=[])
nothing("Duty", "countryCodeOfOrigin", "harmonizedSystemCode")

money_bags("ShippingLine", {
    "originalPriceSet": lambda one: one.price,
    "discountedPriceSet": lambda one: one.discounted,
    "currentDiscountedPriceSet": lambda one: (
        0 if one.is_removed else one.discounted - one.refunded
    ),
})  # fmt: skip
fields("ShippingLine", {
    "code": lambda one: one.title,
    "taxLines": lambda one: taxed(one.order, one.taxes),
    "discountAllocations": _allocations,
})  # fmt: skip
nothing("ShippingLine", "carrierIdentifier", "deliveryCategory", "phone")
nothing("ShippingLine", "source", value="shopify")
nothing("ShippingLine", "custom", value=False)

# ── money ─────────────────────────────────────────────────────────────────────────────────────

money_bags("OrderTransaction", {"amountSet": lambda one: one.amount})
fields("OrderTransaction", {
    "kind": lambda one: one.kind.upper(),
    "status": lambda one: one.status.upper(),
    "test": lambda one: one.order.test,
    "formattedGateway": lambda one: one.gateway.replace("_", " ").title(),
    "paymentId": lambda one: f"{one.order.name}.{one.id % 1000}",
    "createdAt": lambda one: one.at,
    "processedAt": lambda one: one.at,
    "settlementCurrency": lambda one: one.order.currency,
    "settlementCurrencyRate": lambda one: Decimal(1),
    "fees": lambda one: [one] if one.fee else [],
    "manualPaymentGateway": lambda one: one.gateway in ("manual", "cash_on_delivery"),
})  # fmt: skip
nothing("OrderTransaction", "errorCode", "amountRoundingSet", "accountNumber", "location")


@field("OrderTransaction", "parentTransaction")
def parent(one: Transaction, ask: Ask) -> Transaction | None:
    others = one.order.transactions
    return next((each for each in others if each.id == one.parent_id), None)


def _fee(amount: int, one: Transaction) -> Money:
    return Money(major(amount, one.order.currency), one.order.currency)


fields("TransactionFee", {
    "id": lambda one: gid("TransactionFee", one.id),
    "type": lambda one: "processing_fee",
    "flatFeeName": lambda one: None,
    "rate": lambda one: Decimal("0.029"),
    "rateName": lambda one: "Card fee",
    "amount": lambda one: _fee(one.fee, one),
    "flatFee": lambda one: _fee(0, one),
    "taxAmount": lambda one: _fee(0, one),
})  # fmt: skip
