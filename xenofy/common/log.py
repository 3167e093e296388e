"""Log lines: one constant message, then the fields that the caller names in `extra`."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

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
