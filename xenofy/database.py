"""Waiting for the database, and saying what is wrong with it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable

from django.conf import settings
from django.core.management.base import CommandError
from django.db import OperationalError, connections

_PATIENCE = 300  # seconds for a server that says it is starting or recovering
_PAUSE = 0.5
_DISK_FULL, _READ_ONLY = "53100", "25006"
_LEAST_SPACE = 32 * 2**20  # bytes: two pieces of PostgreSQL's log


def wait_for_database(alias: str, *, say: Callable[[str], None]) -> None:
    """Return once the database lets this login in.

    Waits, and says so, while the server is starting or recovering; raises `CommandError` with a
    plain sentence for everything that waiting does not mend.
    """
    until = time.monotonic() + _PATIENCE
    told = False
    while True:
        try:
            connections[alias].ensure_connection()
        except OperationalError as error:
            if not _is_coming_up(error) or time.monotonic() > until:
                raise CommandError(_explain(alias, error)) from error
            if not told:
                say("The database is starting or recovering; waiting for it")
                told = True
            time.sleep(_PAUSE)
        else:
            return


def why_it_waits(error: Exception) -> str:
    """Say why a process that goes on by itself does not get on now."""
    if _is_disk_full(error):
        return "The database's disk is full: make room. Trying again."
    if _sqlstate(error) == _READ_ONLY:
        return "The database takes no writes; trying again."
    return "The database does not answer; trying again."


def _sqlstate(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _is_disk_full(error: Exception) -> bool:
    if _sqlstate(error) == _DISK_FULL:
        return True
    is_here = settings.EMBEDDED_POSTGRES
    return is_here and shutil.disk_usage(settings.VAR_DIR).free < _LEAST_SPACE


def _is_coming_up(error: OperationalError) -> bool:
    text = str(error)
    return any(part in text for part in ("starting up", "in recovery", "not yet accepting"))


def _explain(alias: str, error: OperationalError) -> str:
    login = connections[alias].settings_dict
    place = f"{login['HOST'] or 'the local socket'}, port {login['PORT'] or 5432}"
    text = str(error).strip()
    if "password authentication failed" in text or "does not exist" in text:
        return (
            f"The database at {place} does not let {login['USER']!r} into"
            f" {login['NAME']!r}: {text.splitlines()[-1]}"
        )
    return (
        f"No database answers at {place}. Start it, or correct DATABASE_URL, and try again."
        f" ({text.splitlines()[-1]})"
    )
