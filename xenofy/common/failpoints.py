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
        # web
        "before_insert_commit",  # the signature holds, nothing is committed
        "after_insert",  # it is committed, Shopify has no answer yet
        "before_replay_commit",  # deliveries are put back, not committed
        # worker: a batch of deliveries
        "after_claim",  # the try is counted and committed, nothing is processed
        "after_marks",  # one writer has appended its marks; others of the batch may follow
        "after_writer",  # the same, with all that it had to write
        "after_upsert",  # mirror, ledger, marks and inbox are written, not committed
        "after_commit",  # the batch is committed
        # worker: a pass over rollups
        "after_marks_taken",  # marks are deleted, nothing is recomputed
        "after_expand",  # the days that they name are known, and their customers recomputed
        "before_rollup_commit",  # the days are recomputed too, not committed
        "after_rollup_commit",  # all of that is committed; boards may be missing
        # worker: the rest
        "before_prune_commit",  # bodies are pruned, not committed
        "before_derive_commit",  # orders are derived again, not committed
        "before_privacy_commit",  # a step of a request of privacy is done, not committed
        "after_privacy_step",  # it is committed
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
