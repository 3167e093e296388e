"""The settings page: what it shows of the connection, and how secrets are replaced."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.webhook_addresses import TOPICS, webhook_addresses
from tenants.models import Connection, ShopifyApp, Tenant
from tests.factories import ConnectionFactory
from tests.shops import Shop
from webhooks import topics

Browser = Callable[[User], Client]
SETTINGS = "/settings/"
DOMAIN = "kaveri.myshopify.com"


@pytest.fixture
def connection(tenant: Tenant) -> Connection:
    """A claim that is not proven, without secret and token."""
    return ConnectionFactory(tenant=tenant, domain=DOMAIN, proven_at=None, app__secret="")


def _given(**changes: str) -> dict[str, str]:
    return {"domain": DOMAIN, "client_secret": "", "access_token": "", **changes}


@pytest.mark.django_db
def test_it_says_what_a_missing_secret_means(
    browser: Browser, owner: User, connection: Connection
) -> None:
    page = browser(owner).get(SETTINGS).text

    assert "refused with 401" in page
    assert DOMAIN in page
    assert "not proven" in page


@pytest.mark.django_db
def test_it_says_how_a_domain_is_proven(
    browser: Browser, owner: User, connection: Connection
) -> None:
    client = browser(owner)
    client.post(SETTINGS, _given(client_secret="shpss_one", access_token="shpat_one"))

    page = client.get(SETTINGS).text

    assert "Not proven yet" in page
    assert "once a check succeeds" in page


@pytest.mark.django_db
def test_secrets_are_stored_encrypted_and_never_shown(
    browser: Browser, owner: User, connection: Connection
) -> None:
    client = browser(owner)

    answer = client.post(SETTINGS, _given(client_secret=" shpss_one ", access_token="shpat_one"))

    assert (answer.status_code, answer["Location"]) == (302, SETTINGS)
    stored = Connection.objects.select_related("app").get()
    assert (stored.app.client_secret, stored.access_token) == ("shpss_one", "shpat_one")
    assert b"shpss_one" not in bytes(stored.app.client_secret_encrypted or b"")
    page = client.get(SETTINGS).text
    assert "shpss_one" not in page
    assert "shpat_one" not in page


@pytest.mark.django_db
def test_a_new_secret_keeps_the_one_before_it(
    browser: Browser, owner: User, connection: Connection
) -> None:
    client = browser(owner)
    for secret in ("first", "second", "second"):
        client.post(SETTINGS, _given(client_secret=secret))

    app = ShopifyApp.objects.get()

    assert (app.client_secret, app.previous_secret) == ("second", "first")
    assert "The one before it is accepted too." in client.get(SETTINGS).text


@pytest.mark.django_db
def test_what_is_left_empty_stays(browser: Browser, owner: User, connection: Connection) -> None:
    client = browser(owner)
    client.post(SETTINGS, _given(client_secret="secret", access_token="token"))

    client.post(SETTINGS, _given())

    stored = Connection.objects.select_related("app").get()
    assert (stored.app.client_secret, stored.access_token) == ("secret", "token")
    assert stored.app.previous_secret == ""


@pytest.mark.django_db
def test_an_app_that_serves_other_shops_is_left_alone(
    browser: Browser, owner: User, connection: Connection
) -> None:
    ConnectionFactory(app=connection.app)

    browser(owner).post(SETTINGS, _given(client_secret="mine"))

    connection.refresh_from_db()
    assert connection.app.client_secret == "mine"
    assert {app.client_secret for app in ShopifyApp.objects.all()} == {"", "mine"}


@pytest.mark.django_db
def test_a_claim_may_be_corrected_and_a_proven_domain_may_not(
    browser: Browser, owner: User, connection: Connection
) -> None:
    client = browser(owner)

    client.post(SETTINGS, _given(domain="Other.myshopify.com"))
    assert Connection.objects.get().domain == "other.myshopify.com"

    Connection.objects.update(proven_at=timezone.now())
    client.post(SETTINGS, _given(domain="third.myshopify.com", client_secret="s"))
    assert Connection.objects.get().domain == "other.myshopify.com"
    assert ">proven<" in client.get(SETTINGS).text


@pytest.mark.django_db
def test_another_tenants_proven_domain_is_refused_beside_the_field(
    browser: Browser, owner: User, connection: Connection
) -> None:
    ConnectionFactory(domain="taken.myshopify.com")

    answer = browser(owner).post(SETTINGS, _given(domain="taken.myshopify.com"))

    assert answer.status_code == 409
    assert "connected to another account" in answer.text
    connection.refresh_from_db()
    assert connection.domain == DOMAIN


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", [{}, _given(domain="evil.example"), _given(client_secret="s" * 501)]
)
def test_what_is_not_right_is_refused(
    browser: Browser, owner: User, connection: Connection, given: dict[str, str]
) -> None:
    answer = browser(owner).post(SETTINGS, given)

    assert answer.status_code == 400
    assert Connection.objects.get().app.client_secret == ""


@pytest.mark.django_db
def test_a_tenant_without_a_connection_gets_one(
    browser: Browser, owner: User, tenant: Tenant
) -> None:
    client = browser(owner)
    assert "No shop is connected." in client.get(SETTINGS).text

    client.post(SETTINGS, _given(client_secret="secret"))

    assert Connection.objects.get().tenant_id == tenant.id


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["analyst", "viewer"])
def test_only_an_owner_changes_the_connection(
    browser: Browser, connection: Connection, person: str, request: pytest.FixtureRequest
) -> None:
    client = browser(request.getfixturevalue(person))

    page = client.get(SETTINGS)
    answer = client.post(SETTINGS, _given(client_secret="mine"))

    assert page.status_code == 200
    assert "client_secret" not in page.text
    assert answer.status_code == 403
    assert ShopifyApp.objects.get().client_secret == ""


@pytest.mark.django_db
def test_it_tells_when_a_delivery_last_changed_the_data(
    browser: Browser, owner: User, tenant: Tenant
) -> None:
    client = browser(owner)
    shop = Shop(ConnectionFactory(tenant=tenant))
    assert "nothing has arrived" in client.get(SETTINGS).text

    shop.process(("customers/create", {"id": 1, "first_name": "Mena"}))

    page = client.get(SETTINGS).text
    assert "nothing has arrived" not in page
    assert re.search(r"\d+:\d\d [ap]m \(UTC\)", page)


def test_the_addresses_are_those_of_all_topics_that_are_understood(
    settings: LazySettings,
) -> None:
    settings.PUBLIC_URL = "https://analytics.example.com"

    addresses = webhook_addresses()

    of_little_use = {
        *("customers/data_request", "customers/redact", "shop/redact"),  # set in the app itself
        *("carts/create", "carts/update", "customers/enable", "customers/disable"),
        *("customer.tags_added", "customer.tags_removed", "customers/purchasing_summary"),
        *("locations/activate", "locations/deactivate"),
    }
    assert set(TOPICS) == topics.TOPICS - of_little_use
    assert addresses[0].address == (
        "https://analytics.example.com/api/webhooks/shopify/orders/create"
    )


@pytest.mark.django_db
def test_it_says_that_shopify_needs_a_public_address(
    browser: Browser, owner: User, connection: Connection, settings: LazySettings
) -> None:
    client = browser(owner)
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert "public https addresses only" in client.get(SETTINGS).text

    settings.PUBLIC_URL = "https://analytics.example.com"
    assert "public https addresses only" not in client.get(SETTINGS).text


# ── how long bodies are kept ──────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_owner_sets_how_long_bodies_are_kept(
    browser: Browser, owner: User, tenant: Tenant, connection: Connection
) -> None:
    client = browser(owner)
    assert "Kept for 90 days" in client.get(SETTINGS).text

    assert "Saved." in client.post("/settings/retention/", {"days": "30"}, follow=True).text

    assert "Kept for 30 days" in client.get(SETTINGS).text
    tenant.refresh_from_db()
    assert tenant.body_retention_days == 30


@pytest.mark.django_db
@pytest.mark.parametrize("days", ["6", "3651", "x", ""])
def test_other_days_are_refused_with_a_reason(
    browser: Browser, owner: User, tenant: Tenant, connection: Connection, days: str
) -> None:
    page = browser(owner).post("/settings/retention/", {"days": days}, follow=True).text

    assert "Saved." not in page
    tenant.refresh_from_db()
    assert tenant.body_retention_days == 90


@pytest.mark.django_db
def test_nobody_else_sets_how_long_bodies_are_kept(
    browser: Browser, viewer: User, connection: Connection
) -> None:
    client = browser(viewer)

    assert client.post("/settings/retention/", {"days": "30"}).status_code == 403
    assert "Kept for 90 days" in client.get(SETTINGS).text
