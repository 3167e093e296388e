"""The first steps of a shop: connect, check, import; made of the parts of the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from shop_data.models import Import
from tenants.models import Connection, Tenant
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.factories import SECRET, ConnectionFactory
from tests.shopify_answers import Shopify, answer
from tests.shops import Shop

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
DOMAIN = "kaveri.myshopify.com"
CONNECT, CHECK, IMPORT = "/welcome/connect/", "/welcome/check/", "/welcome/import/"
SCOPES = [{"handle": "read_orders"}]
OURS = answer(
    {"shop": {"myshopifyDomain": DOMAIN}, "currentAppInstallation": {"accessScopes": SCOPES}}
)


@pytest.fixture
def claim(tenant: Tenant) -> Connection:
    return ConnectionFactory(tenant=tenant, domain=DOMAIN, proven_at=None, app__secret="")


@pytest.fixture
def page(browser: Browser, owner: User, claim: Connection) -> Client:
    return browser(owner)


def test_the_way_from_a_token_to_the_import(page: Client, shopify: Shopify, tenant: Tenant) -> None:
    assert page.get("/welcome/")["Location"] == CONNECT
    shopify.answers = [OURS]

    given = {"domain": DOMAIN, "access_token": "shpat_x"}
    assert page.post(CONNECT, given)["Location"] == CHECK
    assert page.get("/welcome/")["Location"] == CHECK
    checked = page.post("/settings/connection/check/", {"next": CHECK}, follow=True)

    assert checked.redirect_chain[-1][0] == CHECK
    assert "Some rights are missing" in checked.text
    assert page.get("/welcome/")["Location"] == IMPORT
    seen = page.get(IMPORT).text
    assert 'data-live="2"' in seen
    assert "Shopify is being asked how much there is." in seen
    assert page.post("/settings/import/cancel/", {"next": IMPORT})["Location"] == IMPORT
    with tenant_scope(tenant.id):
        assert Import.objects.get().state == "cancelled"


def test_what_is_wrong_is_shown_beside_the_step(page: Client) -> None:
    wrong = page.post(CONNECT, {"domain": "not a shop"})

    assert wrong.status_code == 400
    assert "Step 1 of 3" in wrong.text


def test_without_a_token_the_second_step_leads_back(page: Client) -> None:
    assert "Back to step 1" in page.get(CHECK).text


def test_a_connected_shop_stays_in_the_settings(
    page: Client, claim: Connection, shopify: Shopify
) -> None:
    claim.access_token, claim.proven_at = "shpat_x", timezone.now()
    claim.save()
    shopify.answers = [OURS]

    assert page.post("/settings/connection/check/")["Location"] == "/settings/"


def test_nobody_is_sent_to_another_host(page: Client) -> None:
    sent = page.post("/settings/import/cancel/", {"next": "https://evil.example.com/"})

    assert sent["Location"] == "/settings/"


def withheld(number: int, customer: dict[str, Any] | None) -> dict[str, Any]:
    order = OrderBuilder(id=number)
    order.line("10.00", 1)
    places = dict.fromkeys(("billing_address", "shipping_address"))
    return {**order.body(), "email": None, "customer": customer, **places}


def test_customers_that_shopify_withholds_are_told_to_be_unknown(
    page: Client, claim: Connection, tenant: Tenant
) -> None:
    claim.proven_at, claim.app.client_secret = timezone.now(), SECRET
    claim.app.save()
    claim.save()
    shop = Shop(claim)

    def after(body: dict[str, Any]) -> str:
        shop.deliver("orders/create", body)
        shop.drain()
        return page.get("/settings/").text + page.get(CHECK).text + page.get("/customers/").text

    assert "No order says who placed it." not in page.get("/settings/").text
    assert after(withheld(1, None)).count("No order says who placed it.") == 3
    assert after(withheld(2, {"id": 5005})).count("none of your customers’ names.") == 3
    named = after(withheld(3, {"id": 5006, "email": "mena@example.com"}))
    assert "none of your customers’ names." not in named
