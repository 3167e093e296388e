"""Waiting for the database, and saying what is wrong with it."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.core.management.base import CommandError
from django.db import OperationalError, connections

_PATIENCE = 300  # seconds for a server that says it is starting or recovering
_PAUSE = 0.5


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


def _is_coming_up(error: OperationalError) -> bool:
    text = str(error)
    return any(part in text for part in ("starting up", "in recovery", "not yet accepting"))


def _explain(alias: str, error: OperationalError) -> str:
    settings = connections[alias].settings_dict
    place = f"{settings['HOST'] or 'the local socket'}, port {settings['PORT'] or 5432}"
    text = str(error).strip()
    if "password authentication failed" in text or "does not exist" in text:
        return (
            f"The database at {place} does not let {settings['USER']!r} into"
            f" {settings['NAME']!r}: {text.splitlines()[-1]}"
        )
    return (
        f"No database answers at {place}. Start it, or correct DATABASE_URL, and try again."
        f" ({text.splitlines()[-1]})"
    )
