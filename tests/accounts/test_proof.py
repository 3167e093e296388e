"""Which shop is whose: a claim until a webhook is signed with the tenant's own secret."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tenants.models import Connection
from tests.accounts.clients import SIGN_UP, Api, assert_error
from webhooks.signatures import signature

BODY = b'{"id": 1}'


def _deliver(secret: str, domain: str = SIGN_UP["domain"]) -> Any:
    return Client().post(
        "/api/webhooks/shopify/shop/update",
        BODY,
        content_type="application/json",
        headers={
            "x-shopify-shop-domain": domain,
            "x-shopify-hmac-sha256": signature(BODY, secret),
            "x-shopify-webhook-id": secret,
        },
    )


@pytest.mark.django_db
def test_a_signed_webhook_proves_the_claim_and_then_others_are_refused(api: Api) -> None:
    api.post("/auth/register", SIGN_UP)

    assert _deliver(SIGN_UP["apiSecret"]).status_code == 200

    assert Connection.objects.get().proven_at is not None
    answer = api.post("/auth/register", {**SIGN_UP, "email": "another@example.com"})
    assert_error(answer, 409, "CONFLICT")


@pytest.mark.django_db
def test_a_shop_without_a_secret_gets_401_until_it_has_one(client: Client) -> None:
    account = {"email": "m@example.com", "password": SIGN_UP["password"]}
    client.post("/register/", {**account, "domain": SIGN_UP["domain"]})
    assert_error(_deliver("shpss_later"), 401, "NOT_AUTHENTICATED")

    client.post("/settings/", {"domain": SIGN_UP["domain"], "client_secret": "shpss_later"})

    assert _deliver("shpss_later").status_code == 200
    assert ">proven<" in client.get("/settings/").text


@pytest.mark.django_db
def test_a_replaced_secret_is_accepted_beside_the_new_one(client: Client) -> None:
    account = {"email": "m@example.com", "password": SIGN_UP["password"]}
    client.post("/register/", {**account, "domain": SIGN_UP["domain"]})
    for secret in ("zeroth", "first", "second"):
        client.post("/settings/", {"domain": SIGN_UP["domain"], "client_secret": secret})

    statuses = {secret: _deliver(secret).status_code for secret in ("zeroth", "first", "second")}

    assert statuses == {"zeroth": 401, "first": 200, "second": 200}
