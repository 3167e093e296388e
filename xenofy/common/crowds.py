"""Keeping threads free for questions after health, however slow pages are."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Event, RLock
from weakref import finalize

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from xenofy.common.http import unavailable

PATIENCE = 1.5  # seconds for which a request waits for its turn
MOVING = 1.0  # seconds: whoever was answered since then leaves a line that moves
HEALTH = "/health"


class Line:
    """So many places, given to those who wait in the order in which they came.

    Python's semaphores let whoever comes at the right moment pass those that wait, who then stand
    at the end: of a crowd some wait for long.
    """

    def __init__(self, places: int) -> None:
        self._places = self._free = places
        self._waiting: deque[Event] = deque()
        self._lock = RLock()  # a dropped stream may leave in the middle of this

    @property
    def is_empty(self) -> bool:
        return self._free == self._places

    def acquire(self, *, timeout: float) -> bool:
        """Take a place; tell whether one became free within so many seconds."""
        turn = Event()
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            if not timeout:
                return False
            self._waiting.append(turn)
        return turn.wait(timeout) or self._got_it_yet(turn)

    def release(self) -> None:
        """Leave a place to who waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1

    def _got_it_yet(self, turn: Event) -> bool:
        """Go away, unless the place was given in this very moment."""
        with self._lock:
            if turn.is_set():
                return True
            self._waiting.remove(turn)
        return False


class CrowdMiddleware:
    """Answer pages and the REST API with half of the threads; let others wait a little in turn.

    An eighth of the threads is never taken: questions after health find one when a slow database
    holds up everything else. Who finds no place to wait, or waits too long, is told to come again;
    while the line moves, a place becomes free in a moment, and that is waited for.
    Deliveries need none of these threads (webhooks/front.py).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        threads: int = settings.WEB_THREADS
        self._places = Line(max(1, threads - max(1, threads // 8)))
        self._turns = Line(max(1, threads // 2))
        self._left_at = time.monotonic()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(HEALTH):
            return self.get_response(request)
        if self._places.is_empty:
            self._left_at = time.monotonic()  # a line that begins is none that stands
        if not self._places.acquire(timeout=PATIENCE if self._moves() else 0):
            return unavailable(request)
        if not self._turns.acquire(timeout=PATIENCE):
            self._places.release()
            return unavailable(request)
        return self._in_turn(request)

    def _in_turn(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.get_response(request)
        except BaseException:
            self._leave()
            raise
        leave = finalize(response, self._leave)  # once: now, or when a stream is closed or dropped
        if response.streaming:
            response._resource_closers.append(leave)  # type: ignore[attr-defined]  # noqa: SLF001
        else:
            leave()
        return response

    def _moves(self) -> bool:
        """Tell whether somebody was answered lately: then a place becomes free at once."""
        return time.monotonic() - self._left_at < MOVING

    def _leave(self) -> None:
        self._left_at = time.monotonic()
        self._turns.release()
        self._places.release()
