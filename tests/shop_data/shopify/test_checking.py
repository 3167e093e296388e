"""The check of a connection: what it asks, what it proves, and what it says of missing rights."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from shop_data.models import AppInstallation
from shop_data.shopify.checking import check
from shop_data.shopify.errors import ReauthRequired, Refused
from shop_data.shopify.scopes import SCOPES, asked_for, missing
from tenants.models import Connection, ConnectionState
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory
from tests.shopify_answers import Shopify, answer

NOW = timezone.now()


def told(domain: str = "kaveri.myshopify.com", *scopes: str) -> Any:
    return answer(
        {
            "shop": {"id": "gid://shopify/Shop/1", "myshopifyDomain": domain},
            "currentAppInstallation": {"accessScopes": [{"handle": scope} for scope in scopes]},
        }
    )


@pytest.fixture
def claimed(connected: Connection) -> Connection:
    connected.proven_at = None
    connected.save()
    return connected


def test_a_token_that_works_proves_the_domain(shopify: Shopify, claimed: Connection) -> None:
    shopify.answers = [told("kaveri.myshopify.com", "read_products", "read_orders")]

    found = check(claimed.id, now=NOW)

    assert (found.proven_at, found.checked_at, found.last_error) == (NOW, NOW, "")
    with tenant_scope(claimed.tenant_id):
        assert AppInstallation.objects.get().scopes == ["read_orders", "read_products"]


def test_a_token_of_another_shop_proves_nothing(shopify: Shopify, claimed: Connection) -> None:
    shopify.answers = [told("another.myshopify.com")]

    with pytest.raises(Refused, match="another shop"):
        check(claimed.id, now=NOW)

    claimed.refresh_from_db()
    assert claimed.proven_at is None
    assert "another shop" in claimed.last_error


@pytest.mark.threat(9)
def test_a_shop_that_another_tenant_has_proven_stays_theirs(
    shopify: Shopify, claimed: Connection
) -> None:
    theirs = ConnectionFactory(domain=claimed.domain)
    shopify.answers = [told()]

    with pytest.raises(Refused, match="another account"):
        check(claimed.id, now=NOW)

    proven = Connection.objects.filter(domain=claimed.domain, proven_at__isnull=False)
    assert [each.id for each in proven] == [theirs.id]


def test_a_token_that_is_refused_is_told_in_words(shopify: Shopify, claimed: Connection) -> None:
    shopify.answers = [answer(errors="Invalid API key or access token", status=401)]

    with pytest.raises(ReauthRequired):
        check(claimed.id, now=NOW)

    claimed.refresh_from_db()
    assert claimed.state == ConnectionState.REAUTH_REQUIRED
    assert claimed.last_error.startswith("Shopify takes the access token no more.")


def test_a_check_that_fails_is_no_sign_that_the_shop_was_connected_again(
    shopify: Shopify, claimed: Connection
) -> None:
    shopify.answers = [answer(errors="Invalid API key or access token", status=401)]

    with pytest.raises(ReauthRequired):
        check(claimed.id, now=NOW)

    assert Connection.objects.get().updated_at == claimed.updated_at


def test_what_was_not_granted_says_what_stays_empty() -> None:
    granted = set(asked_for().split(",")) - {"read_all_orders", "read_customers"}

    assert [scope.name for scope in missing(granted)] == ["read_all_orders", "read_customers"]
    assert "60 days" in missing(granted)[0].empties
    assert missing([scope.name.replace("read_", "write_") for scope in SCOPES]) == []
