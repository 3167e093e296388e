"""Keeping threads free for questions after health, however slow pages are."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import BoundedSemaphore
from weakref import finalize

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from xenofy.common.http import unavailable

PATIENCE = 1.5  # seconds for which a request waits for its turn
MOVING = 0.5  # seconds: whoever was answered since then leaves a line that moves
HEALTH = "/health"


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
        self._places = BoundedSemaphore(max(1, threads - max(1, threads // 8)))
        self._turns = BoundedSemaphore(max(1, threads // 2))
        self._left_at = time.monotonic()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(HEALTH):
            return self.get_response(request)
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
