"""POST /api/webhooks/shopify/<topic>: who is let in, what is stored, what is answered."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.factories import SECRET, ConnectionFactory, ShopifyAppFactory
from tests.shops import Shop
from webhooks import inbox, views
from webhooks.models import InboxEvent
from webhooks.signatures import signature

URL = "/api/webhooks/shopify/orders/create"
BODY = b'{ "id":1,\n "note":"a\\/b \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\xa7\xa3" }'


def stored(tenant: Tenant) -> list[InboxEvent]:
    with tenant_scope(tenant.id):
        return list(InboxEvent.objects.order_by("received_at", "id"))


def digest(body: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


# ── let in ────────────────────────────────────────────────────────────────────────────────────


def test_a_signed_delivery_is_kept_byte_for_byte(shop: Shop, tenant: Tenant) -> None:
    response = shop.post(
        "orders/create", BODY, X_Shopify_Webhook_Id="w-1", X_Shopify_Event_Id="e-1"
    )

    assert (response.status_code, response.content) == (200, b"")
    (event,) = stored(tenant)
    assert bytes(event.body) == BODY
    assert (event.topic, event.webhook_id, event.event_id) == ("orders/create", "w-1", "e-1")
    assert (event.status, event.attempts, event.api_version) == ("pending", 0, "2026-07")
    assert event.headers["shop-domain"] == shop.connection.domain


def test_the_versioned_address_is_the_same(shop: Shop, tenant: Tenant) -> None:
    headers = {"X-Shopify-Hmac-Sha256": signature(BODY, SECRET),
               "X-Shopify-Shop-Domain": "KAVERI.myshopify.com"}  # fmt: skip

    response = shop.client.post(
        "/api/v1/webhooks/shopify/orders/create/", BODY, "application/json", headers=headers
    )

    assert response.status_code == 200
    assert [event.topic for event in stored(tenant)] == ["orders/create"]


def test_both_secrets_sign_while_one_replaces_the_other(shop: Shop, tenant: Tenant) -> None:
    app = shop.connection.app
    app.previous_secret, app.client_secret = SECRET, "the new one"
    app.save()

    answers = [shop.post("orders/create", BODY, secret=secret).status_code
               for secret in (SECRET, "the new one", "one before")]  # fmt: skip

    assert answers == [200, 200, 401]
    assert len(stored(tenant)) == 2


def test_a_delivery_signed_with_a_claims_own_secret_proves_the_domain(
    tenant: Tenant, other_tenant: Tenant
) -> None:
    mine = ConnectionFactory(tenant=tenant, domain="new.myshopify.com", proven_at=None)
    app = ShopifyAppFactory(secret="of somebody else")
    ConnectionFactory(tenant=other_tenant, app=app, domain="new.myshopify.com", proven_at=None)

    assert Shop(mine).post("orders/create", BODY).status_code == 200

    mine.refresh_from_db()
    assert mine.proven_at is not None
    assert Shop(mine).post("orders/create", BODY, secret="of somebody else").status_code == 401
    assert (len(stored(tenant)), len(stored(other_tenant))) == (1, 0)


@pytest.mark.fault(1)
@pytest.mark.django_db(transaction=True)
def test_deliveries_that_come_at_the_same_moment_are_one(
    shop: Shop, tenant: Tenant, settings: Any
) -> None:
    settings.WEB_THREADS = 64  # of which half answer what comes through Django, as here
    barrier = threading.Barrier(32)

    def post() -> int:
        barrier.wait()
        try:
            return shop.post("orders/create", BODY, X_Shopify_Webhook_Id="w-1").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(32) as pool:
        answers = [pool.submit(post) for _ in range(32)]

    assert {answer.result() for answer in answers} == {200}
    assert len(stored(tenant)) == 1


# ── refused ───────────────────────────────────────────────────────────────────────────────────

RIGHT = base64.b64encode(digest(BODY, SECRET)).decode()
WRONG = {
    "none at all": None,
    "empty": "",
    "not base64": "???",
    "not ASCII": "ü" * 44,
    "of another secret": signature(BODY, "another"),
    "of another body": signature(BODY + b" ", SECRET),
    "of the body written anew": signature(json.dumps(json.loads(BODY)).encode(), SECRET),
    "of an empty body": signature(b"", SECRET),
    "hexadecimal": digest(BODY, SECRET).hex(),
    "SHA-1": base64.b64encode(hmac.new(SECRET.encode(), BODY, hashlib.sha1).digest()).decode(),
    "a plain hash": base64.b64encode(hashlib.sha256(BODY).digest()).decode(),
    "cut off": RIGHT[:20],
    "twice": f"{RIGHT},{RIGHT}",
    "one bit off": base64.b64encode(
        bytes([digest(BODY, SECRET)[0] ^ 1]) + digest(BODY, SECRET)[1:]
    ).decode(),
}


@pytest.mark.fault(12)
@pytest.mark.parametrize("given", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_signature_is_refused(shop: Shop, tenant: Tenant, given: str | None) -> None:
    response = shop.post("orders/create", BODY, X_Shopify_Hmac_Sha256=given)

    assert response.status_code == 401
    assert response["Content-Type"] == "application/json"
    assert response.json()["code"] == "NOT_AUTHENTICATED"
    assert stored(tenant) == []


@pytest.mark.fault(14)
def test_an_unknown_shop_gets_the_same_answer_as_a_wrong_signature(
    shop: Shop, tenant: Tenant
) -> None:
    answers = [
        shop.post("orders/create", BODY, X_Shopify_Hmac_Sha256=signature(BODY, "another")),
        shop.post("orders/create", BODY, X_Shopify_Shop_Domain="nobody.myshopify.com"),
        shop.post("orders/create", BODY, X_Shopify_Shop_Domain=None),
        shop.post("orders/create", BODY, X_Shopify_Shop_Domain="a\0b"),
    ]

    told = [{**answer.json(), "timestamp": "", "requestId": ""} for answer in answers]
    assert {answer.status_code for answer in answers} == {401}
    assert all(body == told[0] for body in told)
    assert stored(tenant) == []


@pytest.mark.fault(12)
@pytest.mark.fault(14)
def test_every_refusal_costs_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    shop.post("orders/create", BODY)  # known from here on
    ConnectionFactory(domain="quiet.myshopify.com")
    tried: list[int] = []
    is_signed = inbox.is_signed

    def count(body: bytes, given: str, secrets: Sequence[str]) -> bool:
        tried.append(len(secrets))
        return is_signed(body, given, secrets)

    monkeypatch.setattr(inbox, "is_signed", count)

    for domain in (shop.connection.domain, "quiet.myshopify.com", "nobody.myshopify.com", None):
        tried.clear()
        with django_assert_num_queries(1):
            answer = shop.post(
                "orders/create", BODY, X_Shopify_Hmac_Sha256=WRONG["of another secret"],
                X_Shopify_Shop_Domain=domain,
            )  # fmt: skip
        assert (answer.status_code, tried) == (401, [2])


def test_a_shop_without_a_secret_is_refused(tenant: Tenant) -> None:
    connection = ConnectionFactory(tenant=tenant, app=ShopifyAppFactory(secret=""))

    assert Shop(connection).post("orders/create", BODY, secret="").status_code == 401


@pytest.mark.fault(22)
def test_an_empty_body_is_stored_when_signed_and_refused_when_not(
    shop: Shop, tenant: Tenant
) -> None:
    assert shop.post("orders/create", b"", secret="another").status_code == 401
    assert stored(tenant) == []
    assert shop.post("orders/create", b"").status_code == 200
    assert [bytes(event.body) for event in stored(tenant)] == [b""]


@pytest.mark.fault(13)
def test_another_shops_secret_does_not_open_this_one(
    shop: Shop, tenant: Tenant, other_tenant: Tenant
) -> None:
    app = ShopifyAppFactory(secret="of the other shop")
    other = Shop(ConnectionFactory(tenant=other_tenant, app=app))

    response = other.post(
        "orders/create",
        BODY,
        secret="of the other shop",
        X_Shopify_Shop_Domain=shop.connection.domain,
    )

    assert response.status_code == 401
    assert stored(tenant) == stored(other_tenant) == []


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_other_methods_are_refused_in_the_contracts_form(db: None, method: str) -> None:
    response = getattr(Client(), method)(URL)

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert response["Content-Type"] == "application/json"
    assert response.json()["code"] == "METHOD_NOT_ALLOWED"


# ── the database ──────────────────────────────────────────────────────────────────────────────


def test_what_is_not_durably_stored_is_answered_with_503(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Callable[..., bool]:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(views, "receive", fail)
    shop.client.raise_request_exception = False

    response = shop.post("orders/create", BODY)

    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response.json()["code"] == "UNAVAILABLE"


def test_a_delivery_costs_few_queries(shop: Shop, django_assert_num_queries: Any) -> None:
    shop.post("orders/create", BODY)

    with django_assert_num_queries(1):  # tenant, row and what is known of the shop in one message
        shop.post("orders/create", BODY)
