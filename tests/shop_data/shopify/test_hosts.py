"""A request leaves for a shop or for the storage of bulk results, and for nowhere else."""

from __future__ import annotations

import socket
from typing import Any

import httpx
import pytest

from shop_data.shopify.client import AdminClient, admin_client
from shop_data.shopify.errors import Refused, Unreachable
from shop_data.shopify.hosts import bulk_url, refuse_private, shop_url
from shop_data.shopify.transport import ShopTransport
from tenants.models import Connection
from tests.shopify_answers import Shopify

pytestmark = pytest.mark.threat(8)


@pytest.mark.parametrize(
    "domain",
    [
        "kaveri.myshopify.com\n",
        "Kaveri.myshopify.com",
        "kaveri.myshopify.com.evil.com",
        "kaveri.myshopify.com:8080",
        "me@kaveri.myshopify.com",
        "evil.com/kaveri.myshopify.com",
        "kaveri。myshopify.com",
        "localhost",
        "",
    ],
)
def test_what_is_no_shop_is_asked_nothing(domain: str) -> None:
    with pytest.raises(Refused):
        shop_url(domain, "/admin")


@pytest.mark.parametrize(
    "address",
    [
        "http://storage.googleapis.com/x",
        "https://storage.googleapis.com.evil.com/x",
        "https://storage.googleapis.com:444/x",
        "https://me@storage.googleapis.com/x",
        "https://169.254.169.254/x",
        "file:///etc/passwd",
        "https://[",
    ],
)
def test_a_bulk_result_elsewhere_is_not_fetched(address: str) -> None:
    with pytest.raises(Refused):
        bulk_url(address)


@pytest.mark.parametrize("private", ["10.0.0.5", "127.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_a_name_that_leads_into_a_private_network_is_refused(
    monkeypatch: pytest.MonkeyPatch, private: str
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (private, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(Unreachable, match="private"):
        refuse_private("kaveri.myshopify.com")


def test_a_bulk_result_is_read_in_pieces_and_without_the_token(
    shopify: Shopify, connected: Connection
) -> None:
    shopify.answers = [httpx.Response(200, content=b"{}\n" * 100_000)]

    with admin_client(connected.tenant_id).download(
        "https://storage.googleapis.com/bulk?signed=1"
    ) as pieces:
        read = list(pieces)

    assert len(read) > 1 and sum(map(len, read)) == 300_000
    assert "X-Shopify-Access-Token" not in shopify.requests[0].headers


def test_no_redirect_is_followed(shopify: Shopify, connected: Connection) -> None:
    shopify.answers = [httpx.Response(302, headers={"Location": "http://169.254.169.254/"})]
    admin: AdminClient = admin_client(connected.tenant_id)

    with pytest.raises(Unreachable), admin.download("https://storage.googleapis.com/x"):
        pass

    assert len(shopify.requests) == 1


def test_the_stand_in_is_sent_what_shopify_would_be(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SHOPIFY_STAND_IN = "http://127.0.0.1:8300"
    sent: list[httpx.Request] = []
    monkeypatch.setattr(
        httpx.HTTPTransport,
        "handle_request",
        lambda self, request: sent.append(request) or httpx.Response(200),
    )

    httpx.Client(transport=ShopTransport()).get("https://kaveri.myshopify.com/admin")

    assert str(sent[0].url) == "http://127.0.0.1:8300/admin"
    assert sent[0].headers["Host"] == "kaveri.myshopify.com"
