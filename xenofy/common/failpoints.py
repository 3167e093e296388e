"""Named points at which tests let a process die, fail or hang, to prove what survives it.

`XENOFY_FAILPOINT=after_upsert:kill` sends SIGKILL to the process that comes to that point;
`after_upsert:kill:3` lets two pass first. Outside of XENOFY_ENV=local the setting is ignored.
"""

from __future__ import annotations

import itertools
import os
import signal
import time

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NAMES = frozenset(
    {
        "before_insert_commit",  # web: the signature holds, nothing is committed
        "after_insert",  # web: it is committed, Shopify has no answer yet
        "after_claim",  # worker: the try is counted and committed, nothing is processed
        "after_upsert",  # worker: mirror, ledger and marks are written, not committed
        "after_commit",  # worker: the batch is committed
        "before_rollup_commit",  # worker: marks are taken and days recomputed, not committed
    }
)
HANG = 3600  # seconds


class Failpoint(RuntimeError):
    """The failure that a failpoint with the action `fail` raises."""


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _fail() -> None:
    raise Failpoint(f"Failpoint {settings.FAILPOINT}.")


def _hang() -> None:
    time.sleep(HANG)


_ACTIONS = {"kill": _kill, "fail": _fail, "hang": _hang}


def _read(setting: str) -> tuple[str, str, int]:
    """Return name, action and the number of the passage at which it happens."""
    name, action, passage = [*setting.split(":"), "1"][:3]
    if name not in NAMES or action not in _ACTIONS or not passage.isdecimal():
        raise ImproperlyConfigured(f"XENOFY_FAILPOINT names no failpoint: {setting!r}.")
    return name, action, int(passage)


_ARMED, _ACTION, _PASSAGE = _read(settings.FAILPOINT) if settings.FAILPOINT else ("", "", 0)
_passages = itertools.count(1)


def failpoint(name: str) -> None:
    """Do what the setting says for this point; nothing when it names another or none."""
    if name == _ARMED and next(_passages) >= _PASSAGE:
        _ACTIONS[_ACTION]()
