"""Expected failures, each with a sentence for the person who meets it."""

from __future__ import annotations

from collections.abc import Mapping


class XenofyError(Exception):
    """An expected failure; `fields` names what is wrong field by field."""

    status = 400
    code = "BAD_REQUEST"

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
