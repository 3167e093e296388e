"""The middleware that keeps one client from taking the machine of all: so many requests a minute.

It counts what is asked of the REST API: per person, per key, and of whoever is none of them per
address. Deliveries are never counted; what costs a password's hash is counted besides (`attempts`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from accounts.counts import Count, count, key_of
from accounts.http import IdentifiedRequest
from accounts.middleware import DELIVERIES
from xenofy.common.addresses import address_of
from xenofy.common.http import error_response, is_for_machines

WINDOW = timedelta(minutes=1)


class RateLimitMiddleware:
    """Answer 429 over the limit, and say on every other answer how much of it is left."""

    def __init__(self, get_response: Callable[[IdentifiedRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: IdentifiedRequest) -> HttpResponse:
        if not is_for_machines(request) or request.path.startswith(DELIVERIES):
            return self.get_response(request)
        counted = count(_key(request), window=WINDOW, now=timezone.now())
        limit: int = settings.REQUESTS_PER_MINUTE
        response = (
            self.get_response(request) if counted.attempts <= limit else _refused(limit, counted)
        )
        # A stricter limit, of passwords for example, says of itself how much is left.
        response.headers.setdefault("RateLimit-Limit", str(limit))
        response.headers.setdefault("RateLimit-Remaining", str(max(0, limit - counted.attempts)))
        response.headers.setdefault("RateLimit-Reset", str(counted.seconds_left))
        return response


def _key(request: IdentifiedRequest) -> str:
    credential = request.credential
    who = credential and (credential.key_id or credential.user_id)
    return key_of("requests", str(who or address_of(request)))


def _refused(limit: int, counted: Count) -> HttpResponse:
    seconds = counted.seconds_left
    response = error_response(
        429, message=f"More than {limit} requests in a minute. Try again in {seconds} seconds."
    )
    response["Retry-After"] = str(seconds)
    return response
