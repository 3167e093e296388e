"""The time in the double, which stands still until it is told to move."""

from __future__ import annotations

from datetime import datetime, timedelta


class Clock:
    """A moment in UTC, in whole seconds as Shopify's own stamps are."""

    def __init__(self, now: datetime) -> None:
        self._now = now.replace(microsecond=0)

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        """Move to a moment, also into the past, where a history is to be told."""
        self._now = now.replace(microsecond=0)

    def advance(self, seconds: float = 0, *, days: float = 0) -> datetime:
        """Let time pass, and return the moment that it is then."""
        self._now += timedelta(days=days, seconds=round(seconds))
        return self._now
