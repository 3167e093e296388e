"""Orders as Shopify's webhooks and REST API send them, for the ledger.

Every amount here is in minor units of the order's shop currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from shop_data.payloads.money import MinorUnits, order_currency
from shop_data.payloads.refunds import RefundRecord, refund_record, shipping_key
from shop_data.payloads.taxes import tax_names, tax_rate
from shop_data.payloads.values import (
    Body,
    PayloadError,
    child,
    identifier,
    moment,
    objects,
    quantity,
    required_identifier,
    shop_amount,
    truth,
    whole,
    word,
)


@dataclass(frozen=True, slots=True)
class Charge:
    """Something with a price: a line, shipping, a duty. `discount` and `tax` are positive.

    `tax_names` says how much of `tax` was charged under which name.
    """

    key: str
    gross: int
    discount: int
    tax: int
    tax_rate: Decimal = Decimal(0)
    tax_names: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A line item. `quantity` holds units that were removed since, `current_quantity` does not."""

    id: int
    product_id: int | None
    variant_id: int | None
    quantity: int
    current_quantity: int | None
    is_gift_card: bool
    is_tip: bool
    charge: Charge
    duties: Sequence[Charge]


@dataclass(frozen=True, slots=True)
class Shipping:
    """A shipping line, which an edit may have removed."""

    is_removed: bool
    charge: Charge


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """What the ledger needs of an order."""

    id: int
    currency: str
    taxes_included: bool
    test: bool
    customer_id: int | None
    processed_at: datetime
    cancelled_at: datetime | None
    cancel_reason: str
    lines: Sequence[Line]
    shipping: Sequence[Shipping]
    tip: int
    duties: int
    additional_fees: int
    total_tax: int
    tax_names: Mapping[str, int]
    total_discounts: int
    allocates_discounts: bool  # old API versions do not say which line a discount is of
    refunds: Sequence[RefundRecord]


def order_record(body: Body) -> OrderRecord:
    """Read an order; raise `PayloadError` where it cannot be counted."""
    money = MinorUnits(order_currency(body))
    customer = child(body, "customer")
    return OrderRecord(
        id=required_identifier(body),
        currency=money.code,
        taxes_included=truth(body.get("taxes_included"), "taxes_included") or False,
        test=truth(body.get("test"), "test") or False,
        customer_id=identifier(customer.get("id"), "customer.id") if customer else None,
        processed_at=order_moment(body),
        cancelled_at=moment(body.get("cancelled_at"), "cancelled_at"),
        cancel_reason=word(body.get("cancel_reason"), "cancel_reason") or "",
        lines=[_line(item, money) for item in objects(body, "line_items")],
        shipping=[
            _shipping(item, money, position)
            for position, item in enumerate(objects(body, "shipping_lines"))
        ],
        tip=money.of(body, "total_tip_received") or 0,
        duties=_original_total(body, "duties", money),
        additional_fees=_original_total(body, "additional_fees", money),
        total_tax=money.of(body, "total_tax") or 0,
        tax_names=tax_names(body, money),
        total_discounts=money.of(body, "total_discounts") or 0,
        allocates_discounts=any(
            objects(item, "discount_allocations")
            for item in [*objects(body, "line_items"), *objects(body, "shipping_lines")]
        ),
        refunds=[refund_record(item, money.code) for item in objects(body, "refunds")],
    )


def order_moment(body: Body) -> datetime:
    """Return when the sale counts: `processed_at`, else `created_at`."""
    found = moment(body.get("processed_at"), "processed_at") or moment(
        body.get("created_at"), "created_at"
    )
    if found is None:
        raise PayloadError("processed_at and created_at are missing.")
    return found


def line_key(line_id: int) -> str:
    """Return the name of a line in ledger and facts."""
    return f"line:{line_id}"


def line_discount(body: Body, money: MinorUnits) -> int:
    """Return what discounts took off a line or a shipping line, as far as it says so itself.

    `total_discount` is what a line had before Shopify named allocations.
    """
    allocations = objects(body, "discount_allocations")
    return money.total(allocations, "amount") or money.of(body, "total_discount") or 0


def _line(body: Body, money: MinorUnits) -> Line:
    line_id = required_identifier(body)
    units = quantity(body)
    price = shop_amount(body, "price") or Decimal(0)
    return Line(
        id=line_id,
        product_id=identifier(body.get("product_id"), "product_id"),
        variant_id=identifier(body.get("variant_id"), "variant_id"),
        quantity=units,
        current_quantity=whole(body.get("current_quantity"), "current_quantity"),
        is_gift_card=truth(body.get("gift_card"), "gift_card") or False,
        is_tip=bool(body.get("tip_payment_gateway") or body.get("tip_payment_method")),
        charge=Charge(
            key=line_key(line_id),
            gross=money.exact(price * units, "price × quantity") or 0,
            discount=line_discount(body, money),
            tax=_tax(body, money),
            tax_rate=tax_rate(body),
            tax_names=tax_names(body, money),
        ),
        duties=[
            _duty(item, money, f"duty:{line_id}:{position}")
            for position, item in enumerate(objects(body, "duties"))
        ],
    )


def _duty(body: Body, money: MinorUnits, key: str) -> Charge:
    """Read a duty: a price, or in most versions a money set without a name."""
    gross = money.of(body, "price") or money.shop_side(body, "duties") or 0
    names = tax_names(body, money)
    return Charge(key=key, gross=gross, discount=0, tax=_tax(body, money), tax_names=names)


def _shipping(body: Body, money: MinorUnits, position: int) -> Shipping:
    price = money.of(body, "price") or 0
    discounted = money.of(body, "discounted_price")
    known = line_discount(body, money)
    discount = known or (0 if discounted is None else price - discounted)
    return Shipping(
        is_removed=truth(body.get("is_removed"), "is_removed") or False,
        charge=Charge(
            key=shipping_key(body.get("id"), position),
            gross=price,
            discount=discount,
            tax=_tax(body, money),
            tax_rate=tax_rate(body),
            tax_names=tax_names(body, money),
        ),
    )


def _tax(body: Body, money: MinorUnits) -> int:
    return money.total(objects(body, "tax_lines"), "price")


def _original_total(body: Body, name: str, money: MinorUnits) -> int:
    """Return duties or fees as they were when the order was placed."""
    return money.shop_side(child(body, f"original_total_{name}_set"), name) or 0
