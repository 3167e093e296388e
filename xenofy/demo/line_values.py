"""What a line of an order's body is worth, and what of it is left. Amounts contain tax."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from xenofy.demo.amounts import paise

Body = dict[str, Any]


class Value(NamedTuple):
    """Paise: the price, what was paid of it after discounts, and the tax inside."""

    gross: int
    paid: int
    tax: int

    def units(self, quantity: int, start: int, stop: int) -> Value:
        """Return the share of the units after `start` up to `stop`; odd paise go to the first."""
        return Value(*(_units(amount, quantity, start, stop) for amount in self))

    def minus(self, other: Value) -> Value:
        return Value(*(mine - its for mine, its in zip(self, other, strict=True)))


def value_of(line: Body) -> Value:
    """Return the value of all units of a line."""
    gross = paise(line["price"]) * line["quantity"]
    off = sum(paise(share["amount"]) for share in line["discount_allocations"])
    return Value(gross, gross - off, taxes_of([line]))


def taxes_of(parts: list[Body]) -> int:
    """Return the taxes of lines."""
    return sum(paise(tax["price"]) for part in parts for tax in part["tax_lines"])


def left_of(body: Body) -> Iterator[Value]:
    """Yield what is left of each line after refunds and edits."""
    for line in body["line_items"]:
        value = value_of(line)
        refunded = list(_refunds_of(body, line["id"]))
        back = sum(units for units, _ in refunded)
        removed = line["quantity"] - line["current_quantity"] - back
        for _, given_back in refunded:
            value = value.minus(given_back)
        yield value.minus(value_of(line).units(line["quantity"], back, back + removed))


def units_refunded(body: Body, line_id: int) -> int:
    """Return how many units of a line were given back."""
    return sum(units for units, _ in _refunds_of(body, line_id))


def refunded_shipping(body: Body) -> tuple[int, int]:
    """Return what refunds gave back of the shipping, and the tax inside."""
    amount = tax = 0
    for refund in body["refunds"]:
        for adjustment in refund["order_adjustments"]:
            if adjustment["kind"] == "shipping_refund":
                tax -= paise(adjustment["tax_amount"])
                amount -= paise(adjustment["amount"]) + paise(adjustment["tax_amount"])
    return amount, tax


def _refunds_of(body: Body, line_id: int) -> Iterator[tuple[int, Value]]:
    for refund in body["refunds"]:
        for item in refund["refund_line_items"]:
            if item["line_item_id"] == line_id:
                paid, tax = paise(item["subtotal"]), paise(item["total_tax"])
                line = value_of(item["line_item"])
                share = line.gross * item["quantity"] // item["line_item"]["quantity"]
                yield item["quantity"], Value(share, paid, tax)


def _units(amount: int, quantity: int, start: int, stop: int) -> int:
    each, odd = divmod(amount, quantity)
    return each * (stop - start) + min(stop, odd) - min(start, odd)
