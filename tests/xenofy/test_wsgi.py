"""Deliveries go past Django's middleware, and are answered as if they had gone through it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.conf import settings
from django.db import InternalError, OperationalError, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.factories import SECRET, ConnectionFactory
from webhooks import views
from webhooks.models import InboxEvent
from webhooks.signatures import signature
from xenofy import wsgi

DOMAIN = "kaveri.myshopify.com"
BODY = b'{"id": 1}'
URL = "/api/webhooks/shopify/orders/create"


@pytest.fixture
def shop(tenant: Tenant) -> Tenant:
    ConnectionFactory(tenant=tenant, domain=DOMAIN)
    return tenant


def environ(body: bytes = BODY, **changes: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": URL,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_X_SHOPIFY_HMAC_SHA256": signature(body, SECRET),
        "HTTP_X_SHOPIFY_SHOP_DOMAIN": DOMAIN,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        **changes,
    }


def call(request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of the answer."""
    told: list[Any] = []
    content = b"".join(wsgi.application(request, lambda *answer: told.append(answer)))
    ((status, headers),) = told
    return int(status[:3]), dict(headers), content


def stored(tenant: Tenant) -> list[bytes]:
    with tenant_scope(tenant.id):
        return [bytes(event.body) for event in InboxEvent.objects.order_by("id")]


def without_time(content: bytes) -> dict[str, Any]:
    return {**json.loads(content or b"{}"), "timestamp": "", "requestId": ""}


@pytest.mark.parametrize("path", [URL, "/api/v1/webhooks/shopify/orders/create/"])
def test_a_delivery_is_stored(shop: Tenant, path: str) -> None:
    status, headers, content = call(environ(PATH_INFO=path))

    assert (status, headers["Content-Length"], content) == (200, "0", b"")
    assert stored(shop) == [BODY]


@pytest.mark.parametrize(
    "changes",
    [
        {"HTTP_X_SHOPIFY_HMAC_SHA256": "wrong"},
        {"HTTP_X_SHOPIFY_SHOP_DOMAIN": "nobody.myshopify.com"},
        {"REQUEST_METHOD": "GET"},
        {"CONTENT_LENGTH": str(settings.WEBHOOK_BODY_LIMIT + 1)},
    ],
    ids=["wrong signature", "unknown shop", "GET", "too large"],
)
def test_refusals_are_those_of_the_view_behind_middleware(
    shop: Tenant, changes: dict[str, Any]
) -> None:
    status, headers, content = call(environ(**changes))

    behind = Client().request(**environ(**changes))
    assert (status, without_time(content)) == (behind.status_code, without_time(behind.content))
    assert headers["Content-Type"] == behind["Content-Type"]
    assert headers.get("Allow") == behind.get("Allow")
    assert stored(shop) == []


@pytest.mark.parametrize("error", [OperationalError, InternalError, ZeroDivisionError])
def test_whatever_fails_the_delivery_is_asked_for_again(
    shop: Tenant, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: Any, **__: Any) -> bool:
        raise error

    monkeypatch.setattr(views, "receive", fail)
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction

    answered, headers, content = call(environ())

    assert answered == 503
    assert json.loads(content)["code"] == "UNAVAILABLE"
    assert int(headers["Retry-After"]) > 0


@pytest.mark.fault(34)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_connection_that_died_meanwhile_costs_no_delivery(shop: Tenant, chunked: bool) -> None:
    call(environ(b'{"id": 2}'))
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    changes = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True} if chunked else {}
    status, _, _ = call(environ(**changes))

    assert status == 200
    assert stored(shop) == [b'{"id": 2}', BODY]


@pytest.mark.django_db(transaction=True)
def test_a_delivery_costs_one_message_to_the_database(shop: Tenant) -> None:
    call(environ())

    with CaptureQueriesContext(connection) as sent:
        call(environ(b'{"id": 2}'))

    assert len(sent.captured_queries) == 1


def test_every_other_address_goes_through_django(db: None) -> None:
    status, headers, content = call(environ(b"", REQUEST_METHOD="GET", PATH_INFO="/health"))

    assert (status, json.loads(content)["status"]) == (200, "OK")
    assert "Content-Security-Policy" in headers


def in_chunks(body: bytes) -> dict[str, Any]:
    return environ(
        body,
        PATH_INFO="/auth/login",
        CONTENT_TYPE="application/json",
        CONTENT_LENGTH="",
        HTTP_TRANSFER_ENCODING="chunked",
        **{"wsgi.input_terminated": True},
    )


@pytest.mark.django_db
def test_a_body_in_chunks_is_read_by_the_rest_api_too() -> None:
    status, _, answer = call(in_chunks(b'{"email": "nobody@example.com"}'))

    assert (status, list(json.loads(answer)["fields"])) == (400, ["password"])


@pytest.mark.django_db
def test_a_body_in_chunks_that_is_too_large_is_not_read_to_its_end() -> None:
    body = io.BytesIO(b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1000))

    status, _, _ = call({**in_chunks(b""), "wsgi.input": body})

    assert status == 413
    assert body.tell() == settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
