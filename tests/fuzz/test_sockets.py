"""Requests broken below HTTP, over raw sockets against the web server of production."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tenants.scope import tenant_scope
from tests.factories import SECRET, ConnectionFactory, TenantFactory
from tests.fuzz import hostile
from tests.fuzz.conftest import fuzzing
from tests.shops import Shop
from tests.webhooks.processes import web
from webhooks.models import InboxEvent
from webhooks.signatures import signature

PATIENCE = 10.0  # seconds for the answer to an ordinary request
IMPATIENCE = 0.5  # for one that may wait for bytes that never come
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port(transactional_db: None) -> Iterator[int]:
    """Run the web server on the tests' database; return its port."""
    with web() as port:
        yield port


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    return Shop(ConnectionFactory(tenant=TenantFactory(), domain="sockets.myshopify.com"))


def request(shop: Shop, body: bytes, webhook_id: str, *, length: int | None = None) -> bytes:
    """Return a signed request as bytes; `length` may claim another length than it has."""
    head = [
        "POST /api/webhooks/shopify/orders/create HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Length: {len(body) if length is None else length}",
        f"X-Shopify-Hmac-Sha256: {signature(body, SECRET)}",
        f"X-Shopify-Shop-Domain: {shop.connection.domain}",
        f"X-Shopify-Webhook-Id: {webhook_id}",
        "Connection: close",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def answer(port: int, data: bytes, *, patience: float) -> int | None:
    """Send bytes and hang up after the answer; return the status, None where none came in time."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        received = b""
        with suppress(OSError):
            connection.sendall(data)
            while part := connection.recv(65_536):
                received += part
    return int(received[9:12]) if received.startswith(b"HTTP/1.1 ") else None


def stored(shop: Shop, webhook_id: str) -> list[bytes]:
    with tenant_scope(shop.connection.tenant_id):
        found = InboxEvent.objects.filter(webhook_id=webhook_id)
        return [bytes(event.body) for event in found]


def test_any_bytes_leave_the_server_serving(port: int, shop: Shop) -> None:
    @given(st.data(), hostile.deliveries(), st.sampled_from([0, 0, -1, 1, -(10**6), 10**9]))
    @hypothesis_settings(fuzzing, max_examples=fuzzing.max_examples // 3)
    def send(data: st.DataObject, delivery: hostile.Delivery, longer: int) -> None:
        body, webhook_id, good_id = delivery[1], str(uuid4()), str(uuid4())
        raw = request(shop, body, webhook_id, length=len(body) + longer)
        for _ in range(data.draw(st.integers(0, 3))):
            place = data.draw(st.integers(0, 400))
            raw = raw[:place] + data.draw(st.binary(max_size=6)) + raw[place + 1 :]

        status = answer(port, raw, patience=IMPATIENCE)

        assert status is None or status < 500
        if status == 200:
            assert all(kept == body for kept in stored(shop, webhook_id))
        good = request(shop, b'{"id": 1}', good_id)
        assert answer(port, good, patience=PATIENCE) == 200
        assert stored(shop, good_id) == [b'{"id": 1}']

    send()
