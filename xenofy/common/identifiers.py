"""Primary keys made in Python, so that rows can be linked before they are written."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_RANDOM_BYTES = 10
_VERSION_AND_VARIANT = 0x7 << 76 | 0b10 << 62
_RANDOM = (1 << 76) - 1 & ~(0b11 << 62)  # all bits but those and the moment's


def uuid7() -> UUID:
    """Return a UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits."""
    (made,) = uuid7s(1)
    return made


def uuid7s(count: int) -> list[UUID]:
    """Return so many UUIDs of one moment; asking the system for chance once is what saves time."""
    moment = time.time_ns() // 1_000_000 << 80
    chance = secrets.token_bytes(_RANDOM_BYTES * count)
    numbers = (
        int.from_bytes(chance[start : start + _RANDOM_BYTES])
        for start in range(0, len(chance), _RANDOM_BYTES)
    )
    return [UUID(int=moment | number & _RANDOM | _VERSION_AND_VARIANT) for number in numbers]
