"""Putting deliveries into the inbox, durably and once."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from shop_data.payloads.values import PayloadError, moment
from tenants.connections import STILL_STANDS, claims_of, prove, standing
from tenants.models import Connection
from tenants.scope import current_tenant_id, run_for_tenant
from webhooks.models import InboxEvent
from webhooks.signatures import is_signed
from webhooks.together import Together
from xenofy.common.failpoints import failpoint
from xenofy.common.identifiers import uuid7

_NOBODYS = secrets.token_hex()  # a secret that no shop has: an unknown one takes as long to refuse
_KEPT = ("topic", "shop-domain", "api-version", "webhook-id", "event-id", "triggered-at",
         "hmac-sha256", "name", "sub-topic", "test")  # fmt: skip
_COLUMNS = ("tenant_id", "id", "topic", "webhook_id", "event_id", "api_version", "domain",
            "triggered_at", "headers", "body", "digest", "status", "attempts", "next_attempt_at",
            "last_error", "received_at")  # fmt: skip
_AT_ONCE = 1_000_000  # bytes of bodies that are written together
_INSERT = f"INSERT INTO webhooks_inboxevent ({', '.join(_COLUMNS)}) {{rows}} ON CONFLICT DO NOTHING"
_ROW = f"({', '.join(['%s'] * len(_COLUMNS))})"
# PostgreSQL would take these for text, where they stand in a list of values by themselves
_TYPED = {"triggered_at": "%s::timestamptz", "headers": "%s::jsonb"}
_TYPED_ROW = f"({', '.join(_TYPED.get(name, '%s') for name in _COLUMNS)})"
_IF_IT_STANDS = f"SELECT * FROM (VALUES {{rows}}) AS given WHERE {STILL_STANDS}"  # noqa: S608
_BODY = _COLUMNS.index("body")
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


class _Signer(NamedTuple):
    """A claim with the secrets that sign for it."""

    claim: Connection
    secrets: tuple[str, str]


_known: dict[str, _Signer] = {}  # domain -> who signed its last delivery; one for each shop


def receive(delivery: Delivery, *, now: datetime) -> bool:
    """Store a delivery whose signature holds; tell whether it did.

    When this returns true the body is committed. The tenant follows from the secret that signed:
    the domain's header is not part of what is signed.

    What was known of the shop at its last delivery saves asking first: the row is then written on
    condition that all of it still stands, in the same statement.
    """
    signed = cache(partial(is_signed, delivery.body, delivery.headers.get("hmac-sha256", "")))
    known = _known.get(delivery.domain)
    if known and signed(known.secrets) and _accept_as_before(delivery, known.claim, now):
        return True
    signer = _signer(delivery.domain, signed)
    if signer is None or not prove(signer.claim, now=now):
        return False
    _accept(delivery, signer.claim, now)
    _known[delivery.domain] = signer
    return True


def store(deliveries: Iterable[Delivery], *, now: datetime) -> None:
    """Append deliveries to the inbox of the current tenant; one that is there already stays."""
    tenant_id = current_tenant_id()
    rows = [_row(tenant_id, delivery, now) for delivery in deliveries]
    if rows:
        statement = _INSERT.format(rows=f"VALUES {', '.join([_ROW] * len(rows))}")
        run_for_tenant(tenant_id, statement, [value for row in rows for value in row])


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


class _Entry(NamedTuple):
    """A delivery that is to be stored if its claim still stands."""

    claim: Connection
    row: tuple[Any, ...]  # the values of `_COLUMNS`


def _accept(delivery: Delivery, claim: Connection, now: datetime) -> None:
    """Write the delivery of a claim."""
    failpoint("before_insert_commit")
    row = _row(claim.tenant_id, delivery, now)
    run_for_tenant(claim.tenant_id, _INSERT.format(rows=f"VALUES {_ROW}"), row)
    failpoint("after_insert")


def _accept_as_before(delivery: Delivery, claim: Connection, now: datetime) -> bool:
    """Write the delivery if the claim is what it was; tell whether a row was written.

    Deliveries of one claim that come at the same moment are written together.
    """
    failpoint("before_insert_commit")
    entry = _Entry(claim, _row(claim.tenant_id, delivery, now))
    is_written = _together.do(standing(claim), entry)
    failpoint("after_insert")
    return is_written


def _write(entries: Sequence[_Entry]) -> bool:
    """Write entries of one claim in one transaction; tell whether each is a new row."""
    claim = entries[0].claim
    rows = _IF_IT_STANDS.format(rows=", ".join([_TYPED_ROW] * len(entries)))
    params = [*(value for entry in entries for value in entry.row), *standing(claim)]
    written = run_for_tenant(claim.tenant_id, _INSERT.format(rows=rows), params)
    return written == len(entries)


def _body_size(entry: _Entry) -> int:
    return len(entry.row[_BODY])


_together = Together(_write, _body_size, _AT_ONCE)


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
