"""Whether Shopify can deliver to us: asked of our own public address, as Shopify would ask it."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from shop_data.shopify.errors import Unreachable
from shop_data.shopify.hosts import refuse_private, stand_in

TIMEOUT = 5.0  # seconds: what Shopify gives a delivery
NONCE, PROOF = "X-Xenofy-Nonce", "X-Xenofy-Proof"  # headers of the question and of the answer
_HEALTH = "/health"
_LONGEST = 64  # characters of a nonce


def proof_of(nonce: str) -> str:
    """Return what this installation alone answers to a nonce; nothing where that is none."""
    if not 0 < len(nonce) <= _LONGEST:
        return ""
    return salted_hmac("webhooks.reachability", nonce, algorithm="sha256").hexdigest()


def why_unreachable() -> str:
    """Return in a sentence why Shopify cannot deliver to `PUBLIC_URL`; nothing when it can.

    It calls out: use it outside of transactions. The double of Shopify is on this machine and
    reaches whatever it likes.
    """
    if stand_in() is not None:
        return ""
    return _why_not_public(settings.PUBLIC_URL) or _why_silent(settings.PUBLIC_URL)


def _why_not_public(address: str) -> str:
    """Return why Shopify would not call an address, before anybody is asked."""
    parts = urlsplit(address)
    if parts.scheme != "https":
        return f"Shopify delivers over HTTPS alone, and PUBLIC_URL is {address}."
    try:
        refuse_private(parts.hostname or "")
    except Unreachable:
        return f"PUBLIC_URL is {address}, which leads to no address on the public Internet."
    return ""


def _why_silent(address: str) -> str:
    """Return what is wrong with the answer of our health page behind an address."""
    nonce = get_random_string(32)
    try:
        answer = httpx.get(
            address + _HEALTH,
            headers={NONCE: nonce},
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        return f"Nothing answers at {address}{_HEALTH} as Shopify would ask: {_reason(error)}."
    if answer.status_code != 200 or '"status":"OK"' not in answer.text.replace(" ", ""):
        return f"What answers at {address}{_HEALTH} is not Xenofy."
    if not constant_time_compare(answer.headers.get(PROOF, ""), proof_of(nonce)):
        return f"What answers at {address}{_HEALTH} is another Xenofy than this one."
    return ""


def _reason(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"it takes longer than {TIMEOUT:.0f} seconds"
    return "the connection or its certificate fails"
