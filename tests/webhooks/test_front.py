"""Deliveries go past Django's middleware, and are answered as if they had gone through it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import InternalError, OperationalError, connection, connections
from django.test import Client

from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.asgi import LEAVES, WITHHELD, Request, ask
from tests.factories import SECRET, ConnectionFactory
from tests.webhooks.processes import other_session
from webhooks import front, inbox
from webhooks.models import InboxEvent
from webhooks.signatures import signature
from xenofy.asgi import application

DOMAIN = "kaveri.myshopify.com"
BODY = b'{"id": 1}'
URL = "/api/webhooks/shopify/orders/create"
LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
CHUNKED = {"Content-Length": "", "Transfer-Encoding": "chunked"}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let one thread do what asks the database, and give its connections back."""
    with ThreadPoolExecutor(1) as thread:
        monkeypatch.setattr(front, "_others", thread)
        monkeypatch.setattr(front._together, "_executor", thread)
        yield
        thread.submit(connections.close_all).result()


@pytest.fixture
def shop(tenant: Tenant) -> Tenant:
    ConnectionFactory(tenant=tenant, domain=DOMAIN)
    return tenant


def delivery(body: bytes = BODY, *, path: str = URL, webhook_id: str = "", **more: Any) -> Request:
    """Return a signed delivery; headers that are empty are left out."""
    headers = {
        "X-Shopify-Hmac-Sha256": signature(body, SECRET),
        "X-Shopify-Shop-Domain": DOMAIN,
        "X-Shopify-Webhook-Id": webhook_id,
        "Content-Length": str(len(body)),
        **more.pop("headers", {}),
    }
    given = {name: value for name, value in headers.items() if value}
    return Request(path, **{"parts": [body], "headers": given, **more})


def deliver(body: bytes = BODY, **more: Any) -> Request:
    request = delivery(body, **more)
    ask(application, request)
    return request


def stored(tenant: Tenant) -> list[bytes]:
    with tenant_scope(tenant.id):
        return [bytes(event.body) for event in InboxEvent.objects.order_by("received_at", "id")]


def without_time(content: bytes) -> dict[str, Any]:
    return {**json.loads(content or b"{}"), "timestamp": "", "requestId": ""}


@pytest.mark.parametrize("path", [URL, "/api/v1/webhooks/shopify/orders/create/"])
def test_a_delivery_is_stored(shop: Tenant, path: str) -> None:
    answers = [deliver(path=path), deliver(b"{}", path=path)]  # the second one is of a known shop

    assert [(answer.status, answer.content) for answer in answers] == [(200, b"")] * 2
    assert len({answer.answered["x-request-id"] for answer in answers}) == 2
    assert stored(shop) == [BODY, b"{}"]


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", {"X-Shopify-Hmac-Sha256": "wrong"}),
        ("POST", {"X-Shopify-Hmac-Sha256": "ü" * 44}),
        ("POST", {"X-Shopify-Shop-Domain": "nobody.myshopify.com"}),
        ("GET", {}),
        ("POST", {"Content-Length": str(LIMIT + 1)}),
    ],
    ids=["wrong signature", "not ASCII", "unknown shop", "GET", "too large"],
)
def test_refusals_are_those_of_the_view_behind_middleware(
    shop: Tenant, method: str, headers: dict[str, str]
) -> None:
    answer = deliver(method=method, headers=headers)

    names = {name.upper().replace("-", "_"): value for name, value in answer.headers.items()}
    environ = {
        name if name == "CONTENT_LENGTH" else f"HTTP_{name}": value for name, value in names.items()
    }
    behind = Client().generic(method, URL, BODY, **environ)
    assert (answer.status, without_time(answer.content)) == (
        behind.status_code,
        without_time(behind.content),
    )
    assert answer.answered["content-type"] == behind["Content-Type"]
    assert answer.answered.get("allow") == behind.get("Allow")
    assert stored(shop) == []


# ── bodies ────────────────────────────────────────────────────────────────────────────────────


def test_a_body_may_come_in_parts(shop: Tenant) -> None:
    parts = [BODY[:3], b"", BODY[3:]]

    assert [deliver(parts=parts).status, deliver(parts=parts, headers=CHUNKED).status] == [200] * 2
    assert stored(shop) == [BODY]


@pytest.mark.fault(16)
def test_a_body_that_is_too_large_is_refused_before_it_is_read() -> None:
    answer = deliver(headers={"Content-Length": str(LIMIT + 1)})

    assert (answer.status, answer.asked) == (413, 0)


@pytest.mark.fault(16)
def test_a_body_in_chunks_is_read_no_further_than_the_limit() -> None:
    parts = [b" " * (LIMIT // 2), b" " * (LIMIT // 2 + 1), b" "]

    answer = deliver(parts=parts, headers=CHUNKED)

    assert (answer.status, answer.asked) == (413, 2)


@pytest.mark.fault(11)
def test_a_body_that_is_withheld_is_not_waited_for(shop: Tenant, settings: Any) -> None:
    settings.BODY_TIMEOUT = 0.05

    answer = deliver(parts=[BODY[:3], WITHHELD])

    assert (answer.status, answer.json()["code"]) == (408, "TIMEOUT")
    assert stored(shop) == []


@pytest.mark.fault(11)
def test_a_sender_that_leaves_gets_no_answer(shop: Tenant) -> None:
    assert deliver(parts=[BODY[:3], LEAVES]).sent == []
    assert stored(shop) == []


# ── together ──────────────────────────────────────────────────────────────────────────────────


def test_deliveries_of_one_moment_are_stored_together(
    shop: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(b"{}")
    written: list[int] = []
    monkeypatch.setattr(
        front._together, "_work",
        lambda entries: [written.append(len(entries)), *front._write(entries)][1:],
    )  # fmt: skip
    requests = [delivery(b"%d" % number) for number in range(5)]

    ask(application, *requests)

    assert [request.status for request in requests] == [200] * 5
    assert written == [5]
    assert len(stored(shop)) == 6


@pytest.mark.fault(1)
def test_repetitions_of_one_moment_are_one(shop: Tenant) -> None:
    deliver(b"{}", webhook_id="first")
    ids = ["a", "b", "a", "first"]
    requests = [delivery(webhook_id=each) for each in ids]

    ask(application, *requests)

    assert [request.status for request in requests] == [200] * 4
    assert stored(shop) == [b"{}", BODY, BODY]


def test_who_is_not_let_in_holds_up_nobody_of_the_same_moment(shop: Tenant) -> None:
    deliver(b"{}")
    requests = [delivery(), delivery(headers={"X-Shopify-Hmac-Sha256": "wrong"})]

    ask(application, *requests)

    assert [request.status for request in requests] == [200, 401]
    assert stored(shop) == [b"{}", BODY]


# ── the database ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("error", [OperationalError, InternalError, ZeroDivisionError])
@pytest.mark.parametrize("known", [False, True])
def test_whatever_fails_the_delivery_is_asked_for_again(
    shop: Tenant, monkeypatch: pytest.MonkeyPatch, known: bool, error: type[Exception]
) -> None:
    if known:
        deliver(b"{}")

    def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(inbox, "run_for_tenant", fail)

    answer = deliver()

    assert (answer.status, answer.json()["code"]) == (503, "UNAVAILABLE")
    assert int(answer.answered["retry-after"]) > 0


@pytest.mark.fault(34)
@pytest.mark.parametrize("known", [False, True])
def test_a_connection_that_died_meanwhile_costs_no_delivery(shop: Tenant, known: bool) -> None:
    deliver(b"{}")
    thread = front._others
    pid = thread.submit(lambda: connection.connection.info.backend_pid).result()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    if not known:
        inbox._known.clear()

    assert deliver().status == 200
    assert stored(shop) == [b"{}", BODY]


@pytest.mark.fault(35)
@pytest.mark.parametrize("known", [False, True])
def test_a_database_that_takes_no_writes_costs_no_delivery(shop: Tenant, known: bool) -> None:
    deliver(b"{}")
    front._others.submit(take_no_writes).result()
    if not known:
        inbox._known.clear()

    answer = deliver()

    assert (answer.status, int(answer.answered["retry-after"]) > 0) == (503, True)
    assert deliver().status == 200  # over another connection
    assert stored(shop) == [b"{}", BODY]


def take_no_writes() -> None:
    """Be as a server that was demoted behind its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")


@pytest.mark.fault(36)
@pytest.mark.parametrize("known", [False, True])
def test_a_table_that_stays_locked_is_not_waited_for(
    shop: Tenant, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    deliver(b"{}")
    if not known:
        inbox._known.clear()
    monkeypatch.setattr(inbox, "_PATIENCE", 1)

    with other_session() as session:
        session.execute("LOCK TABLE webhooks_inboxevent IN ACCESS EXCLUSIVE MODE")
        answer = deliver()

    assert (answer.status, int(answer.answered["retry-after"]) > 0) == (503, True)
    assert inbox._PATIENCE < front.PATIENCE < 5
    assert deliver().status == 200


@pytest.mark.fault(36)
def test_a_database_that_hangs_is_not_waited_for(
    shop: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "claims_of", lambda _: time.sleep(0.3) or [])
    monkeypatch.setattr(front, "PATIENCE", 0.05)
    inbox._known.clear()

    assert deliver().status == 503


# ── everything else ───────────────────────────────────────────────────────────────────────────


def test_every_other_address_goes_through_django() -> None:
    request = Request("/health", method="GET")

    ask(application, request)

    assert (request.status, request.json()["status"]) == (200, "OK")
    assert "content-security-policy" in request.answered
