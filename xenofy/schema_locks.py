"""Changing tables while deliveries arrive: never wait long for a lock, but ask again.

Whoever waits for the lock of a table lets everybody else wait behind it, readers too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connections

LOCK_SECONDS = 2
PAUSE = 1.0  # seconds between two tries, in which those that had to wait go on
PATIENCE = 600.0  # seconds until somebody has to look what holds the lock
_LOCK_NOT_AVAILABLE = "55P03"

T = TypeVar("T")


def patiently(work: Callable[[], T], *, alias: str, say: Callable[[str], None]) -> T:
    """Do work that may be begun anew, with short waits for locks; return what it returns."""
    until = time.monotonic() + PATIENCE
    told = False
    while True:
        try:
            return _impatiently(work, alias)
        except OperationalError as error:
            if not _is_lock(error) or time.monotonic() > until:
                raise
        if not told:
            say("A table is in use; trying again until it is free for a moment")
            told = True
        time.sleep(PAUSE)


def _impatiently(work: Callable[[], T], alias: str) -> T:
    _wait_for_locks(alias, f"SET lock_timeout = '{int(LOCK_SECONDS * 1000)}ms'")
    try:
        return work()
    finally:
        _wait_for_locks(alias, "RESET lock_timeout")


def _wait_for_locks(alias: str, statement: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)


def _is_lock(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) == _LOCK_NOT_AVAILABLE
