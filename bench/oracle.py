"""What mirror and ledger must hold, worked out without Xenofy's own code.

The mirror from the bodies that were sent: of each resource the newest. The ledger from what truly
happened, by the rules of docs/metrics.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from bench.facts import Line, Order, Shop
from bench.stories import Message

Row = tuple[Any, ...]


class Amounts(NamedTuple):
    """Units and minor units of money of something sold or taken back."""

    quantity: int
    gross: int
    discount: int
    tax: int


# ── the ledger ────────────────────────────────────────────────────────────────────────────────


def ledger(shop: Shop, orders: Iterable[Order]) -> Counter[Row]:
    """Return every row that the ledger must hold, with how often."""
    return Counter(row for order in orders for row in _rows(shop, order))


def _rows(shop: Shop, order: Order) -> Iterator[Row]:
    if order.test or order.deleted:
        return
    for action, line_type, at, line, amounts in _sales(shop, order):
        local = at.astimezone(shop.zone)
        yield (
            order.id, action, line_type, at, local.date(), local.hour,
            order.placed_at.astimezone(shop.zone).date(),
            line and line.id, line and line.product,
            700 + order.customer if order.customer else None,
            *amounts, shop.currency,
        )  # fmt: skip


Sale = tuple[str, str, datetime, Line | None, Amounts]


def _sales(shop: Shop, order: Order) -> Iterator[Sale]:
    for line in order.lines:
        yield from _line_sales(shop, order, line)
    yield from _extra_sales(shop, order)
    for refund in order.refunds:
        for adjustment in refund.adjustments:
            kind = "shipping" if adjustment.kind == "shipping_refund" else "adjustment"
            yield "return", kind, refund.at, None, Amounts(0, adjustment.amount, 0, adjustment.tax)


def _line_sales(shop: Shop, order: Order, line: Line) -> Iterator[Sale]:
    """Yield the sale of a line, what edits added, then its reversals as they happened."""
    kind = "gift_card" if line.gift_card else "product"
    whole = _line_amounts(shop, line)
    sold = 0
    for action, at, units in [
        ("order", order.placed_at, line.units),
        *(("update", at, units) for at, units in line.added),
    ]:
        yield action, kind, at, line, _share(whole, sold, sold + units)
        sold += units
    rest = whole
    for at, amounts in _line_reversals(shop, order, line, whole):
        rest = _plus(rest, amounts)
        yield "return", kind, at, line, amounts
    if order.cancelled_at is not None:
        left = _not_beyond_zero(rest)
        if any(left):
            yield "return", kind, order.cancelled_at, line, _minus(left)


def _line_reversals(
    shop: Shop, order: Order, line: Line, whole: Amounts
) -> Iterator[tuple[datetime, Amounts]]:
    """Yield refunds and removals in the order of time; each takes the next units of the line."""
    refunds = [(refund.at, item.units, item) for refund in order.refunds
               for item in refund.lines if item.line is line]  # fmt: skip
    removals = [(at, units, None) for at, units in line.removed]
    back = 0
    for at, units, item in sorted([*refunds, *removals], key=lambda event: event[0]):
        share = _share(whole, back, back + units)
        back += units
        if item is None:
            yield at, _minus(share)
        else:
            net = item.subtotal - item.tax if shop.taxes_included else item.subtotal
            yield at, Amounts(-units, -share.gross, share.gross - net, -item.tax)


def _extra_sales(shop: Shop, order: Order) -> Iterator[Sale]:
    """Yield shipping and tip, and what the cancellation reversed of them."""
    shipped = sum(item.amount for refund in order.refunds for item in refund.adjustments
                  if item.kind == "shipping_refund")  # fmt: skip
    extras = []
    if order.shipping:
        tax = order.shipping_tax(shop)
        extras.append(("shipping", _before_tax(shop, 0, order.shipping, 0, tax)))
    if order.tip:
        extras.append(("tip", Amounts(0, order.tip, 0, 0)))
    for kind, amounts in extras:
        yield "order", kind, order.placed_at, None, amounts
        if order.cancelled_at is not None and not (kind == "shipping" and shipped):
            yield "return", kind, order.cancelled_at, None, _minus(amounts)


def _line_amounts(shop: Shop, line: Line) -> Amounts:
    return _before_tax(
        shop, line.quantity, line.price * line.quantity, line.discount, line.tax(shop)
    )


def _before_tax(shop: Shop, quantity: int, gross: int, discount: int, tax: int) -> Amounts:
    if not shop.taxes_included:
        return Amounts(quantity, gross, -discount, tax)
    net = gross - discount - tax
    without = _half_up(Fraction(gross * net, gross - discount))
    return Amounts(quantity, without, net - without, tax)


def _half_up(value: Fraction) -> int:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _share(amounts: Amounts, start: int, stop: int) -> Amounts:
    """Return what some units of a line are worth; odd cents lie with the first units."""
    parts = (sum(_by_unit(total, amounts.quantity)[start:stop]) for total in amounts[1:])
    return Amounts(stop - start, *parts)


def _by_unit(total: int, units: int) -> list[int]:
    sign = -1 if total < 0 else 1
    each, odd = divmod(abs(total), units)
    return [sign * (each + (unit < odd)) for unit in range(units)]


def _plus(one: Amounts, other: Amounts) -> Amounts:
    return Amounts(*(a + b for a, b in zip(one, other, strict=True)))


def _minus(amounts: Amounts) -> Amounts:
    return Amounts(*(-value for value in amounts))


def _not_beyond_zero(rest: Amounts) -> Amounts:
    """Return what a cancellation still reverses; of money the net counts, not its two parts."""
    quantity, gross, discount, tax = rest
    net = max(0, gross + discount)
    return Amounts(max(0, quantity), max(0, gross), net - max(0, gross), max(0, tax))


# ── the mirror ────────────────────────────────────────────────────────────────────────────────

# kind of resource -> fields that must equal those of its newest body
FIELDS: dict[str, tuple[str, ...]] = {
    "order": (
        "name", "email", "currency", "financial_status", "tags", "note", "test", "total_price",
        "processed_at", "cancelled_at", "updated_at",
    ),
    "line": ("order_id", "title", "sku", "quantity", "current_quantity", "price"),
    "refund": ("order_id", "note", "processed_at"),
    "refunded line": ("line_item_id", "quantity", "subtotal", "total_tax"),
    "adjustment": ("kind", "amount", "tax_amount"),
    "fulfilment": ("order_id", "status", "tracking_company"),
    "customer": ("email", "first_name", "last_name"),
    "product": ("title", "vendor"),
    "stock": ("available",),
    "checkout": ("token", "currency", "total_price"),
    "store": ("name", "currency", "iana_timezone"),
}  # fmt: skip
MOMENTS = {"processed_at", "cancelled_at", "updated_at"}
AMOUNTS = {"total_price", "price", "subtotal", "total_tax", "amount", "tax_amount"}
Mirror = dict[tuple[str, Any], tuple[Any, ...]]


def mirror(messages: Iterable[Message]) -> Mirror:
    """Return (kind, key) -> values of `FIELDS`, from the newest of the readable bodies."""
    read = [(message, _parsed(message)) for message in messages if message.readable]
    deleted = {body["id"] for message, body in read if message.topic == "orders/delete"}
    newest: dict[tuple[str, Any], tuple[tuple[datetime, datetime], dict[str, Any]]] = {}
    for message, whole in read:
        if _order_of(message.topic, whole) in deleted:
            continue
        for kind, key, version, body in _resources(message, whole):
            at = (version, message.triggered_at)
            if (kind, key) not in newest or newest[kind, key][0] < at:
                newest[kind, key] = (at, body)
    return {
        (kind, key): tuple(_value(name, body.get(name)) for name in FIELDS[kind])
        for (kind, key), (_, body) in newest.items()
    }


KINDS = {
    "customers": "customer",
    "products": "product",
    "checkouts": "checkout",
    "fulfillments": "fulfilment",
    "shop": "store",
}
Resource = tuple[str, Any, datetime, dict[str, Any]]  # kind, key, version, body


def _parsed(message: Message) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(message.body, parse_float=Decimal)
    return body


def _order_of(topic: str, body: dict[str, Any]) -> int | None:
    """Return the order that a delivery is about."""
    order: int | None = body["id"] if topic.startswith("orders/") and "id" in body else None
    return body.get("order_id", order)


def _resources(message: Message, body: dict[str, Any]) -> Iterator[Resource]:
    """Yield each resource that a delivery carries."""
    subject, _, verb = message.topic.partition("/")
    if subject == "orders":
        if verb != "edited":
            yield from _order_resources(body)
    elif subject == "refunds":
        yield from _refund_resources(body, message.triggered_at)
    elif subject == "inventory_levels":
        yield "stock", (body["inventory_item_id"], body["location_id"]), _version(body), body
    elif subject in KINDS:
        yield KINDS[subject], body["id"], _version(body), body


def _order_resources(body: dict[str, Any]) -> Iterator[Resource]:
    version = _version(body)
    yield "order", body["id"], version, body
    if body["customer"]:
        yield "customer", body["customer"]["id"], _version(body["customer"]), body["customer"]
    for line in body["line_items"]:
        yield "line", line["id"], version, {**line, "order_id": body["id"]}
    for fulfilment in body["fulfillments"]:
        yield "fulfilment", fulfilment["id"], _version(fulfilment), fulfilment
    for refund in body["refunds"]:
        yield from _refund_resources(refund, version)


def _refund_resources(body: dict[str, Any], version: datetime) -> Iterator[Resource]:
    yield "refund", body["id"], version, body
    for line in body["refund_line_items"]:
        yield "refunded line", line["id"], version, line
    for adjustment in body["order_adjustments"]:
        yield "adjustment", adjustment["id"], version, adjustment


def _version(body: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(body["updated_at"])


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in MOMENTS:
        return datetime.fromisoformat(value)
    return Decimal(value) if name in AMOUNTS else value
