"""What is still to happen in a world, by its moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

from xenofy.fakeshop.clock import Clock


class Agenda:
    """Things that happen when the clock comes to their moment."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._number = count()  # of two things of one moment the first planned comes first
        self._planned: list[tuple[datetime, int, Callable[[], object]]] = []

    def plan(self, at: datetime, what: Callable[[], object]) -> None:
        heappush(self._planned, (at, next(self._number), what))

    def run(self, until: datetime) -> None:
        """Let all happen that is due, the clock standing at each moment, and at `until` then."""
        while self._planned and self._planned[0][0] <= until:
            at, _, what = heappop(self._planned)
            self.clock.set(max(at, self.clock.now()))
            what()
        self.clock.set(until)
