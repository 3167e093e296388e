"""Shopify's signature: base64 of HMAC-SHA256 over the raw body with the app's client secret."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable


def signature(body: bytes, secret: str) -> str:
    """Return the value of `X-Shopify-Hmac-Sha256` for a body."""
    return base64.b64encode(_digest(body, secret)).decode()


def is_signed(body: bytes, given: str, secrets: Iterable[str]) -> bool:
    """Tell whether one of the secrets signed the body; all are tried on a wrong signature."""
    try:
        claimed = base64.b64decode(given.encode("ascii", "replace"), validate=True)
    except binascii.Error:
        claimed = b""
    return any(hmac.compare_digest(_digest(body, secret), claimed) for secret in secrets)


def _digest(body: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), body, "sha256")
