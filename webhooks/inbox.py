"""Putting deliveries into the inbox, durably and once."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shop_data.payloads.values import PayloadError, moment
from tenants.connections import claims_of, prove
from tenants.models import Connection
from tenants.scope import current_tenant_id, run_for_tenant
from webhooks.models import InboxEvent
from webhooks.signatures import is_signed
from xenofy.common.failpoints import failpoint
from xenofy.common.identifiers import uuid7

_NOBODYS = secrets.token_hex()  # a secret that no shop has: an unknown one takes as long to refuse
_KEPT = ("topic", "shop-domain", "api-version", "webhook-id", "event-id", "triggered-at",
         "hmac-sha256", "name", "sub-topic", "test")  # fmt: skip
_COLUMNS = ("tenant_id", "id", "topic", "webhook_id", "event_id", "api_version", "domain",
            "triggered_at", "headers", "body", "digest", "status", "attempts", "next_attempt_at",
            "last_error", "received_at")  # fmt: skip
_INSERT = (
    f"INSERT INTO webhooks_inboxevent ({', '.join(_COLUMNS)}) VALUES {{rows}}"  # noqa: S608
    " ON CONFLICT DO NOTHING"
)
_ROW = f"({', '.join(['%s'] * len(_COLUMNS))})"
_LENGTH = 255  # of what a sender says beside the body; topic and webhook id stand in an index


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request of Shopify; `headers` has lower-case names without `x-shopify-`."""

    topic: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def domain(self) -> str:
        return _clean(self.headers.get("shop-domain", "").lower())


def receive(delivery: Delivery, *, now: datetime) -> bool:
    """Store a delivery whose signature holds; tell whether it did.

    When this returns true the body is committed. The tenant follows from the secret that signed:
    the domain's header is not part of what is signed.
    """
    connection = _signer(delivery)
    if connection is None or not prove(connection, now=now):
        return False
    failpoint("before_insert_commit")
    _insert(connection.tenant_id, [delivery], now)
    failpoint("after_insert")
    return True


def store(deliveries: Iterable[Delivery], *, now: datetime) -> None:
    """Append deliveries to the inbox of the current tenant; one that is there already stays."""
    _insert(current_tenant_id(), list(deliveries), now)


def _signer(delivery: Delivery) -> Connection | None:
    """Return the claim on the domain whose secret signed the body."""
    given = delivery.headers.get("hmac-sha256", "")
    claims = claims_of(delivery.domain)
    signers = [claim for claim in claims if is_signed(delivery.body, given, _secrets(claim))]
    if not claims:
        is_signed(delivery.body, given, [_NOBODYS, _NOBODYS])
    return signers[0] if signers else None


def _secrets(connection: Connection) -> list[str]:
    """Return the secrets that may have signed: always two, so that all shops take as long."""
    app = connection.app
    return [app.client_secret or _NOBODYS, app.previous_secret or _NOBODYS]


def _insert(tenant_id: UUID, deliveries: list[Delivery], now: datetime) -> None:
    """Write the rows in one round trip; when this returns outside of a transaction they are
    durable."""
    if deliveries:
        statement = _INSERT.format(rows=", ".join([_ROW] * len(deliveries)))
        rows = [_row(tenant_id, delivery, now) for delivery in deliveries]
        run_for_tenant(tenant_id, statement, [value for row in rows for value in row])


def _row(tenant_id: UUID, delivery: Delivery, now: datetime) -> tuple[Any, ...]:
    """Return the values of `_COLUMNS`."""
    headers = {name: _clean(delivery.headers[name]) for name in _KEPT if name in delivery.headers}
    digest = hashlib.sha256(delivery.body).digest()
    return (
        tenant_id,
        uuid7(),
        _clean(delivery.topic),
        headers.get("webhook-id") or digest.hex(),
        headers.get("event-id", ""),
        headers.get("api-version", ""),
        delivery.domain,
        _triggered_at(headers.get("triggered-at", "")),
        json.dumps(headers),
        delivery.body,
        digest,
        InboxEvent.Status.PENDING.value,
        0,
        now,
        "",
        now,
    )


def _triggered_at(given: str) -> datetime | None:
    """Read the header's moment; an unreadable one is none, since the body counts."""
    try:
        return moment(given or None, "X-Shopify-Triggered-At")
    except PayloadError:
        return None


def _clean(said: str) -> str:
    """Return what can be stored of a header or a path, neither of which is signed."""
    text = said.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return text[:_LENGTH]
