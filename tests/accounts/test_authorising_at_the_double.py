"""Connecting at the double of Shopify, over HTTP: approval, rotation, lost answers, revoking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from accounts.authorisation import redirect_address
from accounts.models import User
from shop_data.models import ApiBudget, AppInstallation
from shop_data.shopify import tokens, transport
from shop_data.shopify.client import admin_client
from shop_data.shopify.documents import document
from shop_data.shopify.errors import ReauthRequired
from shop_data.shopify.scopes import missing
from tenants.models import Connection, ConnectionState, Tenant
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory
from xenofy.fakeshop import oauth
from xenofy.fakeshop.server import serving
from xenofy.fakeshop.world import World

pytestmark = pytest.mark.django_db
DOMAIN = "kaveri.myshopify.com"


@pytest.fixture
def world(settings: Any) -> Iterator[World]:
    world = World()
    world.shop(DOMAIN)
    world.apps.add("client-1", "shpss_of_the_app", redirects=[redirect_address()])
    with serving(world) as server:
        settings.SHOPIFY_STAND_IN = f"http://127.0.0.1:{server.server_port}"
        yield world
    transport.client().close()
    transport.client.cache_clear()


@pytest.fixture
def approved(
    browser: Callable[[User], Client], owner: User, tenant: Tenant, world: World
) -> Connection:
    """A connection that its owner approved at the double a moment ago."""
    claim = ConnectionFactory(tenant=tenant, domain=DOMAIN, proven_at=None)
    claim.app.client_id, claim.app.client_secret = "client-1", "shpss_of_the_app"
    claim.app.save()
    client = browser(owner)
    sent = client.get("/settings/connection/authorise/")
    back = urlsplit(httpx.get(f"{sent['Location']}&auto").headers["Location"])
    client.get(f"{back.path}?{back.query}")
    claim.refresh_from_db()
    return claim


def ask(connection: Connection) -> str:
    data = admin_client(connection.tenant_id).run(document("connection"))
    return str(data["shop"]["myshopifyDomain"])


def test_an_approval_connects_proves_and_tells_what_was_granted(approved: Connection) -> None:
    assert approved.last_error == ""
    assert approved.proven_at is not None and approved.checked_at is not None
    assert approved.access_expires_at is not None and approved.refresh_token
    with tenant_scope(approved.tenant_id):
        assert missing(AppInstallation.objects.get().scopes or []) == []
        assert ApiBudget.objects.get().answered_version == "2026-07"


@pytest.mark.fault(42)
def test_a_pair_is_renewed_and_the_next_pair_works(approved: Connection, world: World) -> None:
    first = approved.access_token
    later = timezone.now() + timedelta(minutes=55)

    token = tokens.access_token(approved.id, now=later)

    assert token != first
    assert ask(approved) == DOMAIN


@pytest.mark.fault(42)
def test_a_rotation_whose_answer_is_lost_is_asked_again(approved: Connection, world: World) -> None:
    world.apps.lose_answers = 1
    later = timezone.now() + timedelta(minutes=55)
    before = approved.refresh_token
    tokens.access_token(approved.id, now=later)  # good for five minutes more

    tokens.access_token(approved.id, now=later)

    approved.refresh_from_db()
    assert approved.refresh_token != before
    assert ask(approved) == DOMAIN


@pytest.mark.fault(42)
def test_a_lost_rotation_that_is_final_is_told_to_the_merchant(
    approved: Connection, world: World, browser: Callable[[User], Client], owner: User
) -> None:
    world.apps.lose_answers, world.apps.rotation_is_final = 1, True
    later = timezone.now() + timedelta(minutes=55)
    tokens.access_token(approved.id, now=later)

    with pytest.raises(ReauthRequired, match="active refresh_token"):
        tokens.access_token(approved.id, now=later)

    assert "Shopify does not let us in any more" in browser(owner).get("/").text
    page = browser(owner).get("/settings/").text
    assert "active refresh_token" in page
    assert "Connect again in Shopify" in page


@pytest.mark.fault(42)
def test_a_revoked_app_is_told_to_the_merchant(approved: Connection, world: World) -> None:
    oauth.revoke(world, DOMAIN, "client-1")

    with pytest.raises(ReauthRequired):
        ask(approved)

    approved.refresh_from_db()
    assert approved.state == ConnectionState.REAUTH_REQUIRED


def test_credentials_of_ones_own_app_connect_too(
    approved: Connection, browser: Callable[[User], Client], owner: User
) -> None:
    browser(owner).post("/settings/connection/credentials/")

    approved.refresh_from_db()
    assert (approved.grant, approved.refresh_token) == ("client_credentials", "")
    assert ask(approved) == DOMAIN
