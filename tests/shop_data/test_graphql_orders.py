"""An order ends in the same ledger whether a webhook or the GraphQL API told of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_data.changes import version_of
from shop_data.known_orders import KnownOrder
from shop_data.ledger import derive_sales
from shop_data.models import OrderDocument, Sale
from shop_data.payloads.graphql_orders import order_body
from shop_data.payloads.order_rows import order_row
from shop_data.payloads.orders import order_record
from shop_data.payloads.values import moment
from shop_data.sale_rows import SaleRow
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.graphql_nodes import order_node
from tests.shop_data import test_golden_cancellations, test_golden_refunds, test_golden_sales
from tests.shop_data.golden import Case, placed
from tests.shop_data.order_stories import OF_ORDERS, Story, stories
from tests.shop_data.real_payloads import SHARED
from tests.shop_data.test_properties import SLOW, process, rows_of
from tests.shops import Body, Shop
from webhooks.inbox import Delivery
from xenofy.common.money import from_minor

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")
CASES = [
    case
    for module in (test_golden_sales, test_golden_refunds, test_golden_cancellations)
    for case in module.CASES
    # What only bodies of old API versions leave out; GraphQL always says it.
    if case.name
    not in {
        "order discount that no line names, and its odd cent",
        "taxes that no line names",
        "goods that came back without their price are reversed by the cancellation",
    }
]


def told_by_graphql(topic: str, body: Body, *, edges: bool = False) -> Body:
    """Return what stands in for a body when GraphQL tells of the order."""
    if topic not in OF_ORDERS:
        return body
    node = json.loads(json.dumps(order_node(body, edges=edges)))
    return order_body(node)


# ── orders of ours in both shapes ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("edges", [False, True], ids=["nodes", "edges"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden_cases_come_out_the_same(shop: Shop, case: Case, edges: bool) -> None:
    deliveries = [(topic, told_by_graphql(topic, body, edges=edges))
                  for topic, body in case.deliveries]  # fmt: skip
    told = Case(case.name, deliveries, case.expected, case.by_order_day, case.zone, case.orders)

    told.check(shop)


def comparable(rows: list[Sale]) -> list[tuple[Any, ...]]:
    return sorted(
        tuple(
            dict(getattr(row, name)) if name == "tax_lines" else getattr(row, name)
            for name in SaleRow._fields
        )
        for row in rows
    )


@given(stories(), st.lists(st.booleans(), min_size=20, max_size=20))
@SLOW
def test_any_mixture_of_the_shapes_ends_in_the_same_rows(story: Story, chosen: list[bool]) -> None:
    mixed = [
        Delivery(each.topic, each.headers,
                 json.dumps(told_by_graphql(each.topic, json.loads(each.body))).encode())
        if by_graphql else each
        for each, by_graphql in zip(story.told, chosen, strict=False)
    ]  # fmt: skip

    assert comparable(rows_of(process([mixed]))) == comparable(rows_of(process([story.told])))


def test_an_edited_order_waits_for_a_fresh_read_which_graphql_answers(shop: Shop) -> None:
    order = OrderBuilder()
    line = order.line("100.00", 3)
    first = placed(order)
    edit = order.edit("2026-03-03T10:00:00Z", add=[("25.00", 2)], remove={line.id: 1})
    shop.process(first, ("orders/edited", edit))
    with tenant_scope(shop.connection.tenant_id):
        assert OrderDocument.objects.get().needs_fresh_read
    assert {row.action for row in shop.sales()} == {"order"}

    shop.process(("orders/updated", told_by_graphql("orders/updated", order.body())))

    with tenant_scope(shop.connection.tenant_id):
        assert not OrderDocument.objects.get().needs_fresh_read
    assert {(row.action, row.gross, str(row.day)) for row in shop.sales()} == {
        ("order", 30_000, "2026-03-02"),
        ("update", 5_000, "2026-03-03"),
        ("return", -10_000, "2026-03-03"),
    }


def test_the_mirror_is_the_same(shop: Shop) -> None:
    order = OrderBuilder(tax_rate=Decimal("0.10"), tip=Decimal(3), presentment=("EUR", Decimal(2)))
    order.line("100.00", 2, discount="20.00")
    body = order.body() | {"fulfillment_status": "partial", "cancel_reason": "fraud"}

    mine = order_row(body)
    its = order_row(told_by_graphql("orders/updated", body))

    assert {name: its.get(name) for name in mine} == mine


def test_what_was_not_asked_for_is_absent() -> None:
    asked = {"id": "gid://shopify/Order/1", "note": None, "lineItems": {"nodes": []}}

    assert order_body(asked) == {"id": 1, "note": None, "line_items": []}


def test_ids_that_are_texts_stay_so() -> None:
    shipping = {"id": "gid://shopify/ShippingLine/abc?x=1", "title": "Post"}

    body = order_body({"id": "gid://shopify/Order/1", "shippingLines": {"nodes": [shipping]}})

    assert body["shipping_lines"] == [{"id": "abc", "title": "Post"}]


@pytest.mark.parametrize("title", ["Tip", "tip", "Tip jar"])
def test_a_line_is_a_tip_only_where_the_order_has_one(title: str) -> None:
    usd = {"shopMoney": {"amount": "5.0", "currencyCode": "USD"}}
    line = {"id": "gid://shopify/LineItem/2", "title": title, "quantity": 1, "product": None,
            "originalUnitPriceSet": usd}  # fmt: skip
    node = {"id": "gid://shopify/Order/1", "createdAt": "2026-03-02T10:00:00Z",
            "totalPriceSet": usd, "lineItems": {"nodes": [line]}}  # fmt: skip

    bought = order_record(order_body(node)).lines[0].is_tip
    tipped = order_record(order_body({**node, "totalTipReceivedSet": usd})).lines[0].is_tip

    assert (bought, tipped) == (False, title != "Tip jar")


# ── captures of a real shop ───────────────────────────────────────────────────────────────────


def captured() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the orders in captures that tell what their lines cost, and where they stand."""
    for path in sorted((SHARED / "graphql").rglob("*.json*")):
        text = path.read_text(encoding="utf-8-sig")
        documents = text.splitlines() if path.suffix == ".jsonl" else [text]
        for document in filter(None, documents):
            name = str(path.relative_to(SHARED / "graphql"))
            yield from ((name, node) for node in orders_in(json.loads(document)))


def orders_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if is_priced(value):
            yield value
        for child in value.values():
            yield from orders_in(child)
    elif isinstance(value, list):
        for child in value:
            yield from orders_in(child)


def is_priced(node: dict[str, Any]) -> bool:
    lines = node.get("lineItems")
    if not str(node.get("id")).startswith("gid://shopify/Order/") or not isinstance(lines, dict):
        return False
    found = [*lines.get("nodes", []), *(edge["node"] for edge in lines.get("edges", []))]
    return bool(found and node.get("totalPriceSet")) and all(
        "id" in line and "originalUnitPriceSet" in line and "quantity" in line for line in found
    )


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"The shared payloads are not at {SHARED}.")
def test_captured_orders_add_up() -> None:
    off = {}
    count = 0
    for name, node in captured():
        body = {"created_at": "2026-01-01T00:00:00Z", **order_body(node)}
        known = KnownOrder(body["id"])
        raw = json.dumps(body).encode()
        at = moment(body["created_at"], "created_at")
        assert at
        known.learn_order(body, raw, version_of(body, raw, at))
        rows = [row for row in derive_sales(known, UTC) if row.action == "order"]
        total = sum(row.gross + row.discount + row.tax for row in rows)
        code = node["totalPriceSet"]["shopMoney"]["currencyCode"]
        difference = from_minor(total, code) - Decimal(node["totalPriceSet"]["shopMoney"]["amount"])
        count += 1
        if difference:
            off[f"{name} {node['id'].rsplit('/', 1)[-1]}"] = str(difference)
    assert count >= 18
    assert off == {}
