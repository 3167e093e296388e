"""Killing a process with SIGKILL at a named failpoint.

The process is a fork of the tests': what it has loaded already, a new one would load in seconds.
"""

from __future__ import annotations

import os
import signal
import traceback
import warnings
from collections.abc import Callable

from django.db import connections

from xenofy.common import failpoints


def dies(failpoint: str, work: Callable[[], object]) -> bool:
    """Do the work in a process of its own that is killed at the failpoint, such as `after_claim`
    or, at its third passage, `after_claim:3`; tell whether it came there."""
    name, _, passage = failpoint.partition(":")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of other threads: none holds a lock
        child = os.fork()
    if not child:
        _work_and_end(f"{name}:kill:{passage or 1}", work)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or status == 0, "The work failed before it came to the failpoint."
    return killed


def _work_and_end(setting: str, work: Callable[[], object]) -> None:
    """Never return: what the fork has inherited of the tests is not its to tidy up."""
    status = 1
    try:
        _arm(setting)
        _leave_connections_alone()
        work()
        status = 0
    except BaseException:  # noqa: BLE001  # a fork must not go on with the tests
        traceback.print_exc()
    finally:
        os._exit(status)


def _arm(setting: str) -> None:
    failpoints._ARMED, failpoints._ACTION, failpoints._PASSAGE = failpoints._read(setting)


def _leave_connections_alone() -> None:
    """Begin with connections of its own; those inherited are the parent's, who uses them still."""
    kept = [connections[alias] for alias in connections]
    for alias in connections:
        del connections[alias]
    globals()["_parents"] = kept  # else the garbage collector would close them
