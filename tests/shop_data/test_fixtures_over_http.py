"""Real payloads through HTTP: none gets a 5xx, none is lost, and every order's rows add up."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import pytest
from django.utils import timezone

from shop_data.models import Sale
from tenants.models import Connection
from tenants.scope import tenant_scope
from tests.factories import SECRET, ConnectionFactory, ShopifyAppFactory
from tests.shop_data.real_payloads import OURS, SHARED, Payload, rest_payloads, sample_payloads
from webhooks.models import InboxEvent
from webhooks.processing import drain
from webhooks.signatures import signature
from xenofy.common.money import from_minor

pytestmark = pytest.mark.django_db(transaction=True)

READ = {"done", "superseded"}

# Every payload that is stored and quarantined, with the reason.
NO_ID = "a resource in the making, as a request or a calculation has it: it has no id yet"
QUARANTINED = {
    "checkouts/appjs-2024-10-60-None-0038af.json": NO_ID,
    "docs-2022-10/refunds-05-Calculate-the-refund-for-a-line-item-and-shipping.json#0": NO_ID,
    "docs-2022-10/refunds-06-Calculate-a-refund-for-a-partial-amount-of-shipping.json#0": NO_ID,
    "files/pyapi-refund_calculate.json#0": NO_ID,
    "products/appjs-2024-10-v1-o1-None-img0-None-587094.json": NO_ID,
    "products/appjs-2024-10-v4-o1-None-img3-None-bc1be5.json": NO_ID,
    "products/goshopify-v1-o1-None-img0-None-2127f3.json": NO_ID,
    "products/pyapi-v2-o1-None-img0-None-6f6737.json": NO_ID,
    "refunds/appjs-2024-10-9-None-b49431.json": NO_ID,
    "refunds/appjs-2025-01-10-None-ce1645.json": NO_ID,
}
# Every order whose own payload does not add up: ledger rows less total price, and why.
OFF = {
    "files/pyapi-orders.json#0": ("-598.94", "the body has no line_items"),
    "orders/pyapi-dcode-li3-ful1-authorized-None-USD-aa1a9c.json": (
        "199.00", "three lines of 199.00, but total_line_items_price is 398.00"),
    "orders/does-not-add-up.json": ("-2.00", "made so: one line of 10.00, a total of 12.00"),
}  # fmt: skip
# Every order of which edits took units away: what they were worth with tax, from the body by hand.
EDITED_AWAY = {"orders/edited.json": "40.00"}
# Every order whose current_total_price is not what its rows come to: the difference, and why.
OF_THE_DOCS = "Shopify's documentation shows the totals from before the refund"
OF_A_CANCELLATION = "cancelled, which reverses what no refund took back; the total still has it"
CANCELLED = "orders/appjs-{}-cancelled-refunds-dcode-li3-ful1-partially_refunded-None-USD-{}.json"
CURRENT_OFF = {
    CANCELLED.format("2025-01", "01b4d0"): ("199.65", OF_A_CANCELLATION),
    CANCELLED.format("2026-07", "6fc987"): ("199.65", OF_A_CANCELLATION),
    "orders/goshopify-cancelled-test-li2-voided-pending-USD-4e5ca9.json": (
        "9.50", OF_A_CANCELLATION),
    "orders/goshopify-cancelled-test-li2-voided-pending-USD-ed859a.json": (
        "9.50", OF_A_CANCELLATION),
    "orders/appjs-2024-10-refunds-dcode-li3-ful1-refunded-None-USD-4815a6.json": (
        "598.94", OF_THE_DOCS),
    "orders/appjs-2024-10-refunds-dcode-li3-ful1-refunded-None-USD-fea9c5.json": (
        "110.00", OF_THE_DOCS),
}  # fmt: skip


@dataclass
class Result:
    """What became of one payload in a shop of its own."""

    payload: Payload
    status_code: int
    stored: list[InboxEvent]
    sales: list[Sale]

    @property
    def status(self) -> str:
        return self.stored[0].status if self.stored else "not stored"

    def sum(self, *, action: str | None = None) -> Decimal:
        """Return the sum of the ledger's rows, of all kinds and with tax."""
        rows = [row for row in self.sales if action is None or row.action == action]
        minor = sum(row.gross + row.discount + row.tax for row in rows)
        return from_minor(minor, rows[0].currency) if rows else Decimal(0)


Deliver = Callable[[Iterable[Payload]], list[Result]]


@pytest.fixture
def deliver(live_server: Any) -> Iterator[Deliver]:
    """Deliver payloads over real sockets, each to a shop of its own, and process them."""
    app = ShopifyAppFactory()
    web = http.client.HTTPConnection(urlsplit(live_server.url).netloc)

    def one(payload: Payload) -> Result:
        connection = ConnectionFactory(app=app)
        status_code = _post(web, connection, payload)
        drain(connection.tenant_id, now=timezone.now())
        with tenant_scope(connection.tenant_id):
            return Result(
                payload, status_code, list(InboxEvent.objects.all()), list(Sale.objects.all())
            )

    yield lambda payloads: [one(payload) for payload in payloads]
    web.close()


def _post(web: http.client.HTTPConnection, connection: Connection, payload: Payload) -> int:
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": payload.topic,
        "X-Shopify-Hmac-Sha256": signature(payload.raw, SECRET),
        "X-Shopify-Shop-Domain": connection.domain,
        "X-Shopify-API-Version": "2026-07",
        "X-Shopify-Webhook-Id": str(uuid4()),
    }
    web.request("POST", f"/api/webhooks/shopify/{quote(payload.topic)}", payload.raw, headers)
    response = web.getresponse()
    response.read()
    return response.status


def given_back(body: dict[str, Any]) -> Decimal:
    """Return, from the payload alone, what its refunds are worth."""
    worth = Decimal(0)
    for refund in body.get("refunds") or []:
        for item in refund["refund_line_items"]:
            worth += Decimal(item["subtotal"])
            if not body["taxes_included"]:
                worth += Decimal(item["total_tax"])
        for item in refund.get("order_adjustments") or []:
            worth -= Decimal(item["amount"]) + Decimal(item["tax_amount"])
    return worth


def assert_all_stored_and_read(results: list[Result]) -> None:
    assert [r.payload.name for r in results if r.status_code >= 500] == []
    assert [r.payload.name for r in results if r.status_code != 200] == []
    assert [r.payload.name for r in results if bytes(r.stored[0].body) != r.payload.raw] == []
    unread = {r.payload.name for r in results if r.status not in READ}
    assert unread == {name for name in QUARANTINED if name in {r.payload.name for r in results}}
    assert {r.status for r in results if r.payload.must_be_processed} <= READ


def assert_ledgers_add_up(results: list[Result]) -> None:
    orders = [r for r in results if r.payload.is_order]
    assert [r.payload.name for r in orders if r.payload.body.get("test") and r.sales] == []
    counted = [r for r in orders if not r.payload.body.get("test")]
    off = {r.payload.name: str(r.sum(action="order") - Decimal(r.payload.body["total_price"]))
           for r in counted}  # fmt: skip
    names = {r.payload.name for r in orders}
    expected = {name: amount for name, (amount, _) in OFF.items() if name in names}
    assert {name: amount for name, amount in off.items() if Decimal(amount)} == expected


def assert_what_is_left_is_right(results: list[Result]) -> None:
    """Check the sums after refunds, edits and cancellations."""
    for result in results:
        name, body = result.payload.name, result.payload.body
        if not result.payload.is_order or body.get("test"):
            continue
        edited_away = Decimal(EDITED_AWAY.get(name, 0))
        left = result.sum(action="order") - given_back(body) - edited_away
        assert result.sum() == (0 if body.get("cancelled_at") else left), name


def assert_current_totals(results: list[Result]) -> None:
    """List every order that Shopify's own current total says something else of."""
    orders = {r.payload.name: r for r in results
              if r.payload.is_order and not r.payload.body.get("test")}  # fmt: skip
    found = {}
    for name, result in orders.items():
        current = result.payload.body.get("current_total_price")
        if current and (difference := Decimal(current) - result.sum()):
            found[name] = str(difference)
    assert found == {name: off for name, (off, _) in CURRENT_OFF.items() if name in orders}


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"The shared payloads are not at {SHARED}.")
def test_every_shared_payload_goes_through(deliver: Deliver) -> None:
    results = deliver([*rest_payloads(SHARED), *sample_payloads(SHARED)])

    assert len(results) >= 187
    assert_all_stored_and_read(results)
    assert_ledgers_add_up(results)
    assert_what_is_left_is_right(results)
    assert_current_totals(results)


def test_every_payload_of_ours_goes_through(deliver: Deliver) -> None:
    results = deliver([*rest_payloads(OURS), *sample_payloads(OURS)])

    assert len(results) >= 20
    assert_all_stored_and_read(results)
    assert_ledgers_add_up(results)
    assert_what_is_left_is_right(results)
    assert_current_totals(results)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"The shared payloads are not at {SHARED}.")
def test_test_orders_would_add_up_too(deliver: Deliver) -> None:
    tests = [payload for payload in [*rest_payloads(SHARED), *sample_payloads(SHARED)]
             if payload.is_order and payload.body["test"]]  # fmt: skip
    real = [replace(payload, raw=_without_test(payload.raw)) for payload in tests]

    results = deliver(real)

    assert len(results) == 12
    assert_ledgers_add_up(results)
    assert_what_is_left_is_right(results)
    assert_current_totals(results)


def _without_test(raw: bytes) -> bytes:
    return re.sub(rb'"test": ?true', b'"test":false', raw)
