"""What each operation of the REST API takes and answers, declared once, where it is answered.

The declaration refuses what is not asked for rightly before the view is called, and the document
of the API is made of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.http import HttpResponseBase
from rest_framework.request import Request

from xenofy.common.strict_query import StrictQuery

V = TypeVar("V")
T = TypeVar("T", bound=StrictQuery)
P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
Method = Callable[Concatenate[V, Request, T, P], R]
Checked = Callable[Concatenate[V, Request, P], R]
READING = ("GET", "HEAD")


class Nothing(StrictQuery):
    """Of an operation that takes no parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation of the REST API.

    Parameters
    ----------
    about
        a sentence; that of the method where it is empty.
    answer
        the shape of the answer in JSON (`shapes.schema_of`); None for one that is not JSON.
    takes
        what checks the parameters of a reading operation, the body of any other.
    status
        of an answer that is no error.
    errors
        the statuses of errors that follow neither from the method nor from what it takes.
    also
        the statuses of answers of the same shape that are errors all the same.
    files
        the media types of answers that are files.
    kept
        whether a client may keep the answer and ask whether it is still right (304).
    ends
        since when the operation is deprecated and the day after which it is gone.
    """

    answer: Any
    takes: Any
    status: int = 200
    errors: tuple[int, ...] = ()
    also: tuple[int, ...] = ()
    files: tuple[str, ...] = ()
    kept: bool = False
    ends: tuple[date, date] | None = None
    about: str = ""


def operation(
    answer: Any, takes: type[T], **more: Any
) -> Callable[[Method[V, T, P, R]], Checked[V, P, R]]:
    """Declare an operation; its method gets, checked, what it takes. `more` as in `Operation`."""
    declared = Operation(answer=answer, takes=takes, **more)

    def declare(method: Method[V, T, P, R]) -> Checked[V, P, R]:
        @wraps(method)
        def checked(self: V, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> R:
            response = method(self, request, _checked(takes, request), *args, **kwargs)
            announce_end(response, declared)
            return response

        checked.operation = declared  # type: ignore[attr-defined]
        return checked

    return declare


def announce_end(response: HttpResponseBase, declared: Operation) -> None:
    """Say of a deprecated operation since when it is, and when it ends (RFC 9745, RFC 8594)."""
    if declared.ends is None:
        return
    since, last = declared.ends
    response.headers["Deprecation"] = f"@{_seconds(since)}"
    response.headers["Sunset"] = f"{last:%a, %d %b %Y} 23:59:59 GMT"


def _checked(takes: type[T], request: Request) -> T:
    """Return what is asked for; raise for what is not right, a parameter beside a body too."""
    if request.method in READING:
        given = takes(request.query_params)
    else:
        Nothing(request.query_params).is_valid(raise_exception=True)
        given = takes(request.data)
    given.is_valid(raise_exception=True)
    return given


def _seconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400
