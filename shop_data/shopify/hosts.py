"""The hosts that a request of ours may leave for: a shop's, and where bulk results are kept."""

from __future__ import annotations

import re
import socket
from ipaddress import ip_address

import httpx
from django.conf import settings

from shop_data.shopify.errors import Refused, Unreachable
from shop_data.shopify.version import API_VERSION

_SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com")
_BULK = re.compile(r"(storage\.googleapis\.com|[a-z0-9][a-z0-9-]*\.shopifycloud\.com)")


def admin_url(domain: str) -> httpx.URL:
    """Return where a shop's Admin API answers."""
    return shop_url(domain, f"/admin/api/{API_VERSION}/graphql.json")


def authorise_url(domain: str) -> str:
    """Return where a browser approves our app; at the double, which it cannot call by a shop's
    name, the shop stands in the address."""
    path = "/admin/oauth/authorize"
    double = stand_in()
    return f"{double}/{domain}{path}" if double else str(shop_url(domain, path))


def shop_url(domain: str, path: str) -> httpx.URL:
    """Return an address at a shop; raise `Refused` for what is no shop's domain."""
    if not _SHOP.fullmatch(domain):
        raise Refused("This is not the address of a shop at Shopify.")
    return httpx.URL(f"https://{domain}{path}")


def bulk_url(address: str) -> httpx.URL:
    """Return the address of a bulk result; raise `Refused` for one that is kept elsewhere."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise Refused("Shopify named no address for the result.") from error
    plain = url.scheme == "https" and url.port is None and not url.userinfo
    if not plain or not _BULK.fullmatch(url.host):
        raise Refused("Shopify named a place for the result that is none of its own.")
    return url


def refuse_private(host: str) -> None:
    """Raise `Unreachable` where a name leads into a network of ours; TLS then holds the name."""
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable(f"The name {host} is not known on this network.") from error
    if not all(ip_address(address[0]).is_global for *_, address in found):
        raise Unreachable(f"The name {host} leads to a private address on this network.")


def stand_in() -> httpx.URL | None:
    """Return what answers in Shopify's place, for development and tests."""
    address: str = settings.SHOPIFY_STAND_IN
    return httpx.URL(address) if address else None
