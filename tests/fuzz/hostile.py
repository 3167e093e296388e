"""Hostile bodies: mutations of real ones, JSON of all shapes, and plain bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.shop_data.real_payloads import OURS, SHARED, rest_payloads
from webhooks.topics import TOPICS

Delivery = tuple[str, bytes]  # topic and body

# What stands where Shopify would put something else; each is written into the body as it is.
VALUES: tuple[bytes, ...] = (
    *(b"null", b"true", b"false", b"{}", b"[]", b"[null]", b"[[]]", b"[{}]", b'""', b"0", b"-0"),
    *(b"NaN", b"Infinity", b"-Infinity", b"1E+1000000", b"1E-1000000", b"1e400", b"0.1e-7"),
    *(b"9223372036854775807", b"9223372036854775808", b"-9223372036854775809", b"0.0000000001"),
    *(b"9" * 5_000, b'"' + b"9" * 5_000 + b'"', b"0." + b"3" * 5_000, b"99999999999999.999999"),
    *(b'"NaN"', b'"Infinity"', b'"1E+1000000"', b'"-1"', b'" 1"', b'"1_000"', b'"0x10"'),
    *('"٣"'.encode(), '"½"'.encode(), b'"1,50"', b'"1\\u0000"', b"1.0", b"1.5", b"-1"),
    *(b'"\\u0000"', b'"\\ud83d"', b'"\\udc00\\ud800"', b'"\\uffff"', b'"\xff\xfe"', b'"\xc0\x80"'),
    *('"\u202e\u0007"'.encode(), '"é" '.encode("latin-1"), b'"\n"', b'"\\x00"', b"'single'"),
    *(b'"0000-00-00T00:00:00Z"', b'"0001-01-01T00:00:00+14:00"', b'"+999999-12-31T00:00:00Z"'),
    *(b'"9999-12-31T23:59:59-23:59"', b'"infinity"', b'"now"', b'"2026-02-30T00:00:00Z"'),
    *(b'"2026-03-29T02:30:00"', b'"2016-12-31T23:59:60Z"', b'"20260101T000000Z"', b'"2026-W01"'),
    *(b'"2026-01-01T00:00:00+25:00"', b'"2026-01-01"', b"1700000000"),
    *(b'"gid://shopify/Order/7"', b'"gid://shopify/Order/"', b'"gid://x?a=/9"', b'"gid://"'),
    *(b'"USD"', b'"usd"', b'"XXX"', b'"$$$"', b'"JPY"', b'"KWD"', b'"\\u0130SD"'),
    *(b"[" * 5_000 + b"]" * 5_000, b'{"a":' * 900 + b"1" + b"}" * 900, b"[" * 100_000),
    *(b'"' + b"x" * 300_000 + b'"', b"[" + b"1," * 20_000 + b"1]"),
    *(b'{"shop_money": null}', b'{"shop_money": {"amount": "1e9"}}', b'{"shop_money": []}'),
    *(b'{"id": 1, "id": 2}', b'"a", "id": 7', b'1}, {"id": 1'),
)
KEYS = (
    *("id", "order_id", "currency", "total_price", "total_price_set", "created_at", "updated_at"),
    *("processed_at", "cancelled_at", "line_items", "quantity", "current_quantity", "price"),
    *("discount_allocations", "tax_lines", "duties", "shipping_lines", "refunds", "customer"),
    *("refund_line_items", "line_item_id", "order_adjustments", "subtotal", "transactions"),
    *("shipping_address", "discount_applications", "fulfillments", "variants", "order_edit"),
    *("inventory_item_id", "location_id", "available", "iana_timezone", "test", "tags", "note"),
    *("customer_id", "customerId", "fulfillment_id", "status", "amount", "kind", "return"),
    *("admin_graphql_api_id", "admin_graphql_api_customer_kept_id", "return_line_items", "order"),
    *("admin_graphql_api_customer_deleted_id", "current", "shop_id", "shop_domain", "parent_id"),
)
FORGETTING = {"customers/redact", "shop/redact"}  # after them not every body stays as it came
TOPICS_TO_TRY = (*sorted(TOPICS - FORGETTING), "no/such", "orders", "a/b/c")
_PLACE = "HERE STANDS SOMETHING ELSE"


@cache
def real_bodies() -> tuple[tuple[str, str], ...]:
    """Return topic and JSON of real bodies: those of ../shared where it is, else our own."""
    source = SHARED if SHARED.exists() else OURS
    found = ((payload.topic, payload.raw.decode()) for payload in rest_payloads(source))
    return tuple((topic, text) for topic, text in found if len(text) < 40_000)


@st.composite
def mutations(draw: st.DrawFn) -> Delivery:
    """A real body with one to three places changed, added, doubled or left out."""
    topic, text = draw(st.sampled_from(real_bodies()))
    body = json.loads(text)
    values = []
    for number in range(draw(st.integers(1, 3))):
        places = list(_places(body))
        parent, key = places[draw(st.integers(0, len(places) - 1))]
        if draw(st.integers(0, 9)) == 0:
            del parent[key]
        else:
            parent[key] = f"{_PLACE} {number}"
            values.append((f'"{_PLACE} {number}"'.encode(), draw(st.sampled_from(VALUES))))
        if not body:
            break
    raw = json.dumps(body, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    for place, value in values:
        raw = raw.replace(place, value)
    return topic, raw


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield container and key of every value inside."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in list(items):
        yield value, key
        if isinstance(child, dict | list):
            yield from _places(child)


@st.composite
def broken_bytes(draw: st.DrawFn) -> Delivery:
    """A real body cut, with bytes changed, put in or put around it."""
    topic, text = draw(st.sampled_from(real_bodies()))
    raw = text.encode()
    start = draw(st.integers(0, len(raw)))
    stop = draw(st.integers(start, min(len(raw), start + 20)))
    middle = draw(st.binary(max_size=8) | st.sampled_from(VALUES))
    before = draw(st.sampled_from([b"", b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b" \n"]))
    return topic, before + raw[:start] + middle + raw[stop:]


def _json() -> st.SearchStrategy[Any]:
    leaves = (
        st.none() | st.booleans() | st.integers() | st.floats()
        | st.text(st.characters(codec=None), max_size=20) | st.decimals().map(str)
        | st.datetimes().map(lambda moment: moment.isoformat() + "Z")
    )  # fmt: skip
    keys = st.sampled_from(KEYS) | st.text(max_size=5)
    return st.recursive(
        leaves,
        lambda children: (
            st.lists(children, max_size=4) | st.dictionaries(keys, children, max_size=8)
        ),
        max_leaves=25,
    )


@st.composite
def generated(draw: st.DrawFn) -> Delivery:
    """Any JSON for any topic, mostly an object with Shopify's field names."""
    topic = draw(st.sampled_from(TOPICS_TO_TRY))
    value = draw(st.dictionaries(st.sampled_from(KEYS), _json(), max_size=12) | _json())
    return topic, json.dumps(value).encode()


def deliveries() -> st.SearchStrategy[Delivery]:
    """Any hostile delivery; the same id in real bodies makes them meet in one resource."""
    plain = st.tuples(st.just("orders/create"), st.binary(min_size=1, max_size=60))
    return mutations() | mutations() | broken_bytes() | generated() | plain
