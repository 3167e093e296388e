"""Approving the app in Shopify: what comes back counts here, now, for this shop, and signed."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.core import signing
from django.test import Client

from accounts.authorisation import COOKIE
from accounts.models import User
from shop_data.shopify.scopes import asked_for
from tenants.models import Connection, Grant, Tenant
from tests.factories import ConnectionFactory
from tests.shopify_answers import Shopify, answer

pytestmark = [pytest.mark.django_db, pytest.mark.threat(9)]
START, BACK = "/settings/connection/authorise/", "/settings/connection/authorised/"
DOMAIN, SECRET = "kaveri.myshopify.com", "shpss_of_the_app"
TOKENS = httpx.Response(
    200, json={"access_token": "access 1", "refresh_token": "refresh 1", "expires_in": 3600}
)
OURS = answer(
    {
        "shop": {"myshopifyDomain": DOMAIN},
        "currentAppInstallation": {"accessScopes": [{"handle": "read_orders"}]},
    }
)


@pytest.fixture
def claim(tenant: Tenant) -> Connection:
    claim = ConnectionFactory(tenant=tenant, domain=DOMAIN, proven_at=None)
    claim.app.client_id, claim.app.client_secret = "client-1", SECRET
    claim.app.save()
    return claim


@pytest.fixture
def merchant(
    browser: Callable[[User], Client], owner: User, claim: Connection, settings: Any
) -> Client:
    """An owner who was sent to Shopify a moment ago."""
    settings.PUBLIC_URL = "https://analytics.example.com"
    settings.SHOPIFY_STAND_IN = ""
    client = browser(owner)
    client.get(START)
    return client


def state(client: Client) -> str:
    return str(signing.loads(client.cookies[COOKIE].value, salt="accounts.authorisation")["state"])


def signed(given: dict[str, str], secret: str = SECRET) -> dict[str, str]:
    message = "&".join(f"{name}={given[name]}" for name in sorted(given))
    digest = hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
    return {**given, "hmac": digest, "signature": "of old"}


def returned(client: Client, **changes: str) -> dict[str, str]:
    given = {
        "code": "code-1",
        "host": "YWRtaW4uc2hvcGlmeS5jb20",
        "shop": DOMAIN,
        "state": state(client),
        "timestamp": str(int(time.time())),
    }
    return signed({**given, **changes})


def test_an_owner_is_sent_to_their_shop_with_a_state_of_a_minute(
    browser: Callable[[User], Client], owner: User, claim: Connection, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://analytics.example.com"
    settings.SHOPIFY_STAND_IN = ""

    sent = browser(owner).get(START)

    where = urlsplit(sent["Location"])
    asked = {name: values[0] for name, values in parse_qs(where.query).items()}
    assert f"{where.scheme}://{where.netloc}{where.path}" == (
        f"https://{DOMAIN}/admin/oauth/authorize"
    )
    assert asked["redirect_uri"] == f"https://analytics.example.com{BACK}"
    assert (asked["client_id"], asked["scope"]) == ("client-1", asked_for())
    assert len(bytes.fromhex(asked["state"])) == 32
    cookie = sent.cookies[COOKIE]
    assert (cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (60, "Lax", True)


def test_what_shopify_sends_back_connects_and_proves_the_shop(
    merchant: Client, shopify: Shopify, claim: Connection
) -> None:
    shopify.answers = [TOKENS, OURS]

    page = merchant.get(BACK, returned(merchant), follow=True).text

    assert f"{DOMAIN} is connected." in page
    claim.refresh_from_db()
    assert (claim.access_token, claim.refresh_token, claim.grant) == (
        *("access 1", "refresh 1"),
        Grant.CODE,
    )
    assert claim.proven_at is not None
    sent = parse_qs(shopify.requests[0].content.decode())
    assert (sent["code"], sent["expiring"]) == (["code-1"], ["1"])
    assert "read_products" in page  # is named among the rights that are missing


def forged(client: Client) -> dict[str, dict[str, str]]:
    """Return what must not count, by what is wrong with it."""
    right, old = returned(client), str(int(time.time()) - 100)
    return {
        "another state": returned(client, state="0" * 64),
        "another secret": signed({**right, "hmac": ""}, secret="shpss_of_another"),
        "changed afterwards": {**right, "code": "code-2"},
        "not signed": {name: right[name] for name in right.keys() - {"hmac"}},
        "too old": returned(client, timestamp=old),
        "no moment": returned(client, timestamp="soon"),
        "another shop": returned(client, shop="another.myshopify.com"),
        "a line end": returned(client, shop=f"{DOMAIN}\n"),
        "no shop of Shopify's": returned(client, shop="kaveri.myshopify.com.evil.com"),
        "no code": returned(client, code=""),
    }


@pytest.mark.parametrize(
    "wrong",
    [
        *("another state", "another secret", "changed afterwards", "not signed", "too old"),
        *("no moment", "another shop", "a line end", "no shop of Shopify's", "no code"),
    ],
)
def test_what_does_not_hold_leaves_nothing_behind_and_says_why(
    merchant: Client, shopify: Shopify, claim: Connection, wrong: str
) -> None:
    before = Connection.objects.values().get(id=claim.id)

    sent = merchant.get(BACK, forged(merchant)[wrong])

    assert (sent.status_code, sent["Location"]) == (302, "/welcome/connect/")
    assert Connection.objects.values().get(id=claim.id) == before
    assert shopify.requests == []
    assert 'class="note bad"' in merchant.get("/settings/").text


def test_an_answer_counts_once(merchant: Client, shopify: Shopify, claim: Connection) -> None:
    shopify.answers = [TOKENS, OURS]
    given = returned(merchant)
    merchant.get(BACK, given)

    merchant.get(BACK, given)

    assert len(shopify.requests) == 2  # the code was not given a second time


@pytest.mark.parametrize("changed", ["domain", "app"])
def test_an_answer_for_what_was_changed_meanwhile_leaves_nothing_behind(
    merchant: Client, shopify: Shopify, claim: Connection, changed: str
) -> None:
    other = ConnectionFactory(domain="other.myshopify.com")
    values = {"domain": {"domain": "new.myshopify.com"}, "app": {"app": other.app}}[changed]

    def while_it_is_exchanged(_: httpx.Request) -> httpx.Response:
        Connection.objects.filter(id=claim.id).update(**values)
        return TOKENS

    shopify.answers = [while_it_is_exchanged]

    page = merchant.get(BACK, returned(merchant), follow=True).text

    assert "was changed meanwhile" in page
    claim.refresh_from_db()
    assert (claim.access_token, len(shopify.requests)) == ("", 1)


def test_an_answer_counts_in_the_browser_that_asked(
    merchant: Client, shopify: Shopify, owner: User
) -> None:
    given = returned(merchant)
    another = Client()
    another.force_login(owner)

    page = another.get(BACK, given, follow=True).text

    assert "This browser did not ask for it" in page
    assert shopify.requests == []


def test_a_state_is_over_after_a_minute(
    merchant: Client, shopify: Shopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, later = returned(merchant), time.time() + 61
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)

    assert "It took longer than a minute" in merchant.get(BACK, given, follow=True).text


def test_a_parameter_that_comes_twice_is_refused(merchant: Client, shopify: Shopify) -> None:
    given = returned(merchant)

    page = merchant.get(BACK, {**given, "shop": [DOMAIN, "a.myshopify.com"]}, follow=True).text

    assert "names a thing twice" in page


def test_a_code_that_shopify_refuses_is_told(
    merchant: Client, shopify: Shopify, claim: Connection
) -> None:
    said = {"error": "invalid_request", "error_description": "The code was used already"}
    shopify.answers = [httpx.Response(400, json=said)]

    page = merchant.get(BACK, returned(merchant), follow=True).text

    assert "The code was used already" in page
    claim.refresh_from_db()
    assert claim.access_token == ""


# ── the other ways ────────────────────────────────────────────────────────────────────────────


def test_an_app_of_ones_own_gets_a_token_with_its_credentials(
    browser: Callable[[User], Client], owner: User, shopify: Shopify, claim: Connection
) -> None:
    body = {"access_token": "of today", "expires_in": 86_399}
    shopify.answers = [httpx.Response(200, json=body), OURS]

    browser(owner).post("/settings/connection/credentials/")

    claim.refresh_from_db()
    assert (claim.access_token, claim.grant) == ("of today", Grant.CLIENT_CREDENTIALS)
    assert claim.proven_at is not None


def test_a_pasted_token_is_checked_and_proves_the_shop(
    browser: Callable[[User], Client], owner: User, shopify: Shopify, claim: Connection
) -> None:
    shopify.answers = [OURS]
    client = browser(owner)
    client.post("/settings/", {"domain": DOMAIN, "access_token": "shpat_pasted"})

    client.post("/settings/connection/check/")

    claim.refresh_from_db()
    assert (claim.proven_at is not None, claim.grant) == (True, Grant.PASTED)
    assert shopify.requests[0].headers["X-Shopify-Access-Token"] == "shpat_pasted"


def test_a_new_token_makes_an_end_of_a_refused_one(
    browser: Callable[[User], Client], owner: User, shopify: Shopify, claim: Connection
) -> None:
    shopify.answers = [answer(errors="Invalid", status=401), OURS]
    client = browser(owner)
    client.post("/settings/", {"domain": DOMAIN, "access_token": "shpat_old"})
    assert "To be connected again." in client.post("/settings/connection/check/", follow=True).text

    client.post("/settings/", {"domain": DOMAIN, "access_token": "shpat_new"})

    assert "is connected" in client.post("/settings/connection/check/", follow=True).text


@pytest.mark.parametrize("person", ["analyst", "viewer"])
def test_only_an_owner_connects(
    browser: Callable[[User], Client],
    claim: Connection,
    person: str,
    request: pytest.FixtureRequest,
) -> None:
    client = browser(request.getfixturevalue(person))

    assert client.get(START).status_code == 403
    assert client.post("/settings/connection/check/").status_code == 403


def test_two_shops_share_an_app_whose_secret_both_give(
    browser: Callable[[User], Client], owner: User, claim: Connection, other_tenant: Tenant
) -> None:
    theirs = ConnectionFactory(tenant=other_tenant)
    theirs.app.client_id, theirs.app.client_secret = "client-2", "shpss_shared"
    theirs.app.save()
    client, given = browser(owner), {"domain": DOMAIN, "client_id": "client-2"}

    refused = client.post("/settings/", {**given, "client_secret": "shpss_guessed"})
    client.post("/settings/", {**given, "client_secret": "shpss_shared"})

    assert refused.status_code == 409
    claim.refresh_from_db()
    theirs.app.refresh_from_db()
    assert claim.app_id == theirs.app_id
    assert theirs.app.client_secret == "shpss_shared"


def test_who_connected_the_shop_is_written_down(merchant: Client, shopify: Shopify) -> None:
    shopify.answers = [TOKENS, OURS]

    merchant.get(BACK, returned(merchant))

    assert "Connected the shop" in merchant.get("/settings/log/").text
