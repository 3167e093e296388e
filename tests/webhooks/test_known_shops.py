"""What is known of a shop from its last delivery saves a question, and is never trusted blindly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tenants.models import Tenant
from tests.factories import SECRET, ConnectionFactory, ShopifyAppFactory
from tests.shops import Shop

BODY = b'{"id": 1}'


def rotate(shop: Shop) -> None:
    shop.connection.app.client_secret = "the next one"
    shop.connection.app.save()


def disconnect(shop: Shop) -> None:
    shop.connection.delete()


def withdraw(shop: Shop) -> None:
    shop.connection.proven_at = None
    shop.connection.save()
    ConnectionFactory(domain=shop.connection.domain, app=ShopifyAppFactory(secret="another"))


def forget(shop: Shop) -> None:
    shop.connection.app.client_secret = ""
    shop.connection.app.save()


@pytest.mark.parametrize("change", [rotate, disconnect, withdraw, forget])
def test_a_secret_that_signs_no_more_is_refused_at_once(
    shop: Shop, change: Callable[[Shop], None]
) -> None:
    assert shop.post("orders/create", BODY).status_code == 200

    change(shop)

    assert shop.post("orders/create", BODY).status_code == 401
    assert shop.statuses() == {"pending": 1}


def test_a_new_secret_signs_at_once(shop: Shop) -> None:
    shop.deliver("orders/create", BODY)

    rotate(shop)

    assert shop.post("orders/create", BODY, secret="the next one").status_code == 200
    assert shop.statuses() == {"pending": 2}


def test_a_domain_that_went_to_another_tenant_leads_there(
    shop: Shop, tenant: Tenant, other_tenant: Tenant
) -> None:
    shop.deliver("orders/create", BODY)

    shop.connection.delete()
    other = Shop(ConnectionFactory(tenant=other_tenant, domain=shop.connection.domain))

    assert shop.post("orders/create", BODY, secret=SECRET).status_code == 200
    assert (shop.statuses(), other.statuses()) == ({"pending": 1}, {"pending": 1})


def test_a_repetition_is_accepted_and_not_stored_again(shop: Shop) -> None:
    for _ in range(3):
        shop.deliver("orders/create", BODY, X_Shopify_Webhook_Id="w-1")

    assert shop.statuses() == {"pending": 1}


def test_every_signature_is_computed_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from webhooks import inbox

    shop.deliver("orders/create", BODY)
    asked: list[Any] = []
    monkeypatch.setattr(inbox, "is_signed", lambda *given: asked.append(given) or False)

    for domain in (shop.connection.domain, "nobody.myshopify.com"):
        shop.post("orders/create", BODY, X_Shopify_Shop_Domain=domain)

    assert len(asked) == 2  # one for each: a shop that is known takes no longer to refuse
