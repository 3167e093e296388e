"""Refunds and cancellations of an order's body, in the shape of `refunds/create`.

Money given back = value of the lines and of the shipping - what adjustments keep back. A refund
of lines is what is sold taken back; its `order_adjustments` say where money and value differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xenofy.demo import calendar, identifiers
from xenofy.demo.amounts import CURRENCY, bag, number, paise, text
from xenofy.demo.line_values import (
    left_of,
    refunded_shipping,
    taxes_of,
    units_refunded,
    value_of,
)
from xenofy.demo.orders import MAIN_LOCATION
from xenofy.demo.totals import add_up

Body = dict[str, Any]

RETURNED, NOT_SENT, NOTHING_BACK = "return", "cancel", "no_restock"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a buyer gets back: units by line, shipping or not, and why.

    `kept` is a restocking fee in paise; below zero it is more than the lines are worth.
    """

    units: Sequence[tuple[Body, int]] = ()
    shipping: bool = False
    kept: int = 0
    restock: str = RETURNED
    note: str | None = None


def refund(body: Body, refusal: Refusal, *, at: datetime) -> Body:
    """Give back, and return the refund as `refunds/create` carries it."""
    serial, position = body["id"] - identifiers.order(0), len(body["refunds"]) + 1
    identifier = identifiers.refund(serial, position)
    seen, moment = body["presentment_currency"], calendar.local(at)
    lines = _lines(body, refusal, serial, position)
    adjustments = _adjustments(body, refusal, identifier, serial, position)
    found: Body = {
        "id": identifier,
        "admin_graphql_api_id": identifiers.gid("Refund", identifier),
        "created_at": moment,
        "note": refusal.note,
        "order_id": body["id"],
        "processed_at": moment,
        "restock": refusal.restock != NOTHING_BACK,
        "total_additional_fees_set": bag(0, seen),
        "total_duties_set": bag(0, seen),
        "user_id": None,
        "order_adjustments": adjustments,
        "transactions": [],
        "refund_line_items": lines,
        "duties": [],
        "additional_fees": [],
    }
    found["transactions"] = _transactions(body, found, serial, position)
    body["refunds"].append(found)
    _note(body, refusal, at)
    return found


def everything(body: Body, *, restock: str, note: str, kept: int = 0) -> Refusal:
    """Return a refund of all that has not been given back yet, shipping included."""
    units = [(line, line["current_quantity"]) for line in body["line_items"]]
    shipping = any(paise(line["discounted_price"]) for line in body["shipping_lines"])
    left = shipping and refunded_shipping(body) == (0, 0)
    return Refusal([pair for pair in units if pair[1]], left, kept, restock, note)


def cancel(body: Body, *, at: datetime, reason: str) -> Body | None:
    """Cancel an order; what was paid is given back. Return the refund, None when nothing was."""
    refunded = None
    if body["financial_status"] != "pending":
        wanted = everything(body, restock=NOT_SENT, note="Order cancelled")
        refunded = refund(body, wanted, at=at)
    body["cancel_reason"] = reason
    body["cancelled_at"] = body["closed_at"] = body["updated_at"] = calendar.local(at)
    if refunded is None:
        body["financial_status"] = "voided"
        for line in body["line_items"]:
            line["current_quantity"] = line["fulfillable_quantity"] = 0
    body["total_outstanding"] = "0.00"
    add_up(body)
    return refunded


def given_back(refunded: Body) -> int:
    """Return the money of a refund in paise."""
    return sum(paise(transaction["amount"]) for transaction in refunded["transactions"])


def _lines(body: Body, refusal: Refusal, serial: int, position: int) -> list[Body]:
    seen = body["presentment_currency"]
    found: list[Body] = []
    for line, units in refusal.units:
        start = units_refunded(body, line["id"])
        value = value_of(line).units(line["quantity"], start, start + units)
        line["current_quantity"] -= units
        line["fulfillable_quantity"] = 0
        found.append(
            {
                "id": identifiers.refund_part(serial, position, len(found)),
                "line_item_id": line["id"],
                "location_id": MAIN_LOCATION,
                "quantity": units,
                "restock_type": refusal.restock,
                "subtotal": number(value.paid),
                "subtotal_set": bag(value.paid, seen),
                "total_tax": number(value.tax),
                "total_tax_set": bag(value.tax, seen),
                "line_item": dict(line),
            }
        )
    return found


def _adjustments(
    body: Body, refusal: Refusal, refund_id: int, serial: int, position: int
) -> list[Body]:
    """Return the shipping given back, and the fee kept or the goodwill added."""
    wanted = []
    if refusal.shipping:
        shipping = body["shipping_lines"]
        charged = sum(paise(line["discounted_price"]) for line in shipping)
        tax = taxes_of(shipping)
        wanted.append(("shipping_refund", "Shipping refund", tax - charged, -tax))
    if refusal.kept:
        wanted.append(("refund_discrepancy", "Refund discrepancy", refusal.kept, 0))
    seen = body["presentment_currency"]
    return [
        {
            "id": identifiers.refund_part(serial, position, 90 + index),
            "amount": text(amount),
            "amount_set": bag(amount, seen),
            "kind": kind,
            "order_id": body["id"],
            "reason": reason,
            "refund_id": refund_id,
            "tax_amount": text(tax),
            "tax_amount_set": bag(tax, seen),
        }
        for index, (kind, reason, amount, tax) in enumerate(wanted)
    ]


def _transactions(body: Body, refunded: Body, serial: int, position: int) -> list[Body]:
    """Return the money that goes back; none where the fee eats it up."""
    amount = sum(paise(item["subtotal"]) for item in refunded["refund_line_items"])
    for adjustment in refunded["order_adjustments"]:
        amount -= paise(adjustment["amount"]) + paise(adjustment["tax_amount"])
    identifier = identifiers.refund_part(serial, position, 80)
    transaction: Body = {
        "id": identifier,
        "admin_graphql_api_id": identifiers.gid("OrderTransaction", identifier),
        "amount": text(amount),
        "authorization": None,
        "created_at": refunded["created_at"],
        "currency": CURRENCY,
        "device_id": None,
        "error_code": None,
        "gateway": body["payment_gateway_names"][0],
        "kind": "refund",
        "location_id": None,
        "message": None,
        "order_id": body["id"],
        "parent_id": None,
        "payment_id": f"{body['name']}.{position + 1}",
        "processed_at": refunded["created_at"],
        "receipt": {},
        "source_name": "web",
        "status": "success",
        "test": body["test"],
        "user_id": None,
    }
    return [transaction] if amount else []


def _note(body: Body, refusal: Refusal, at: datetime) -> None:
    """Write into the order what the refund changes of it."""
    money = sum(given_back(refunded) for refunded in body["refunds"])
    add_up(body)
    is_all = money >= paise(body["total_price"]) or not any(value.paid for value in left_of(body))
    body["financial_status"] = "refunded" if is_all else "partially_refunded"
    body["updated_at"] = calendar.local(at)
