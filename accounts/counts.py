"""Counting within windows of time, in the database: it holds across processes and hosts."""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

# `now` comes from the caller. A count whose window is over starts again at one.
_COUNT = """
INSERT INTO accounts_attemptcount AS counted (key, attempts, expires_at)
VALUES (%(key)s, 1, %(expires_at)s)
ON CONFLICT (key) DO UPDATE SET
    attempts = CASE WHEN counted.expires_at <= %(now)s THEN 1 ELSE counted.attempts + 1 END,
    expires_at = CASE WHEN counted.expires_at <= %(now)s
                      THEN excluded.expires_at ELSE counted.expires_at END
RETURNING attempts, expires_at
"""
# A count that a crash of the server takes back lets somebody try a few times more. To wait for the
# disk would let one after another through: all that one person asks at once is counted in one row.
_UNFLUSHED = f"SET LOCAL synchronous_commit = off; {_COUNT}"
# A few at a time with every window that begins; skipping locked rows, two that clean up do not
# wait.
_FORGET_EXPIRED = """
DELETE FROM accounts_attemptcount WHERE key IN (
    SELECT key FROM accounts_attemptcount WHERE expires_at <= %s
    ORDER BY expires_at LIMIT 10 FOR UPDATE SKIP LOCKED
)
"""


class Count(NamedTuple):
    """How often something happened in a window, this time included, and how long it lasts."""

    attempts: int
    seconds_left: int


def count(key: str, *, window: timedelta, now: datetime) -> Count:
    """Count once more, in one statement, so that of two at the same time one is the second."""
    with connection.cursor() as cursor:
        values: dict[str, str | datetime] = {"key": key, "now": now, "expires_at": now + window}
        if connection.in_atomic_block:  # whose commit is not ours
            cursor.execute(_COUNT, values)
        else:
            cursor.execute(_UNFLUSHED, values)
            cursor.nextset()  # from the answer to SET to that of the statement
        attempts, expires_at = cursor.fetchone()
        if attempts == 1:
            cursor.execute(_FORGET_EXPIRED, [now])
    return Count(attempts, math.ceil((expires_at - now).total_seconds()))


def key_of(*who: str) -> str:
    """Return the key of a count: the hash of who or what is counted, so that it names nobody."""
    return hashlib.sha256("\0".join(who).encode()).hexdigest()
