"""Why something came back, under which names its tax was charged, and with which codes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shop_data.models import Order
from tenants.scope import tenant_scope
from tests.builders import Body, OrderBuilder
from tests.shop_data.golden import placed, updated
from tests.shops import Shop

pytestmark = pytest.mark.django_db


def reasons(shop: Shop) -> dict[str, str]:
    """Return key -> reason of every return."""
    rows = shop.sales()
    assert all(row.reason == "" for row in rows if row.action != "return")
    return {row.key: row.reason for row in rows if row.action == "return"}


def taxes(shop: Shop) -> dict[str, dict[str, int]]:
    """Return key -> names of tax of the rows that have any."""
    rows = shop.sales()
    assert all(sum(row.tax_lines.values()) == row.tax for row in rows)
    return {row.key: row.tax_lines for row in rows if row.tax_lines}


def codes(shop: Shop, body: Body) -> str:
    shop.process(("orders/create", body))
    with tenant_scope(shop.connection.tenant_id):
        return Order.objects.get().discount_codes


# ── why ───────────────────────────────────────────────────────────────────────────────────────


def test_every_return_says_why(shop: Shop) -> None:
    order = OrderBuilder(tax_rate=Decimal("0.10"))
    line, other = order.line("30.00", 3), order.line("10.00", 2)
    order.ship("5.00")
    shop.process(placed(order))
    edit = order.edit("2026-03-03T10:00:00Z", remove={other.id: 1})
    shop.process(("orders/edited", edit), updated(order))
    order.refund("2026-03-04T10:00:00Z", units={line.id: 1}, shipping=("2.00", "0.20"), kept="1.00")
    shop.process(updated(order))
    body = order.cancel("2026-03-05T10:00:00Z").body() | {"cancel_reason": "inventory"}
    shop.process(("orders/cancelled", body))

    refund = f"refund:{order.refunds[0]['id']}"
    adjustment = f"{refund}:adjustment:{order.refunds[0]['id']}"
    cancelled = "inventory"
    assert reasons(shop) == {
        f"line:{other.id}:removed:2026-03-03T10:00:00+00:00": "edit",
        f"{refund}:line:{order.refunds[0]['refund_line_items'][0]['id']}": "return",
        f"{refund}:shipping:0": "shipping_refund",
        f"{adjustment}2": "refund_discrepancy",
        f"line:{line.id}:cancelled": cancelled,
        f"line:{other.id}:cancelled": cancelled,
        "shipping:cancelled": cancelled,
    }


@pytest.mark.parametrize("said", ["adjustment", "line"])
def test_shipping_given_back_has_one_reason_however_it_is_told(shop: Shop, said: str) -> None:
    order = OrderBuilder()
    order.line("30.00")
    order.ship("5.00")
    order.refund("2026-03-04T10:00:00Z", shipping=("2.00", "0"), shipping_as=said)
    shop.process(updated(order))

    assert set(reasons(shop).values()) == {"shipping_refund"}


def test_a_return_without_a_reason_has_none(shop: Shop) -> None:
    order = OrderBuilder()
    order.line("30.00")
    shop.process(placed(order), ("orders/cancelled", order.cancel("2026-03-05T10:00:00Z").body()))

    assert set(reasons(shop).values()) == {""}


# ── taxes ─────────────────────────────────────────────────────────────────────────────────────


def two_taxes(body: Body, state: str, county: str) -> Body:
    """Return the body of an order whose first line names two taxes."""
    body["line_items"][0]["tax_lines"] = [
        {"title": "State Tax", "rate": 0.0625, "price": state},
        {"title": "County Tax", "rate": 0.02, "price": county},
    ]
    return body


def test_tax_is_split_by_title_and_rate(shop: Shop) -> None:
    order = OrderBuilder(tax_rate=Decimal("0.10"))
    line = order.line("100.00")
    order.ship("10.00")
    shop.process(("orders/create", two_taxes(order.body(), "6.25", "2.00")))

    assert taxes(shop) == {
        f"line:{line.id}": {"State Tax 6.25%": 625, "County Tax 2%": 200},
        f"shipping:{order.body()['shipping_lines'][0]['id']}": {"VAT 10%": 100},
    }


def test_of_tax_that_is_taken_back_whole_nothing_is_left_under_any_name(shop: Shop) -> None:
    order = OrderBuilder()
    line = order.line("10.00", 3)
    shop.process(("orders/create", two_taxes(order.body(), "0.32", "0.11")))
    for day in (3, 4):
        order.refund(f"2026-03-0{day}T10:00:00Z", units={line.id: 1})
    body = two_taxes(order.body(), "0.32", "0.11")
    for refund, tax in zip(body["refunds"], ("0.15", "0.14"), strict=True):
        refund["refund_line_items"][0] |= {"total_tax": tax, "total_tax_set": None}
    shop.process(("orders/updated", body))
    order.cancel("2026-03-05T10:00:00Z")
    cancelled = body | {"cancelled_at": "2026-03-05T10:00:00Z", "updated_at": order.updated_at}
    shop.process(("orders/cancelled", cancelled))

    found = taxes(shop)
    assert len(found) == 4
    for name in ("State Tax 6.25%", "County Tax 2%"):
        assert sum(lines.get(name, 0) for lines in found.values()) == 0


def test_taxes_of_the_order_are_split_as_the_order_names_them(shop: Shop) -> None:
    order = OrderBuilder()
    line = order.line("100.00")
    named = [{"title": "GST", "rate": "0.05", "price": "5.00"},
             {"title": "PST", "rate": "0.07", "price": "7.00"}]  # fmt: skip
    shop.process(("orders/create", order.body() | {
        "total_tax": "12.00", "total_tax_set": None, "tax_lines": named}))  # fmt: skip

    assert taxes(shop) == {f"line:{line.id}": {"GST 5%": 500, "PST 7%": 700}}


def test_tax_that_nothing_names_has_no_name(shop: Shop) -> None:
    order = OrderBuilder()
    line = order.line("100.00")
    shop.process(("orders/create", order.body() | {"total_tax": "12.00", "total_tax_set": None}))

    assert taxes(shop) == {f"line:{line.id}": {"": 1200}}


# ── codes ─────────────────────────────────────────────────────────────────────────────────────


def applied(*applications: dict[str, Any]) -> Body:
    order = OrderBuilder()
    order.line("100.00")
    return order.body() | {"discount_applications": list(applications)}


def test_codes_and_titles_of_automatic_discounts_are_sorted(shop: Shop) -> None:
    body = applied(
        {"type": "discount_code", "code": "WELCOME"},
        {"type": "automatic", "title": "Diwali"},
        {"type": "manual", "title": "for the trouble"},
        {"type": "script", "title": "Three for two"},
    )

    assert codes(shop, body) == "Diwali + Three for two + WELCOME"


def test_old_bodies_name_codes_without_applications(shop: Shop) -> None:
    body = applied() | {"discount_codes": [{"code": "B", "amount": "1.00"}, {"code": "A"}]}

    assert codes(shop, body) == "A + B"


def test_a_code_that_is_named_twice_is_one(shop: Shop) -> None:
    body = applied({"type": "discount_code", "code": "A"}) | {"discount_codes": [{"code": "A"}]}

    assert codes(shop, body) == "A"


def test_very_many_codes_fit_an_index(shop: Shop) -> None:
    body = applied(*({"type": "discount_code", "code": f"CODE{n:04}"} for n in range(200)))

    assert len(codes(shop, body)) <= 255
