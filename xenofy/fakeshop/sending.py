"""One delivery on its way: its headers, its signature, and how it is posted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

CONNECT_AND_ANSWER = 5  # seconds
# Eight retries over four hours, each wait twice the one before.
LADDER = tuple(timedelta(seconds=s) for s in (56, 113, 226, 452, 904, 1807, 3614, 7228))


@dataclass(slots=True)
class Delivery:
    """A body for an address; both stay as they were when the event happened."""

    subscription_id: int  # 0 for the compliance topics of an app's configuration
    client_id: str
    domain: str
    topic: str
    uri: str
    body: bytes
    version: str
    triggered_at: datetime
    due_at: datetime
    event_id: str
    name: str | None = None
    webhook_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    tries: int = 0
    statuses: list[int] = field(default_factory=list)  # 0: no answer
    is_forged: bool = False
    is_signed_old: bool = False

    @property
    def is_taken(self) -> bool:
        return bool(self.statuses) and 200 <= self.statuses[-1] < 300

    def headers(self, secret: str) -> dict[str, str]:
        """Return what Shopify sends beside the body."""
        found = {
            "Content-Type": "application/json",
            "User-Agent": "Shopify-Captain-Hook",
            "X-Shopify-Topic": self.topic,
            "X-Shopify-Hmac-Sha256": sign(self.body, secret),
            "X-Shopify-Shop-Domain": self.domain,
            "X-Shopify-API-Version": self.version,
            "X-Shopify-Webhook-Id": self.webhook_id,
            "X-Shopify-Event-Id": self.event_id,
            "X-Shopify-Triggered-At": f"{self.triggered_at:%Y-%m-%dT%H:%M:%S.%f}000Z",
        }
        if self.name:
            found["X-Shopify-Name"] = self.name
        return found


Post = Callable[[str, bytes, dict[str, str]], int]  # address, body, headers -> status


def sign(body: bytes, secret: str) -> str:
    """Return the signature of a body: base64 of HMAC-SHA256."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def post(uri: str, body: bytes, headers: dict[str, str]) -> int:
    """Post over HTTP, following no redirect; return the status, 0 where none came."""
    parts = urlsplit(uri)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=CONNECT_AND_ANSWER)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
