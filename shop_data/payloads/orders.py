"""Orders and refunds as Shopify's webhooks and REST API send them, for the ledger.

Every amount here is in minor units of the order's shop currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shop_data.payloads.values import (
    Body,
    PayloadError,
    amount,
    child,
    currency,
    identifier,
    moment,
    objects,
    rate,
    required_identifier,
    shop_amount,
    truth,
    whole,
)
from xenofy.common.money import to_minor


@dataclass(frozen=True, slots=True)
class Charge:
    """Something with a price: a line, shipping, a duty. `discount` and `tax` are positive."""

    key: str
    gross: int
    discount: int | None  # None: the body does not say
    tax: int | None
    tax_rate: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line item."""

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
class RefundedLine:
    """A line given back; `subtotal` is after discounts (with tax in a tax-inclusive shop)."""

    id: int
    line_id: int
    quantity: int
    subtotal: int | None
    tax: int | None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An order adjustment of a refund, signed as Shopify sends it."""

    id: int
    kind: str
    amount: int
    tax: int


@dataclass(frozen=True, slots=True)
class RefundRecord:
    """A refund; `shipping` and `duties` are positive amounts given back."""

    id: int
    at: datetime | None
    lines: Sequence[RefundedLine]
    adjustments: Sequence[Adjustment]
    shipping: Sequence[Charge]
    duties: int
    additional_fees: int


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
    lines: Sequence[Line]
    shipping: Sequence[Charge]
    tip: int
    duties: int | None
    additional_fees: int
    total_tax: int | None
    total_discounts: int | None
    refunds: Sequence[RefundRecord]


class _Money:
    """Reads amounts of one body in one currency."""

    def __init__(self, code: str) -> None:
        self.code = code

    def of(self, body: Body, field: str) -> int | None:
        value = shop_amount(body, field)
        return None if value is None else to_minor(value, self.code)

    def total(self, items: Sequence[Body], field: str) -> int:
        return sum(self.of(item, field) or 0 for item in items)


def order_currency(body: Body) -> str:
    """Return the shop's currency at the time of the order."""
    code = currency(body.get("currency"), "currency")
    if code is None:
        raise PayloadError("currency is missing.")
    return code


def order_record(body: Body) -> OrderRecord:
    """Read an order; raise `PayloadError` where it cannot be counted."""
    money = _Money(order_currency(body))
    customer = child(body, "customer")
    return OrderRecord(
        id=required_identifier(body),
        currency=money.code,
        taxes_included=truth(body.get("taxes_included"), "taxes_included") or False,
        test=truth(body.get("test"), "test") or False,
        customer_id=identifier(customer.get("id"), "customer.id") if customer else None,
        processed_at=order_moment(body),
        cancelled_at=moment(body.get("cancelled_at"), "cancelled_at"),
        lines=[_line(item, money) for item in objects(body, "line_items")],
        shipping=[
            _shipping(item, money, position)
            for position, item in enumerate(objects(body, "shipping_lines"))
            if not item.get("is_removed")
        ],
        tip=money.of(body, "total_tip_received") or 0,
        duties=_set_total(body, "original_total_duties_set", money),
        additional_fees=_set_total(body, "original_total_additional_fees_set", money) or 0,
        total_tax=money.of(body, "total_tax"),
        total_discounts=money.of(body, "total_discounts"),
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


def refund_record(body: Body, code: str) -> RefundRecord:
    """Read a refund of an order in the currency `code`."""
    money = _Money(code)
    at = moment(body.get("processed_at"), "processed_at") or moment(
        body.get("created_at"), "created_at"
    )
    return RefundRecord(
        id=required_identifier(body),
        at=at,
        lines=[_refunded_line(item, money) for item in objects(body, "refund_line_items")],
        adjustments=[_adjustment(item, money) for item in objects(body, "order_adjustments")],
        shipping=[_refunded_shipping(item, money) for item in objects(body, "refund_shipping_lines")],
        duties=money.total(objects(body, "duties"), "amount"),
        additional_fees=money.total(objects(body, "additional_fees"), "amount"),
    )


def quantity(body: Body, field: str = "quantity") -> int:
    """Return a number of units; absent is none."""
    return whole(body.get(field), field) or 0


def line_discount(body: Body, code: str) -> int | None:
    """Return what discounts took off a line or a shipping line; None where the body is silent."""
    money = _Money(code)
    if "discount_allocations" in body:
        return money.total(objects(body, "discount_allocations"), "amount")
    if "total_discount" in body:
        return money.of(body, "total_discount")
    return None


def _line(body: Body, money: _Money) -> Line:
    line_id = required_identifier(body)
    units = quantity(body)
    price = shop_amount(body, "price")
    charge = Charge(
        key=f"line:{line_id}",
        gross=to_minor((price or Decimal(0)) * units, money.code),
        discount=line_discount(body, money.code),
        tax=_tax(body, money),
        tax_rate=_tax_rate(body),
    )
    current = body.get("current_quantity")
    return Line(
        id=line_id,
        product_id=identifier(body.get("product_id"), "product_id"),
        variant_id=identifier(body.get("variant_id"), "variant_id"),
        quantity=units,
        current_quantity=whole(current, "current_quantity"),
        is_gift_card=truth(body.get("gift_card"), "gift_card") or False,
        is_tip=bool(body.get("tip_payment_gateway")),
        charge=charge,
        duties=[
            _duty(item, money, f"duty:{line_id}:{position}")
            for position, item in enumerate(objects(body, "duties"))
        ],
    )


def _duty(body: Body, money: _Money, key: str) -> Charge:
    gross = money.of(body, "price") or _shop_money(body, money)
    return Charge(key=key, gross=gross, discount=0, tax=_tax(body, money))


def _shop_money(body: Body, money: _Money) -> int:
    """Read `{"shop_money": {"amount": …}}`, the form that duties of older bodies have."""
    side = child(body, "shop_money")
    value = amount(side.get("amount"), "amount") if side else None
    return to_minor(value, money.code) if value is not None else 0


def _shipping(body: Body, money: _Money, position: int) -> Charge:
    price = money.of(body, "price") or 0
    discounted = money.of(body, "discounted_price")
    discount = line_discount(body, money.code)
    if discount is None and discounted is not None:
        discount = price - discounted
    return Charge(
        key=f"shipping:{body.get('id') or position}",
        gross=price,
        discount=discount or 0,
        tax=_tax(body, money),
        tax_rate=_tax_rate(body),
    )


def _refunded_line(body: Body, money: _Money) -> RefundedLine:
    return RefundedLine(
        id=required_identifier(body),
        line_id=required_identifier(body, "line_item_id"),
        quantity=quantity(body),
        subtotal=money.of(body, "subtotal"),
        tax=money.of(body, "total_tax"),
    )


def _adjustment(body: Body, money: _Money) -> Adjustment:
    return Adjustment(
        id=required_identifier(body),
        kind=str(body.get("kind") or ""),
        amount=money.of(body, "amount") or 0,
        tax=money.of(body, "tax_amount") or 0,
    )


def _refunded_shipping(body: Body, money: _Money) -> Charge:
    return Charge(
        key=f"{body.get('shipping_line_id')}",
        gross=money.of(body, "subtotal_amount") or 0,
        discount=0,
        tax=None,
    )


def _tax(body: Body, money: _Money) -> int | None:
    """Return the tax of a line; None where the body has no tax lines of its own."""
    if "tax_lines" not in body:
        return None
    return money.total(objects(body, "tax_lines"), "price")


def _tax_rate(body: Body) -> Decimal:
    rates = (rate(item.get("rate"), "rate") for item in objects(body, "tax_lines"))
    return sum((found for found in rates if found), Decimal(0))


def _set_total(body: Body, field: str, money: _Money) -> int | None:
    money_set = body.get(field)
    side = money_set.get("shop_money") if isinstance(money_set, Mapping) else None
    value = amount(side.get("amount"), field) if isinstance(side, Mapping) else None
    return None if value is None else to_minor(value, money.code)
