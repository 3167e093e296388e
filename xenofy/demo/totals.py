"""The sums of an order's body: what it says in all follows from its lines, shipping and refunds.

Prices contain tax. `total_…` is the order before anything was taken back, `current_…` what is
left of it.
"""

from __future__ import annotations

from typing import Any

from xenofy.demo.amounts import bag, paise, put, text
from xenofy.demo.line_values import left_of, refunded_shipping, taxes_of, value_of
from xenofy.demo.lines import taken_off

Body = dict[str, Any]


def add_up(body: Body, *, tip: int | None = None) -> None:
    """Write every sum of the body; a tip that is not given stays as it is."""
    seen = body["presentment_currency"]
    lines, shipping = body["line_items"], body["shipping_lines"]
    values = [value_of(line) for line in lines]
    charged = sum(paise(line["discounted_price"]) for line in shipping)
    tip = paise(body["total_tip_received"]) if tip is None else tip
    subtotal = sum(value.paid for value in values)
    tax = sum(value.tax for value in values) + taxes_of(shipping)
    put(body, "total_line_items_price", sum(value.gross for value in values), seen)
    put(body, "total_discounts", taken_off([*lines, *shipping]), seen)
    put(body, "subtotal_price", subtotal, seen)
    put(body, "total_tax", tax, seen)
    put(body, "total_price", subtotal + charged + tip, seen)
    body["total_shipping_price_set"] = bag(charged, seen)
    body["total_tip_received"] = text(tip)
    body["total_weight"] = sum(line["grams"] * line["quantity"] for line in lines)
    body["tax_lines"] = _order_taxes([*lines, *shipping], seen)
    _add_up_current(body, charged=charged, shipping_tax=taxes_of(shipping), tip=tip)


def _add_up_current(body: Body, *, charged: int, shipping_tax: int, tip: int) -> None:
    seen = body["presentment_currency"]
    left = [] if body["cancelled_at"] else list(left_of(body))
    paid, tax = sum(value.paid for value in left), sum(value.tax for value in left)
    extra, extra_tax = 0, 0
    if not body["cancelled_at"]:
        back, back_tax = refunded_shipping(body)
        extra, extra_tax = charged - back + tip, shipping_tax - back_tax
    put(body, "current_subtotal_price", paid, seen)
    put(body, "current_total_discounts", sum(value.gross - value.paid for value in left), seen)
    put(body, "current_total_tax", tax + extra_tax, seen)
    put(body, "current_total_price", paid + extra, seen)


def _order_taxes(parts: list[Body], seen: str) -> list[Body]:
    """Return the taxes of all lines by title and rate."""
    sums: dict[tuple[str, Any], int] = {}
    for part in parts:
        for tax in part["tax_lines"]:
            key = tax["title"], tax["rate"]
            sums[key] = sums.get(key, 0) + paise(tax["price"])
    return [
        {
            "price": text(amount),
            "rate": rate,
            "title": title,
            "price_set": bag(amount, seen),
            "channel_liable": False,
        }
        for (title, rate), amount in sums.items()
    ]
