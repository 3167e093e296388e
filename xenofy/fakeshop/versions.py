"""The versions of the API that the double knows."""

from __future__ import annotations

STABLE = ("2026-01", "2026-04", "2026-07", "2026-10")


def answered(asked: str) -> str:
    """Return the version that is answered: a dead one falls forward to the oldest there is."""
    return asked if asked in (*STABLE, "unstable") else STABLE[0]
