"""Tokens that end, two that renew them, and answers that are lost on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from django.db import connection as database
from django.utils import timezone

from shop_data.shopify import tokens
from shop_data.shopify.client import admin_client
from shop_data.shopify.errors import ReauthRequired, Unreachable
from tenants.key_rotation import rotate
from tenants.models import Connection, ConnectionState, Grant
from tests.factories import ConnectionFactory, TenantFactory
from tests.shopify_answers import Shopify, answer

NOW = timezone.now()
REFUSED = httpx.Response(401, json={"error": "invalid_request"})
QUERY = "query Shop { shop { id } }"


def pair(number: int) -> httpx.Response:
    return httpx.Response(
        200,
        json={
            "access_token": f"access {number}",
            "refresh_token": f"refresh {number}",
            "expires_in": 3600,
            "refresh_token_expires_in": 7_776_000,
            "scope": "read_orders,read_products",
        },
    )


def expiring(connected: Connection, *, minutes: float, grant: Grant = Grant.CODE) -> Connection:
    connected.grant = grant
    connected.access_token, connected.refresh_token = "access 1", "refresh 1"
    connected.access_expires_at = NOW + timedelta(minutes=minutes)
    connected.save()
    return connected


def asked(shopify: Shopify) -> list[dict[str, str]]:
    return [
        {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        for request in shopify.requests
    ]


@pytest.mark.parametrize(("minutes", "renewed"), [(4, True), (11, False)])
def test_a_token_is_renewed_five_to_ten_minutes_early(
    shopify: Shopify, connected: Connection, minutes: int, renewed: bool
) -> None:
    expiring(connected, minutes=minutes)
    shopify.answers = [pair(2)]

    token = tokens.access_token(connected.id, now=NOW)

    assert token == ("access 2" if renewed else "access 1")
    assert len(shopify.requests) == renewed


def test_both_tokens_are_kept_with_the_pair_before(shopify: Shopify, connected: Connection) -> None:
    expiring(connected, minutes=1)
    shopify.answers = [pair(2)]

    tokens.access_token(connected.id, now=NOW)

    connected.refresh_from_db()
    assert (connected.access_token, connected.refresh_token) == ("access 2", "refresh 2")
    assert connected.previous_access_token == "access 1"
    assert connected.previous_refresh_token == "refresh 1"
    assert connected.access_expires_at == NOW + timedelta(hours=1)
    assert connected.refresh_expires_at == NOW + timedelta(days=90)
    assert asked(shopify)[0]["refresh_token"] == "refresh 1"


@pytest.mark.fault(42)
@pytest.mark.parametrize("lost", [httpx.ReadTimeout("lost"), httpx.Response(520)])
def test_a_lost_answer_leaves_the_token_that_is_still_good(
    shopify: Shopify, connected: Connection, lost: Any
) -> None:
    expiring(connected, minutes=3)
    shopify.answers = [lost, pair(3)]

    first = tokens.access_token(connected.id, now=NOW)
    second = tokens.access_token(connected.id, now=NOW + timedelta(minutes=1))

    assert (first, second) == ("access 1", "access 3")
    assert [each["refresh_token"] for each in asked(shopify)] == ["refresh 1", "refresh 1"]


@pytest.mark.fault(42)
def test_a_lost_answer_after_the_end_is_told_and_asked_again(
    shopify: Shopify, connected: Connection
) -> None:
    expiring(connected, minutes=-1)
    shopify.answers = [httpx.ReadTimeout("lost"), pair(2)]

    with pytest.raises(Unreachable):
        tokens.access_token(connected.id, now=NOW)

    assert tokens.access_token(connected.id, now=NOW) == "access 2"


@pytest.mark.fault(42)
def test_a_refresh_token_that_is_refused_gives_way_to_the_one_before(
    shopify: Shopify, connected: Connection
) -> None:
    connected.previous_refresh_token = "refresh 0"
    expiring(connected, minutes=-1)
    shopify.answers = [REFUSED, pair(2)]

    assert tokens.access_token(connected.id, now=NOW) == "access 2"
    assert [each["refresh_token"] for each in asked(shopify)] == ["refresh 1", "refresh 0"]


@pytest.mark.fault(42)
def test_without_a_token_that_shopify_takes_the_merchant_is_asked(
    shopify: Shopify, connected: Connection
) -> None:
    expiring(connected, minutes=-1)
    shopify.answers = [REFUSED]

    with pytest.raises(ReauthRequired, match="invalid_request"):
        tokens.access_token(connected.id, now=NOW)

    connected.refresh_from_db()
    assert connected.state == ConnectionState.REAUTH_REQUIRED
    assert connected.access_token == "access 1"


@pytest.mark.fault(42)
@pytest.mark.parametrize(
    "trouble",
    [
        *(httpx.Response(status) for status in (302, 402, 404, 408, 423, 429, 500, 520)),
        httpx.Response(403, text="<html>Checking your browser</html>"),
        httpx.Response(200, text="<html>Back soon</html>"),
    ],
    ids=lambda answer: str(answer.status_code),
)
def test_what_is_no_last_word_ends_no_connection(
    shopify: Shopify, connected: Connection, trouble: httpx.Response
) -> None:
    expiring(connected, minutes=-1)
    shopify.answers = [trouble]

    with pytest.raises(Unreachable):
        tokens.access_token(connected.id, now=NOW)

    connected.refresh_from_db()
    assert connected.state == ConnectionState.CONNECTED


@pytest.mark.fault(42)
def test_a_token_that_came_meanwhile_is_not_given_up(
    shopify: Shopify, connected: Connection
) -> None:
    """The merchant connects again while a renewed token is refused."""
    expiring(connected, minutes=50)

    def reconnected(request: httpx.Request) -> httpx.Response:
        row = Connection.objects.get(id=connected.id)
        row.access_token = "of the merchant"
        row.save()
        return answer(errors="Invalid", status=401)

    shopify.answers = [answer(errors="Invalid", status=401), pair(2), reconnected]

    with pytest.raises(Unreachable, match="another one now"):
        admin_client(connected.tenant_id).run(QUERY)

    connected.refresh_from_db()
    assert connected.state == ConnectionState.CONNECTED
    assert connected.access_token == "of the merchant"


@pytest.mark.fault(42)
def test_a_lasting_token_that_shopify_takes_no_more_becomes_a_pair(
    shopify: Shopify, connected: Connection
) -> None:
    connected.grant = Grant.CODE
    connected.save()
    said = "Non-expiring access tokens are no longer accepted for the Admin API"
    shopify.answers = [answer(errors=said, status=403), pair(2), answer({"shop": None})]

    assert admin_client(connected.tenant_id).run(QUERY) == {"shop": None}

    assert shopify.requests[2].headers["X-Shopify-Access-Token"] == "access 2"


def test_credentials_of_ones_own_app_are_used_again_when_due(
    shopify: Shopify, connected: Connection
) -> None:
    expiring(connected, minutes=1, grant=Grant.CLIENT_CREDENTIALS)
    body = {"access_token": "of today", "expires_in": 86_399, "scope": "read_orders"}
    shopify.answers = [httpx.Response(200, json=body)]

    assert tokens.access_token(connected.id, now=NOW) == "of today"

    assert asked(shopify)[0]["grant_type"] == "client_credentials"
    connected.refresh_from_db()
    assert connected.access_expires_at == NOW + timedelta(seconds=86_399)


@pytest.mark.fault(42)
def test_a_token_revoked_midway_is_renewed_and_the_query_goes_on(
    shopify: Shopify, connected: Connection
) -> None:
    expiring(connected, minutes=50)
    shopify.answers = [answer(errors="Invalid", status=401), pair(2), answer({"shop": None})]

    assert admin_client(connected.tenant_id).run(QUERY) == {"shop": None}

    assert shopify.requests[2].headers["X-Shopify-Access-Token"] == "access 2"


def test_a_token_that_never_ends_becomes_a_pair(shopify: Shopify, connected: Connection) -> None:
    connected.grant = Grant.CODE
    connected.save()
    shopify.answers = [pair(2)]

    tokens.renew_idle(connected.id, now=NOW)

    assert asked(shopify)[0]["subject_token"] == "shpat_of_the_tests"
    connected.refresh_from_db()
    assert connected.refresh_token == "refresh 2"


@pytest.mark.parametrize(("days", "renewed"), [(6, 0), (8, 1)])
def test_a_shop_that_is_idle_is_renewed_weekly(
    shopify: Shopify, connected: Connection, days: int, renewed: int
) -> None:
    connected.renewed_at = NOW - timedelta(days=days)
    expiring(connected, minutes=-60)
    shopify.answers = [pair(2)]

    tokens.renew_idle(connected.id, now=NOW)

    assert len(shopify.requests) == renewed


@pytest.mark.fault(42)
@pytest.mark.django_db(transaction=True)
def test_two_workers_renew_once(shopify: Shopify) -> None:
    connected = expiring(ConnectionFactory(tenant=TenantFactory()), minutes=1)
    shopify.answers = [pair(2), REFUSED]

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(lambda _: _token(connected.id, NOW), range(2)))

    assert found == ["access 2", "access 2"]
    assert len(shopify.requests) == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_rotated_while_a_token_is_renewed_loses_neither_pair(
    shopify: Shopify, settings: Any
) -> None:
    settings.ENCRYPTION_KEYS = ["o" * 43]
    connected = expiring(ConnectionFactory(tenant=TenantFactory()), minutes=1)
    settings.ENCRYPTION_KEYS = ["n" * 43, "o" * 43]
    rotating = Thread(target=_rotate_keys)

    def meanwhile(request: httpx.Request) -> httpx.Response:
        rotating.start()
        rotating.join(0.5)  # it waits for the row that the renewal holds
        return pair(2)

    shopify.answers = [meanwhile]
    tokens.access_token(connected.id, now=NOW)
    rotating.join(10)

    settings.ENCRYPTION_KEYS = ["n" * 43]
    found = Connection.objects.get(id=connected.id)
    assert (found.access_token, found.refresh_token) == ("access 2", "refresh 2")
    assert (found.previous_access_token, found.previous_refresh_token) == ("access 1", "refresh 1")


def _rotate_keys() -> None:
    try:
        list(rotate())
    finally:
        database.close()


def _token(connection_id: Any, now: datetime) -> str:
    try:
        return tokens.access_token(connection_id, now=now)
    finally:
        database.close()
