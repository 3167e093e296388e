"""Requests and answers of the double, apart from any server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from re import Match, Pattern
from typing import Any

from xenofy.fakeshop.world import World


@dataclass(frozen=True, slots=True)
class Request:
    """A request; header names are in small letters, `host` has no port."""

    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body or b"null")


@dataclass(slots=True)
class Answer:
    """An answer; a body of parts is sent as they come."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class Hangup(Exception):
    """The connection ends without an answer."""


Handler = Callable[[World, Request, Match[str]], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """What answers a method on a path."""

    method: str
    path: Pattern[str]
    handler: Handler


def answer_json(value: Any, status: int = 200, **headers: str) -> Answer:
    """Return a value as JSON."""
    return Answer(status, json.dumps(value).encode(), headers=dict(headers))
