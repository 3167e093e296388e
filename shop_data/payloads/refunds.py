"""Refunds as Shopify sends them, alone or inside an order, for the ledger.

Every amount here is in minor units of the order's shop currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shop_data.payloads.money import MinorUnits
from shop_data.payloads.values import (
    Body,
    child,
    identifier,
    moment,
    objects,
    quantity,
    required_identifier,
    text,
    word,
)

SHIPPING = "shipping_refund"
_KEY_LENGTH = 100  # a key stands in an index


@dataclass(frozen=True, slots=True)
class RefundedLine:
    """A line given back; `subtotal` is after discounts (with tax in a tax-inclusive shop)."""

    id: int
    line_id: int
    quantity: int
    subtotal: int | None
    tax: int | None
    restock_type: str


@dataclass(frozen=True, slots=True)
class RefundedShipping:
    """Shipping given back, positive and before tax; `tax` is None where the body is silent.

    `key` is that of the shipping line in the order.
    """

    id: str
    key: str
    amount: int
    tax: int | None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An order adjustment of a refund, signed as Shopify sends it: above 0 the shop kept it."""

    id: int
    kind: str
    reason: str
    amount: int
    tax: int

    @property
    def is_shipping(self) -> bool:
        return self.kind == SHIPPING


@dataclass(frozen=True, slots=True)
class RefundRecord:
    """A refund; `duties` and `additional_fees` are positive amounts given back."""

    id: int
    at: datetime | None
    lines: Sequence[RefundedLine]
    adjustments: Sequence[Adjustment]
    shipping: Sequence[RefundedShipping]
    duties: int
    additional_fees: int


def refund_record(body: Body, code: str) -> RefundRecord:
    """Read a refund of an order in the currency `code`."""
    money = MinorUnits(code)
    return RefundRecord(
        id=required_identifier(body),
        at=refunded_at(body),
        lines=[_line(item, money) for item in objects(body, "refund_line_items")],
        adjustments=[_adjustment(item, money) for item in objects(body, "order_adjustments")],
        shipping=[
            _shipping(item, money, position)
            for position, item in enumerate(objects(body, "refund_shipping_lines"))
        ],
        duties=_given_back(body, "duties", money),
        additional_fees=_given_back(body, "additional_fees", money),
    )


def refunded_at(body: Body) -> datetime | None:
    """Return when a refund happened; None where it does not say."""
    return moment(body.get("processed_at"), "processed_at") or moment(
        body.get("created_at"), "created_at"
    )


def refunded_units(body: Body) -> dict[int, int]:
    """Return line id -> units that the refunds inside an order's body give back."""
    units: dict[int, int] = {}
    for refund in objects(body, "refunds"):
        for item in objects(refund, "refund_line_items"):
            line_id = required_identifier(item, "line_item_id")
            units[line_id] = units.get(line_id, 0) + quantity(item)
    return units


def shipping_key(shopify_id: Any, position: int) -> str:
    """Return the name of a shipping line in ledger and facts.

    Some ids are texts, and old bodies have none but the line's place.
    """
    return f"shipping:{text(shopify_id, 'shipping_lines.id') or position}"[:_KEY_LENGTH]


def _line(body: Body, money: MinorUnits) -> RefundedLine:
    return RefundedLine(
        id=required_identifier(body),
        line_id=required_identifier(body, "line_item_id"),
        quantity=quantity(body),
        subtotal=money.of(body, "subtotal"),
        tax=money.of(body, "total_tax"),
        restock_type=word(body.get("restock_type"), "restock_type") or "",
    )


def _adjustment(body: Body, money: MinorUnits) -> Adjustment:
    return Adjustment(
        id=required_identifier(body),
        kind=str(body.get("kind") or ""),
        reason=_reason(body),
        amount=money.of(body, "amount") or 0,
        tax=money.of(body, "tax_amount") or 0,
    )


def _reason(body: Body) -> str:
    """Return why an adjustment was made, as its kinds are written: "refund_discrepancy"."""
    said = word(body.get("reason"), "reason") or word(body.get("kind"), "kind") or ""
    return "_".join(said.lower().split())


def _shipping(body: Body, money: MinorUnits, position: int) -> RefundedShipping:
    named = body.get("shipping_line_id") or (child(body, "shipping_line") or {}).get("id")
    return RefundedShipping(
        id=str(identifier(body.get("id"), "id") or position),
        key=shipping_key(named, position),
        amount=money.of(body, "subtotal_amount") or money.of(body, "subtotal") or 0,
        tax=money.of(body, "tax_amount"),
    )


def _given_back(body: Body, field: str, money: MinorUnits) -> int:
    """Return what a refund gives back of duties or fees: its items, else its total."""
    items = money.total(objects(body, field), "amount")
    return items or money.shop_side(child(body, f"total_{field}_set"), field) or 0
