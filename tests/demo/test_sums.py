"""Every body adds up, and the ledger makes of it exactly what it says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shop_data.changes import version_of
from shop_data.known_orders import KnownOrder
from shop_data.ledger import derive_sales
from shop_data.models import Sale
from shop_data.payloads.edits import edit_record
from shop_data.payloads.values import parse
from shop_data.sale_rows import SaleRow
from tests.demo.conftest import ALWAYS, END, ORDERS, Told, tell
from webhooks.inbox import Delivery
from xenofy.common.money import from_minor
from xenofy.demo import calendar
from xenofy.demo.history import History

Body = dict[str, Any]

SEEDS = range(12)


@pytest.fixture(scope="module", params=SEEDS)
def some(request: pytest.FixtureRequest) -> list[Told]:
    """Return some orders of one seed, from all over its history."""
    history = History(seed=100 + request.param, orders=600, end=END, in_detail=ALWAYS)
    return tell(history, history.visits[request.param :: 8])


def test_lines_shipping_and_tip_make_the_total(some: list[Told]) -> None:
    for body in _orders(some):
        goods = sum(Decimal(line["price"]) * line["quantity"] for line in body["line_items"])
        off = _sum(body["line_items"], "discount_allocations", "amount")
        shipping = sum(Decimal(line["discounted_price"]) for line in body["shipping_lines"])

        assert Decimal(body["total_line_items_price"]) == goods
        assert Decimal(body["subtotal_price"]) == goods - off
        assert Decimal(body["total_price"]) == goods - off + shipping + Decimal(
            body["total_tip_received"]
        )


def test_discounts_stand_on_lines_in_codes_and_in_the_total(some: list[Told]) -> None:
    for body in _orders(some):
        parts = [*body["line_items"], *body["shipping_lines"]]
        is_code = [item["type"] == "discount_code" for item in body["discount_applications"]]
        by_code = sum(
            Decimal(share["amount"])
            for part in parts
            for share in part["discount_allocations"]
            if is_code[share["discount_application_index"]]
        )

        assert Decimal(body["total_discounts"]) == _sum(parts, "discount_allocations", "amount")
        assert sum(Decimal(code["amount"]) for code in body["discount_codes"]) == by_code


def test_taxes_stand_on_lines_and_in_the_total(some: list[Told]) -> None:
    for body in _orders(some):
        parts = [*body["line_items"], *body["shipping_lines"]]

        assert Decimal(body["total_tax"]) == _sum(parts, "tax_lines", "price")
        assert sum(Decimal(tax["price"]) for tax in body["tax_lines"]) == Decimal(body["total_tax"])


def test_tax_is_what_the_price_contains(some: list[Told]) -> None:
    for body in _orders(some):
        for line in body["line_items"]:
            rate = sum((tax["rate"] for tax in line["tax_lines"]), Decimal(0))
            paid = Decimal(line["price"]) * line["quantity"] - _sum(
                [line], "discount_allocations", "amount"
            )

            assert abs(_sum([line], "tax_lines", "price") - paid * rate / (1 + rate)) < Decimal(
                "0.02"
            )


def test_shop_money_repeats_the_amount_beside_it(some: list[Told]) -> None:
    for body in _orders(some):
        for holder in [body, *body["line_items"], *body["shipping_lines"]]:
            for name in [name for name in holder if f"{name}_set" in holder]:
                assert holder[f"{name}_set"]["shop_money"]["amount"] == holder[name]


def test_money_given_back_is_the_lines_less_what_adjustments_keep(some: list[Told]) -> None:
    for refund in (body for one in some for body in one.bodies("refunds/create")):
        lines = sum((item["subtotal"] for item in refund["refund_line_items"]), Decimal(0))
        kept = sum(Decimal(item["amount"]) + Decimal(item["tax_amount"])
                   for item in refund["order_adjustments"])  # fmt: skip
        money = sum(Decimal(item["amount"]) for item in refund["transactions"])

        assert money == lines - kept
        assert money >= 0


def test_ledger_of_a_placed_order_is_its_total(some: list[Told]) -> None:
    for one in some:
        for placed in one.bodies("orders/create"):
            first = next(each for each in one.deliveries if each.topic == "orders/create")

            assert _total(_ledger([first])) == (
                0 if placed["test"] else Decimal(placed["total_price"])
            )


def test_ledger_of_an_order_ends_in_its_current_total(some: list[Told]) -> None:
    """Adjustments are money, not goods: Shopify's current total leaves them out."""
    for one in some:
        last = one.bodies(*ORDERS)[-1]
        rows = [row for row in _ledger(one.deliveries)
                if row.line_type != Sale.LineType.ADJUSTMENT]  # fmt: skip

        assert _total(rows) == (0 if last["test"] else Decimal(last["current_total_price"]))


def _orders(some: list[Told]) -> list[Body]:
    return [body for one in some for body in one.bodies(*ORDERS)]


def _sum(parts: list[Body], name: str, field: str) -> Decimal:
    return sum((Decimal(each[field]) for part in parts for each in part[name]), Decimal(0))


def _ledger(deliveries: list[Delivery]) -> list[SaleRow]:
    """Derive the rows of one order as the worker does."""
    known: KnownOrder | None = None
    for each in deliveries:
        body = parse(each.body)
        version = version_of(body, each.body, END)
        if each.topic in ORDERS:
            known = known or KnownOrder(body["id"])
            known.learn_order(body, each.body, version)
        elif each.topic == "refunds/create" and known:
            known.learn_refund(body, each.body, version.at)
        elif each.topic == "orders/edited" and known:
            known.learn_edit(edit_record(body, END))
    return derive_sales(known, calendar.ZONE) if known else []


def _total(rows: list[SaleRow]) -> Decimal:
    return from_minor(sum(row.gross + row.discount + row.tax for row in rows), "INR")
