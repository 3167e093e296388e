"""Bodies that are signed and yet no order: stored, answered 200, quarantined with a reason."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop_data.models import Customer, Order, Sale
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Shop
from webhooks.inbox import Delivery, store
from webhooks.models import InboxEvent
from webhooks.processing import drain


def order(**fields: Any) -> dict[str, Any]:
    """Return an order with some of its fields replaced."""
    builder = OrderBuilder(7)
    builder.line("100.00", 2)
    builder.ship("10.00")
    return {**builder.body(), **fields}


def raw(**fields: Any) -> bytes:
    return json.dumps(order(**fields)).encode()


def line(**fields: Any) -> bytes:
    body = order()
    body["line_items"][0] = {**body["line_items"][0], **fields}
    return json.dumps(body).encode()


GOOD = raw()
HOSTILE = {
    # name: (body, what the reason says)
    "invalid UTF-8": (b'{"id": 7, "name": "\xff\xfe"}', "not UTF-8"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "not UTF-8"),
    "byte-order mark": (b"\xef\xbb\xbf" + GOOD, "not JSON"),
    "cut off": (GOOD[:-20], "not JSON"),
    "trailing junk": (GOOD + b"}", "not JSON"),
    "nothing at all": (b"", "not JSON"),
    "only spaces": (b"   ", "not JSON"),
    "100,000 levels": (b'{"id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too deeply"),
    "a list": (b"[1, 2]", "not a JSON object"),
    "a text": (b'"order"', "not a JSON object"),
    "null": (b"null", "not a JSON object"),
    "NaN": (GOOD.replace(b'"100.00"', b"NaN"), "NaN"),
    "Infinity": (GOOD.replace(b'"100.00"', b"-Infinity"), "Infinity"),
    "a price of 1E+1000000": (GOOD.replace(b'"100.00"', b"1E+1000000"), "price"),
    "a quantity of 1E+1000000": (
        GOOD.replace(b'"quantity": 2', b'"quantity": 1E+1000000'), "quantity"),
    "a price of 5,000 digits": (GOOD.replace(b'"100.00"', b"1" * 5000), "price"),
    "an id of 5,000 digits": (GOOD.replace(b'"id": 7,', b'"id": ' + b"7" * 5000 + b","), "id"),
    "an id of 2^63": (raw(id=2**63), "id"),
    "no id": (raw(id=None), "id is missing"),
    "an id that is true": (raw(id=True), "id"),
    "no total": (raw(total_price=None, total_price_set=None), "total_price is missing"),
    "no moment": (raw(processed_at=None, created_at=None), "processed_at"),
    "year 0": (raw(processed_at="0000-01-01T00:00:00Z"), "processed_at"),
    "year 999999": (raw(processed_at="+999999-01-01T00:00:00Z"), "processed_at"),
    "infinity as a moment": (raw(processed_at="infinity"), "processed_at"),
    "a number as a moment": (raw(processed_at=1700000000), "processed_at"),
    "an offset of a week": (raw(processed_at="2026-03-02T10:00:00+168:00"), "processed_at"),
    "no currency": (raw(currency=None, total_price_set=None), "currency is missing"),
    "a currency of two letters": (raw(currency="US"), "currency"),
    "lines that are no list": (raw(line_items={"id": 1}), "line_items"),
    "lines that are no objects": (raw(line_items=[1, 2]), "line_items"),
    "a line without id": (line(id=None), "id is missing"),
    "a line named twice": (raw(line_items=order()["line_items"] * 2), "twice"),
    "a quantity beyond counting": (line(quantity=10**12), "too large"),
    "a price beyond counting": (line(price="9" * 14, price_set=None, quantity=10**6), "too large"),
    "money with an exponent": (line(price="1e5", price_set=None), "price"),
    "a customer that is a text": (raw(customer="Mena"), "customer"),
    "text where true belongs": (raw(test="yes"), "test"),
}  # fmt: skip
HARMLESS = {
    "keys that come twice": GOOD[:-1] + b', "note": "a", "note": "b"}',
    "U+0000 in a text": raw(note="a\0b"),
    "a lone surrogate": GOOD[:-1] + b', "note": "\\ud83d"}',
    "text of every script": raw(note="日本 🧣 é ﷽", email="ü@example.com"),
    "a name of 100 kB": raw(name="x" * 100_000, email="y" * 100_000, source_name="z" * 100_000),
    "ids above 2^53": line(id=820982911946154508, product_id=2**62),
    "an unknown currency": raw(currency="XYZ"),
    "a currency that only stands beside the total": raw(currency=None),
    "a currency of three decimals": line(price="1.234", price_set=None),
    "negative quantity": line(quantity=-1),
    "escaped slashes": GOOD.replace(b"://", b":\\/\\/"),
    "unknown fields": raw(something_new={"a": [1, {"b": None}]}),
    "an unknown status": raw(financial_status="half_paid", fulfillment_status="pending"),
}


@pytest.mark.fault(17)
@pytest.mark.fault(18)
@pytest.mark.fault(19)
@pytest.mark.fault(21)
@pytest.mark.fault(22)
@pytest.mark.fault(23)
@pytest.mark.parametrize(("body", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_cannot_be_read_is_quarantined_with_its_reason(
    shop: Shop, body: bytes, reason: str
) -> None:
    assert shop.post("orders/create", body).status_code == 200
    shop.drain()

    with tenant_scope(shop.connection.tenant_id):
        event = InboxEvent.objects.get()
        assert (event.status, bytes(event.body)) == ("quarantined", body)
        assert reason in event.last_error
        assert not Order.objects.exists()


@pytest.mark.fault(20)
@pytest.mark.parametrize("body", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_is_only_odd_is_processed(shop: Shop, body: bytes) -> None:
    assert shop.post("orders/create", body).status_code == 200
    shop.drain()

    with tenant_scope(shop.connection.tenant_id):
        assert list(InboxEvent.objects.values_list("status", "last_error")) == [("done", "")]
        assert Order.objects.count() == 1


@pytest.mark.fault(20)
def test_what_no_text_column_takes_is_replaced_in_the_mirror_only(shop: Shop) -> None:
    shop.deliver("customers/update", b'{"id": 1, "note": "a\\u0000b\\ud83dc"}')
    shop.drain()

    with tenant_scope(shop.connection.tenant_id):
        assert Customer.objects.get().note == "a\ufffdb\ufffdc"
        assert b"\\ud83d" in bytes(InboxEvent.objects.get().body)


def test_a_hostile_body_holds_up_nobody(shop: Shop) -> None:
    for body, _ in HOSTILE.values():
        shop.deliver("orders/updated", body)
    good = OrderBuilder(8)
    good.line("5.00")
    shop.deliver("orders/create", good.body())

    shop.drain()

    assert shop.statuses() == {"quarantined": len(HOSTILE), "done": 1}
    assert len(shop.sales()) == 1


# ── any value in any place ────────────────────────────────────────────────────────────────────

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**63, -(2**63), 10**400, 0, -1, 1.5, "1e999", "NaN", "-0", "1.0000001"]),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.none(), max_size=2),
    st.datetimes().map(str),
)


def templates() -> dict[str, dict[str, Any]]:
    """Return a body of every topic that has many fields."""
    builder = OrderBuilder(7, tip=OrderBuilder().tip)
    sold = builder.line("100.00", 2, discount="5")
    builder.ship("10.00")
    builder.refund("2026-03-03T10:00:00Z", units={sold.id: 1}, shipping=("10", "0"), kept="1")
    body = builder.body()
    return {
        "orders/updated": body,
        "refunds/create": body["refunds"][0],
        "orders/edited": OrderBuilder(7).edit("2026-03-03T10:00:00Z", remove={sold.id: 1}),
        "customers/update": {**body["customer"], "default_address": body["shipping_address"]},
        "products/update": {"id": 7, "title": "Shawl", "updated_at": "2026-03-03T10:00:00Z",
                            "variants": [{"id": 70, "price": "1.5", "inventory_quantity": 3}]},
        "checkouts/update": {"id": 9, "token": "t", "created_at": "2026-03-03T10:00:00Z",
                             "line_items": [{"title": "a", "quantity": 1, "line_price": "5"}]},
        "fulfillments/update": {"id": 9, "order_id": 7, "tracking_numbers": ["1"],
                                "line_items": [{"id": 5, "quantity": 1}]},
        "inventory_levels/update": {"inventory_item_id": 700, "location_id": 1, "available": 3},
        "shop/update": {"id": 1, "iana_timezone": "Asia/Kolkata", "currency": "INR"},
        "locations/update": {"id": 1, "name": "Shed", "active": True},
    }  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside a body."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in inside:
        yield (*path, key)
        if isinstance(child, dict | list):
            yield from places(child, (*path, key))


TEMPLATES = templates()
PLACES = [(topic, path) for topic, body in TEMPLATES.items() for path in places(body)]


def replaced(topic: str, path: tuple[Any, ...], value: Any) -> bytes:
    body = copy.deepcopy(TEMPLATES[topic])
    target: Any = body
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return json.dumps(body).encode()


@pytest.mark.fault(19)
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=12))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_value_in_any_place_is_written_or_quarantined(
    tenant: Tenant, mutations: list[tuple[tuple[str, tuple[Any, ...]], Any]]
) -> None:
    deliveries = [
        Delivery(topic, {"webhook-id": str(uuid4())}, replaced(topic, path, value))
        for (topic, path), value in mutations
    ]
    with tenant_scope(tenant.id):
        store(deliveries, now=timezone.now())

    drain(tenant.id, now=timezone.now())

    with tenant_scope(tenant.id):
        failed = InboxEvent.objects.filter(status="pending")
        assert list(failed.values_list("topic", "last_error")) == []
        assert not Sale.objects.filter(currency="").exists()
