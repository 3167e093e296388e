"""What the ledger of an order has to sum to, from the bodies that told of it and nothing else.

Amounts are minor units as fractions that are whole. Sold and taken back are kept by kind of line,
each without its tax and its tax, as [net, tax].
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.money_bodies import PLACES, Body

Sums = dict[str, list[int]]


def expected_total(bodies: Sequence[Body]) -> int:
    """Return the sum of all rows after these bodies of one order, the oldest first."""
    last = bodies[-1]
    still_open = [body for body in bodies if not body["cancelled_at"]]
    left = sold(last)
    for kind, net, tax in removed(still_open):
        left[kind][0] -= net
        left[kind][1] -= tax
    early = len(still_open[-1]["refunds"])
    kept = 0
    for refund in last["refunds"][:early]:
        for kind, net, tax in given_back(refund, last):
            left[kind][0] -= net
            left[kind][1] -= tax
        kept += sum(adjusted(refund, last))
    if not last["cancelled_at"]:
        return kept + sum(map(sum, left.values()))
    return kept + _after_cancellation(left, last["refunds"][early:], last)


def _after_cancellation(left: Sums, refunds: Sequence[Body], order: Body) -> int:
    """Return what stays: a cent that was refunded too much, and what the shop gives or keeps
    beyond the worth of what it took back."""
    amounts = [amount for pair in left.values() for amount in pair]
    owed = sum(max(0, amount) for amount in amounts)
    stays = sum(min(0, amount) for amount in amounts)
    for refund in refunds:
        worth = sum(net + tax for _, net, tax in given_back(refund, order))
        owed = max(0, owed - worth)
        for amount in adjusted(refund, order):
            paid = min(owed, max(0, -amount))
            owed -= paid
            stays += amount + paid
    return stays


def sold(order: Body) -> Sums:
    """Return what the total price of an order is made of."""
    found: Sums = defaultdict(lambda: [0, 0])
    for line in order["line_items"]:
        net, tax = _net_and_tax(line, line["quantity"], order)
        found[_kind(line)][0] += net
        found[_kind(line)][1] += tax
    for line in order["shipping_lines"]:
        net, tax = _net_and_tax(line, 1, order)
        found["shipping"][0] += net
        found["shipping"][1] += tax
    fees = order["original_total_additional_fees_set"] or {"shop_money": {"amount": 0}}
    found["fees"][0] += minor(fees["shop_money"]["amount"], order)
    found["duties"][0] += minor(order["original_total_duties_set"]["shop_money"]["amount"], order)
    found["tip"][0] += minor(order["total_tip_received"], order)
    assert sum(map(sum, found.values())) == minor(order["total_price"], order)
    return found


def given_back(refund: Body, order: Body) -> list[tuple[str, int, int]]:
    """Return kind, net and tax of each thing that a refund names."""
    lines = {line["id"]: line for line in order["line_items"]}
    found = []
    for item in refund["refund_line_items"]:
        tax = minor(item["total_tax"], order)
        net = minor(item["subtotal"], order) - (tax if order["taxes_included"] else 0)
        found.append((_kind(lines[item["line_item_id"]]), net, tax))
    shipping = (item for item in refund["order_adjustments"] if item["kind"] == "shipping_refund")
    for item in shipping:
        net, tax = minor(item["amount"], order), minor(item["tax_amount"], order)
        found.append(("shipping", -net, -tax))
    found += [("duties", minor(item["amount"], order), 0) for item in refund["duties"]]
    return found


def adjusted(refund: Body, order: Body) -> list[int]:
    """Return what the shop kept of a refund (positive) or gave beyond its lines."""
    return [minor(item["amount"], order) for item in refund["order_adjustments"]
            if item["kind"] == "refund_discrepancy"]  # fmt: skip


def removed(bodies: Sequence[Body]) -> list[tuple[str, int, int]]:
    """Return kind, net and tax of what each body shows to be gone that the one before it had.

    Units are taken off a line in turn; those in front have the odd cents.
    """
    found = []
    gone: dict[int, int] = defaultdict(int)
    for body in bodies:
        refunded = _refunded(body)
        for line in body["line_items"]:
            away = line["quantity"] - line["current_quantity"] - refunded[line["id"]]
            units = _units(line, body)[refunded[line["id"]] + gone[line["id"]] :]
            for net, tax in units[: away - gone[line["id"]]]:
                found.append((_kind(line), net, tax))
            gone[line["id"]] = away
    return found


def minor(amount: Any, order: Body) -> int:
    """Return an amount of the shop's money in its smallest unit."""
    scaled = Decimal(amount).scaleb(PLACES.get(order["currency"], 2))
    assert scaled == scaled.to_integral_value()
    return int(scaled)


def _refunded(order: Body) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for refund in order["refunds"]:
        for item in refund["refund_line_items"]:
            found[item["line_item_id"]] += item["quantity"]
    return found


def _kind(line: Body) -> str:
    return "gift card" if line["gift_card"] else "product"


def _net_and_tax(line: Body, quantity: int, order: Body) -> tuple[int, int]:
    """Return what a line was sold for after discounts, without its tax, and its tax."""
    price = minor(line["price"], order) * quantity
    off = sum(minor(item["amount"], order) for item in line["discount_allocations"])
    tax = sum(minor(item["price"], order) for item in line["tax_lines"])
    return price - off - (tax if order["taxes_included"] else 0), tax


def _units(line: Body, order: Body) -> list[tuple[int, int]]:
    """Return net and tax of each unit of a line."""
    quantity = line["quantity"]
    net, tax = _net_and_tax(line, quantity, order)
    price = minor(line["price"], order) * quantity
    paid = net + (tax if order["taxes_included"] else 0)
    gross = Decimal(price) * net / paid if paid else Decimal(price)
    whole = int(gross.to_integral_value(ROUND_HALF_UP))
    shares = (_handed_out(total, quantity) for total in (whole, whole - net, tax))
    return [(g - d, t) for g, d, t in zip(*shares, strict=True)]


def _handed_out(total: int, units: int) -> list[int]:
    return [total // units + (number < total % units) for number in range(units)]
