"""Resources that are one row each: the newest body wins, all other bodies are superseded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shop_data.changes import Change
from shop_data.payloads.values import Body
from shop_data.upserts.bulk import upsert_newest, versioned
from tenants.models import TenantModel

Superseded = set[UUID]  # deliveries whose body was older than what is known


def upsert_bodies(
    model: type[TenantModel],
    row_of: Callable[[Body], dict[str, Any]],
    changes: Sequence[Change],
    *,
    now: datetime,
    key: Sequence[str] = ("shopify_id",),
) -> Superseded:
    """Write one row for each body, newest version first to win; return the superseded."""
    rows = [versioned(row_of(change.body), change.version, now) for change in changes]
    written = upsert_newest(model, rows, key=key)
    keys = [_key_of(row, key) for row in rows]
    return superseded(changes, keys, written)


def superseded(changes: Sequence[Change], keys: Sequence[Any], written: set[Any]) -> Superseded:
    """Return the deliveries that lost: to what stood there, or to a newer one of this batch."""
    newest: dict[Any, Change] = {}
    for change, key in zip(changes, keys, strict=True):
        if key not in newest or newest[key].version < change.version:
            newest[key] = change
    return {
        change.delivery
        for change, key in zip(changes, keys, strict=True)
        if key not in written or change.version < newest[key].version
    }


def _key_of(row: dict[str, Any], key: Sequence[str]) -> Any:
    return row[key[0]] if len(key) == 1 else tuple(row[name] for name in key)
