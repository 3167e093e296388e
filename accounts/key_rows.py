"""API keys as the settings page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from tenants.api_keys import scopes_of
from tenants.models import ApiKey
from xenofy.common.formats import clock, day


class KeyRow(NamedTuple):
    """A key in words, moments in the shop's time; `state` is empty while it is in force."""

    id: UUID
    name: str
    prefix: str
    scopes: str
    made: str
    last_used: str
    ends: str
    state: str


def key_rows(keys: Iterable[ApiKey], *, zone: ZoneInfo, now: datetime) -> list[KeyRow]:
    """Return the rows of a table of keys."""

    def written(moment: datetime | None, otherwise: str) -> str:
        if moment is None:
            return otherwise
        local = moment.astimezone(zone)
        return f"{day(local.date(), today=now.astimezone(zone).date())}, {clock(local)}"

    return [
        KeyRow(
            id=key.id,
            name=key.name,
            prefix=key.prefix,
            scopes=", ".join(sorted(scopes_of(key))),
            made=written(key.created_at, ""),
            last_used=written(key.last_used_at, "never"),
            ends=written(key.expires_at, "when revoked"),
            state=_state(key, now),
        )
        for key in keys
    ]


def _state(key: ApiKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else ""
