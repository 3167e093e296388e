"""Log lines: one constant message, then the fields that the caller names in `extra`.

What an exception says may quote what a delivery or a row holds, and those are people's names and
addresses. So of most errors only the kind and the place are written. E-mails, phone numbers,
secrets and queries are taken out of whatever is written, should one get there.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from xenofy.common.moments import iso
from xenofy.common.request_ids import request_id

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "request",
    "taskName",
}


_SAID = (  # kinds of errors whose words name code, settings and servers, and nobody
    ImproperlyConfigured,
    RuntimeError,
    OSError,
    ImportError,
    AttributeError,
    TypeError,
    NameError,
)
# What must not be read in a log, however it got there -> what stands there instead.
_HIDDEN = [
    (re.compile(r"(?<=://)[^/\s@]+(?=@)"), "[login]"),
    (re.compile(r"[^\s@\"'<>()=,:;/\[]+@[^\s@\"'<>()=,:;/]+\.\w+"), "[email]"),
    (re.compile(r"\b(?:xen_live_|shp[a-z]{2,3}_|eyJ)[\w.-]+"), "[secret]"),
    (re.compile(r"(?<![\w-])[\w-]{40,}(?![\w-])"), "[secret]"),  # tokens of mailed links too
    (re.compile(r"\+\d[\d ()-]{6,}\d"), "[phone]"),
    (re.compile(r"\?[^\s\"'?]+=[^\s\"']*"), "?[query]"),
    (re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"), "\N{REPLACEMENT CHARACTER}"),  # no new line
]


def redacted(text: str) -> str:
    """Return a text without e-mails, phone numbers, secrets and queries of addresses."""
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


class _Formatter(logging.Formatter):
    """What lines and JSON have in common: nothing in them quotes a person."""

    def fields(self, record: logging.LogRecord) -> dict[str, str | float]:
        """Return what the caller named in `extra`, and the request; numbers stay numbers."""
        named = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        named |= {"request": request_id()} if request_id() else {}
        return {
            key: value if isinstance(value, int | float) else redacted(str(value))
            for key, value in named.items()
        }

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging's name
        """Return the errors of a chain, the first one first, each with its place in the code."""
        return "\n".join(_in_words(error) for error in reversed(list(_chain(ei[1]))))


class LineFormatter(_Formatter):
    """`12:04:05.120 INFO webhooks.processing Batch processed. tenant=… events=500`."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S.%f")[:-3]
        fields = (f"{key}={value}" for key, value in self.fields(record).items())
        said = redacted(record.getMessage())
        line = " ".join([at, record.levelname, record.name, said, *fields])
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


class JsonFormatter(_Formatter):
    """One JSON object a line, for what collects the logs of all hosts."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": iso(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage()),
            **self.fields(record),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


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
    return f": {redacted(str(error))}" if isinstance(error, _SAID) else ""


def _first_line(error: BaseException) -> str:
    """Return the words of an error that no row has caused: no server, no connection."""
    return f": {redacted(str(error).splitlines()[0])}" if str(error) else ""
