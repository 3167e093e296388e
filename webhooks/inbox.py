"""Putting deliveries into the inbox, durably and once."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import count, islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError

from shop_data.payloads.values import PayloadError, moment
from tenants.connections import STILL_STANDS, claims_of, prove, standing
from tenants.models import Connection
from tenants.scope import current_tenant_id, run_for_tenant
from webhooks.models import InboxEvent
from webhooks.signatures import is_signed
from xenofy.common.failpoints import failpoint
from xenofy.common.identifiers import uuid7

_NOBODYS = secrets.token_hex()  # a secret that no shop has: an unknown one takes as long to refuse
_KEPT = ("topic", "shop-domain", "api-version", "webhook-id", "event-id", "triggered-at",
         "hmac-sha256", "name", "sub-topic", "test")  # fmt: skip
# What a row says beside the tenant, with the type by which PostgreSQL knows its values.
_COLUMNS = {
    "id": "%s::uuid",
    "topic": "%s::text",
    "webhook_id": "%s::text",
    "event_id": "%s::text",
    "api_version": "%s::text",
    "domain": "%s::text",
    "triggered_at": "%s::timestamptz",
    "headers": "%s::jsonb",
    "body": "%s::bytea",
    "digest": "%s::bytea",
    "received_at": "%s::timestamptz",
}
_NAMES = ", ".join(_COLUMNS)
_ID, _BODY = list(_COLUMNS).index("id"), list(_COLUMNS).index("body")
_ROW = f"({', '.join(_COLUMNS.values())})"
_INSERT = f"""
INSERT INTO webhooks_inboxevent
    ({_NAMES}, tenant_id, status, attempts, last_error, next_attempt_at)
SELECT {_NAMES}, %s::uuid, '{InboxEvent.Status.PENDING.value}', 0, '', received_at
FROM (VALUES {{rows}}) AS given ({_NAMES}) WHERE {{condition}}
ON CONFLICT DO NOTHING RETURNING id
"""  # noqa: S608
_PATIENCE = 3  # seconds for a lock on the inbox, which a migration may hold for two
_OFTEN = 16  # rows; statements for more are rare
_CHUNK = 1000  # rows of one statement
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


class Entry(NamedTuple):
    """A delivery as a row of the inbox, to be stored if its claim still stands."""

    claim: Connection
    row: tuple[Any, ...]  # the values of `_COLUMNS`

    def size(self) -> int:
        """Return how many bytes the body has."""
        return len(self.row[_BODY])


class _Signer(NamedTuple):
    """A claim with the secrets that sign for it."""

    claim: Connection
    secrets: tuple[str, str]


_known: dict[str, _Signer] = {}  # domain -> who signed its last delivery; one for each shop


class Reception:
    """A delivery on its way into the inbox; no secret is tried on it twice."""

    def __init__(self, delivery: Delivery, *, now: datetime) -> None:
        self._delivery = delivery
        self._now = now
        self._tried: dict[tuple[str, str], bool] = {}

    def as_before(self) -> Entry | None:
        """Return what to `write` if the shop's last delivery was signed as this one is, else None.

        It saves asking who has a claim on the domain.
        """
        known = _known.get(self._delivery.domain)
        if known is None or not self._signed(known.secrets):
            return None
        return Entry(known.claim, _row(self._delivery, self._now))

    def anew(self) -> bool:
        """Ask who has a claim on the domain and store what one of them signed; tell whether."""
        signer = _signer(self._delivery.domain, self._signed)
        if signer is None or not prove(signer.claim, now=self._now):
            return False
        _accept(self._delivery, signer.claim, self._now)
        _known[self._delivery.domain] = signer
        return True

    def _signed(self, secrets: tuple[str, str]) -> bool:
        if secrets not in self._tried:
            given = self._delivery.headers.get("hmac-sha256", "")
            self._tried[secrets] = is_signed(self._delivery.body, given, secrets)
        return self._tried[secrets]


def receive(delivery: Delivery, *, now: datetime) -> bool:
    """Store a delivery whose signature holds; tell whether it did.

    When this returns true the body is committed. The tenant follows from the secret that signed:
    the domain's header is not part of what is signed.
    """
    reception = Reception(delivery, now=now)
    entry = reception.as_before()
    return bool(entry and all(write([entry]))) or reception.anew()


def write(entries: Sequence[Entry]) -> list[bool]:
    """Store entries of one claim in one transaction; tell of each whether it is a new row.

    It is none when it is there already, when the claim is not what it was, or when a row among
    them cannot be stored: whoever is told so goes the long way, alone.
    """
    failpoint("before_insert_commit")
    claim = entries[0].claim
    rows = [entry.row for entry in entries]
    try:
        new = _insert(claim.tenant_id, rows, _PATIENCE, STILL_STANDS, standing(claim))
    except (DataError, IntegrityError):
        new = set()
    failpoint("after_insert")
    return [row[_ID] in new for row in rows]


def store(deliveries: Iterable[Delivery], *, now: datetime) -> None:
    """Append deliveries to the inbox of the current tenant; one that is there already stays."""
    tenant_id = current_tenant_id()
    rows = (_row(delivery, now) for delivery in deliveries)
    while chunk := list(islice(rows, _CHUNK)):
        _insert(tenant_id, chunk)


def _signer(domain: str, signed: Callable[[tuple[str, str]], bool]) -> _Signer | None:
    """Return the claim on the domain whose secret signed the body."""
    signers = [_Signer(claim, _secrets(claim)) for claim in claims_of(domain)]
    if not signers:
        signed((_NOBODYS, _NOBODYS))
    return next(iter([signer for signer in signers if signed(signer.secrets)]), None)


def _secrets(connection: Connection) -> tuple[str, str]:
    """Return the secrets that may have signed: always two, so that all shops take as long."""
    app = connection.app
    return app.client_secret or _NOBODYS, app.previous_secret or _NOBODYS


def _accept(delivery: Delivery, claim: Connection, now: datetime) -> None:
    """Write the delivery of a claim."""
    failpoint("before_insert_commit")
    _insert(claim.tenant_id, [_row(delivery, now)], _PATIENCE)
    failpoint("after_insert")


def _insert(
    tenant_id: UUID,
    rows: Sequence[tuple[Any, ...]],
    patience: int = 0,
    condition: str = "true",
    given: Sequence[Any] = (),
) -> set[UUID]:
    """Write rows in one transaction, if a condition holds; return the ids of those that are new."""
    statement = _statement(len(rows), condition)
    params = [tenant_id, *(value for row in rows for value in row), *given]
    is_frequent = len(rows) <= _OFTEN
    found = run_for_tenant(tenant_id, statement, params, patience=patience, prepare=is_frequent)
    return {row[0] for row in found}


@lru_cache(_OFTEN)
def _statement(rows: int, condition: str) -> str:
    """Return the statement for so many rows with its places numbered."""
    text = _INSERT.format(rows=", ".join([_ROW] * rows), condition=condition)
    numbers = count(1)
    return re.sub("%s", lambda _: f"${next(numbers)}", text)


def _row(delivery: Delivery, now: datetime) -> tuple[Any, ...]:
    """Return the values of `_COLUMNS`."""
    headers = {name: _clean(delivery.headers[name]) for name in _KEPT if name in delivery.headers}
    digest = hashlib.sha256(delivery.body).digest()
    return (
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
