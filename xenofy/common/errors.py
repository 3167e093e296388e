"""Expected failures, each with a sentence for the person who meets it."""

from __future__ import annotations

from collections.abc import Mapping


class XenofyError(Exception):
    """An expected failure; `fields` names what is wrong field by field, `headers` go with it."""

    status = 400
    code = "BAD_REQUEST"
    headers: Mapping[str, str] = {}

    def __init__(self, message: str, *, fields: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


class Conflict(XenofyError):
    """What is asked for exists already."""

    status = 409
    code = "CONFLICT"


class NotAuthenticated(XenofyError):
    """No credential, or one that is not valid (any more)."""

    status = 401
    code = "NOT_AUTHENTICATED"
    headers: Mapping[str, str] = {"WWW-Authenticate": 'Bearer realm="xenofy"'}


class TooMany(XenofyError):
    """Something was tried more than `limit` times; it may be again after `retry_after` seconds."""

    status = 429
    code = "TOO_MANY_REQUESTS"

    def __init__(self, message: str, *, limit: int, retry_after: int) -> None:
        super().__init__(message)
        self.headers = {
            "Retry-After": str(retry_after),
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": str(retry_after),
        }
