"""Sending one body as Shopify does: its headers, its signature, the raw bytes untouched."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit
from uuid import uuid4

from webhooks.signatures import signature

API_VERSION = "2026-07"
PATH = "/api/webhooks/shopify/"
TIMEOUT = 5.0  # seconds; Shopify waits no longer either


class Unreachable(Exception):
    """Nobody answers at an address; the message is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said; `text` is its sentence, if it gave one."""

    status: int
    text: str

    @property
    def is_accepted(self) -> bool:
        return 200 <= self.status < 300


def headers_of(
    body: bytes, *, topic: str, domain: str, secret: str, now: datetime, webhook_id: str = ""
) -> dict[str, str]:
    """Return the headers with which Shopify would deliver a body now."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Shopify-Captain-Hook",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signature(body, secret),
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-API-Version": API_VERSION,
        "X-Shopify-Webhook-Id": webhook_id or str(uuid4()),
        "X-Shopify-Event-Id": str(uuid4()),
        "X-Shopify-Triggered-At": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def send(base_url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Post a body to the installation at `base_url`; raise `Unreachable` when none answers."""
    address = urlsplit(base_url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    path = address.path.rstrip("/") + PATH + quote(headers["X-Shopify-Topic"])
    connection = kind(address.hostname or "", address.port, timeout=TIMEOUT)
    try:
        connection.request("POST", path, body, dict(headers))
        response = connection.getresponse()
        return Answer(response.status, _sentence(response.read()))
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"Nobody answers at {base_url}: {_reason(error)}.") from error
    finally:
        connection.close()


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _sentence(answer: bytes) -> str:
    """Return the sentence of an error body; nothing where the answer is of another kind."""
    try:
        found = json.loads(answer)
    except ValueError:
        return ""
    return str(found.get("error", "")) if isinstance(found, dict) else ""
