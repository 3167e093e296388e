"""What goes wrong on purpose, over GraphQL. Each fault is used up by the answer that it spoils."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """A way in which the next answer fails."""

    TOO_MANY = "429"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    TIMEOUT = "timeout"  # no answer, the connection ends
    HTML = "html"
    ERRORS = "errors"  # HTTP 200, errors[] and no data
    THROTTLED = "throttled"


@dataclass
class Chaos:
    """The faults of one shop that are still to come, and what it is told to lie about."""

    faults: deque[Fault] = field(default_factory=deque)
    api_version: str | None = None  # what is answered, whatever was asked: falling forward
    timeout_seconds: float = 0.2
    bulk_fails: str | None = None  # INTERNAL_SERVER_ERROR | TIMEOUT | ACCESS_DENIED
    bulk_truncated: bool = False  # the file ends in the middle of a line
    bulk_counts_off: int = 0  # what is added to the object count
    bulk_breaks: int = 0  # downloads that break off half way, of the next ones
    bulk_lasts: int = 604_800  # seconds for which the address of a file is good

    def next(self, *faults: Fault | str) -> None:
        """Let the next answers fail, one for each."""
        self.faults.extend(Fault(fault) for fault in faults)

    def take(self) -> Fault | None:
        return self.faults.popleft() if self.faults else None
