"""Which lines are written, and in which form; `settings.LOGGING` is made here."""

from __future__ import annotations

from typing import Any


def logging_settings(*, production: bool, level: str) -> dict[str, Any]:
    """Return the setting: JSON in production, lines for people elsewhere."""
    form = "json" if production else "line"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": "xenofy.common.log.LineFormatter"},
            "json": {"()": "xenofy.common.log.JsonFormatter"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # A line for each request is for what collects logs, not for a terminal.
            "xenofy.common.request_log": {"level": "INFO" if production else "WARNING"},
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # Its lines have whole addresses; those of bulk results are signed.
            "httpx": {"level": "WARNING"},
            # What strangers send is no error of ours: what they got stands in the request's line.
            "django.security.DisallowedHost": {
                "handlers": [],
                "level": "CRITICAL",
                "propagate": False,
            },
            "django.security.RequestDataTooBig": {"handlers": [], "level": "CRITICAL"},
        },
    }
