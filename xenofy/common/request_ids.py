"""A name for each request, by which its answer and its log lines are found again."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from xenofy.common.identifiers import uuid7

HEADER = "X-Request-Id"
_current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """Return the id of the request at hand, else of this thread's last one; empty without any."""
    return _current.get()


def new_request_id() -> str:
    """Name the request that begins; not taken back, as Django logs the answer at the very end."""
    name = uuid7().hex
    _current.set(name)
    return name


class RequestIdMiddleware:
    """Give every request an id of ours: one that the client sends could be anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = new_request_id()
        response = self.get_response(request)
        response[HEADER] = name
        return response
