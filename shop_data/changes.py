"""One delivery on its way into the mirror."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from shop_data.payloads.values import Body, moment


class Version(NamedTuple):
    """Which of two bodies of a resource is newer; a total order that no arrival can change."""

    at: datetime
    triggered_at: datetime
    digest: UUID


@dataclass(frozen=True, slots=True)
class Change:
    """A body with its topic and version. `delivery` is the inbox row it came in."""

    delivery: UUID
    topic: str
    body: dict[str, Any]
    raw: bytes
    version: Version


def version_of(body: Body, raw: bytes, triggered_at: datetime) -> Version:
    """Return the version of a body: its `updated_at`, else the time of the event."""
    at = moment(body.get("updated_at"), "updated_at") or triggered_at
    return Version(at, triggered_at, UUID(bytes=hashlib.sha256(raw).digest()[:16]))
