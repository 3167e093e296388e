"""One delivery on its way into the mirror."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from shop_data.payloads.values import Body, moment

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # `at` of a version that a CSV export told
_MICROSECOND = timedelta(microseconds=1)


class Version(NamedTuple):
    """Which of two bodies of a resource is newer; a total order that no arrival can change."""

    at: datetime
    triggered_at: datetime
    digest: UUID

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """What it says of time: of two bodies that agree in it the digest decides, by chance."""
        return self.at, self.triggered_at

    def as_json(self) -> list[Any]:
        """Return the version as values that JSON can hold."""
        return [microseconds(self.at), microseconds(self.triggered_at), self.digest.hex]

    @classmethod
    def from_json(cls, written: list[Any]) -> Version:
        """Return what `as_json` wrote."""
        at, triggered_at, digest = written
        return cls(moment_of(at), moment_of(triggered_at), UUID(hex=digest))


UNKNOWN_VERSION = Version(EPOCH, EPOCH, UUID(int=0))  # older than that of any body


@dataclass(frozen=True, slots=True)
class Change:
    """A body with its topic and version. `delivery` is the inbox row it came in.

    One that somebody put back is written even where nothing is new: what is derived may be.
    """

    delivery: UUID
    topic: str
    body: dict[str, Any]
    raw: bytes
    version: Version
    is_replayed: bool = False


def microseconds(moment: datetime) -> int:
    """Return a moment as the number of microseconds since 1970."""
    return (moment - EPOCH) // _MICROSECOND


def moment_of(microseconds: int) -> datetime:
    """Return the moment of a number of microseconds since 1970."""
    return EPOCH + microseconds * _MICROSECOND


def version_of(body: Body, raw: bytes, triggered_at: datetime) -> Version:
    """Return the version of a body: its `updated_at`, else the time of the event."""
    at = moment(body.get("updated_at"), "updated_at") or triggered_at
    return Version(at, triggered_at, digest_of(raw))


def digest_of(raw: bytes) -> UUID:
    """Return what tells two bodies of one moment apart."""
    return UUID(bytes=hashlib.sha256(raw).digest()[:16])
