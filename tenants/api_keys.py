"""Keys of integrators: made and ended by an owner, and from a key to its tenant before any is
known.

A key is `xen_live_<8 characters>_<43 characters>`; what precedes the last part is its prefix, by
which people tell keys apart. Only the SHA-256 of a key is stored: it has so much chance in it
that a slow hash would protect nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from tenants.models import ApiKey, Tenant
from tenants.rights import KEY_RIGHTS, Right
from xenofy.common.errors import Conflict

MOST_ALIVE = 2  # of one name: the one in use, and the one that replaces it
USED = timedelta(minutes=1)  # how exactly the last use is known


class NewKey(NamedTuple):
    """A key that was just made. `key` is told once and stored nowhere."""

    row: ApiKey
    key: str


class TooManyKeys(Conflict):
    """Two keys of this name are alive."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Two keys named “{name}” are in use. Revoke one of them first.")


def make_key(
    tenant: Tenant,
    *,
    name: str,
    scopes: Collection[Right],
    expires_at: datetime | None,
    created_by: UUID,
    now: datetime,
) -> NewKey:
    """Make a key of a tenant; raise `TooManyKeys` where two of that name are alive."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)  # so that two requests make one key
    if _alive(now).filter(tenant=tenant, name=name).count() >= MOST_ALIVE:
        raise TooManyKeys(name)
    prefix = f"xen_live_{secrets.token_hex(4)}"
    key = f"{prefix}_{secrets.token_urlsafe(32)}"
    row = ApiKey.objects.create(
        tenant=tenant,
        name=name,
        prefix=prefix,
        sha256=_digest(key),
        scopes=sorted(scopes),
        created_by_id=created_by,
        expires_at=expires_at,
    )
    return NewKey(row, key)


def revoke_key(tenant: Tenant, key_id: UUID, *, now: datetime) -> ApiKey | None:
    """End a key of a tenant from now on; None for one that is none of it, or is over already."""
    row: ApiKey | None = _alive(now).filter(tenant=tenant, pk=key_id).first()
    if row is not None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
    return row


def keys_of(tenant: Tenant) -> Iterable[ApiKey]:
    """Return the keys of a tenant, newest first, the ended ones too."""
    keys: Iterable[ApiKey] = ApiKey.objects.filter(tenant=tenant).order_by("-id")[:100]
    return keys


def key_called(key_id: Any) -> str:
    """Return what people know a key by: its name and prefix."""
    return str(ApiKey.objects.filter(pk=key_id).first() or "an API key")


def key_in_force(key: str, *, now: datetime) -> ApiKey | None:
    """Return the row of a key with its tenant; None for one that is unknown, ended or revoked.

    That it was used is noted to the minute.
    """
    found: ApiKey | None
    found = _alive(now).select_related("tenant").filter(sha256=_digest(key)).first()
    if found is not None and (found.last_used_at is None or found.last_used_at < now - USED):
        ApiKey.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def scopes_of(row: ApiKey) -> frozenset[Right]:
    """Return what a key may do; what is stored and no scope (any more) counts for nothing."""
    return frozenset(right for right in KEY_RIGHTS if right in row.scopes)


def _alive(now: datetime) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
