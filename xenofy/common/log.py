"""Log lines: one constant message, then the fields that the caller names in `extra`.

What an exception says may quote what a delivery or a row holds, and those are people's names and
addresses. So of errors that do, only the kind and the place are written.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError

from xenofy.common.request_ids import request_id

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "request",
    "taskName",
}


class LineFormatter(logging.Formatter):
    """`12:04:05.120 INFO webhooks.processing Batch processed. tenant=… events=500`."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S.%f")[:-3]
        fields = (f"{key}={value}" for key, value in vars(record).items() if key not in _STANDARD)
        name = [f"request={request_id()}"] if request_id() else []
        line = " ".join([at, record.levelname, record.name, record.getMessage(), *fields, *name])
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging's name
        """Return the errors of a chain, the first one first, each with its place in the code."""
        return "\n".join(_in_words(error) for error in reversed(list(_chain(ei[1]))))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _in_words(error: BaseException) -> str:
    place = "".join(traceback.format_tb(error.__traceback__))
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{place}{name}{_said(error)}"


def _said(error: BaseException) -> str:
    """Return what an error says as far as it quotes nobody."""
    if isinstance(error, DatabaseError) or hasattr(error, "sqlstate"):
        state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
        return f": SQLSTATE {state}" if state else _first_line(error)
    return "" if isinstance(error, ValueError | LookupError) else f": {error}"


def _first_line(error: BaseException) -> str:
    """Return the words of an error that no row has caused: no server, no connection."""
    return f": {str(error).splitlines()[0]}" if str(error) else ""
