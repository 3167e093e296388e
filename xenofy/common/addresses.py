"""Who is asking: the address of a client, as it is counted and as it is written down."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request


def address_of(request: HttpRequest | Request) -> str:
    """Return who is asking, as attempts and requests are counted."""
    return client_address(
        request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
    )


def address_for_entries(request: HttpRequest | Request) -> str | None:
    """Return the address that was counted, of a household with IPv6 its first one."""
    try:
        return str(ipaddress.ip_interface(address_of(request)).ip)
    except ValueError:
        return None


def client_address(remote: str, forwarded: str) -> str:
    """Return who is asking: the peer, or behind our proxy what the proxy saw.

    The proxy appends to X-Forwarded-For, so only its last entry is not the client's invention. A
    household has a whole /64 of IPv6.
    """
    given = forwarded.rpartition(",")[2].strip() if settings.BEHIND_PROXY else ""
    for text in (given, remote):
        try:
            return _household(ipaddress.ip_address(text))
        except ValueError:
            continue
    return "unknown"


def _household(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False))
