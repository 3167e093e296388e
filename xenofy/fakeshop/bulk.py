"""Bulk operations of one shop: five at a time, as slow as the clock says, a file at the end."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from xenofy.fakeshop.chaos import Chaos

SLOTS = 5  # of one app in one shop
RUNS_AFTER = timedelta(seconds=1)
TAKES = timedelta(seconds=2)
HOST = "storage.googleapis.com"


@dataclass
class BulkOperation:
    """An operation; its file holds a JSON object in each line."""

    id: int
    app: str
    query: str
    created_at: datetime
    status: str = "CREATED"
    error_code: str | None = None
    completed_at: datetime | None = None
    objects: int = 0
    roots: int = 0
    size: int = 0
    blocks: list[bytes] = field(default_factory=list)  # the file, each packed by zlib
    is_partial: bool = False
    writing: Iterator[None] | None = None  # writes the file on, a slice with each step
    type: str = "QUERY"

    def write(self, lines: bytes) -> None:
        """Append to the file."""
        self.blocks.append(zlib.compress(lines, 1))
        self.size += len(lines)

    def read(self) -> Iterator[bytes]:
        """Yield the file, which may have been cut."""
        left = self.size
        for block in self.blocks:
            part = zlib.decompress(block)[:left]
            left -= len(part)
            yield part

    @property
    def is_running(self) -> bool:
        return self.status in ("CREATED", "RUNNING", "CANCELING")

    @property
    def path(self) -> str:
        return f"/shopify-tiers-assets-prod/bulk-operation-outputs/{self.id}.jsonl"

    @property
    def address(self) -> str | None:
        """Return where the file is; nothing where nothing was found."""
        has_file = self.size and self.status in ("COMPLETED", "FAILED")
        return f"https://{HOST}{self.path}?X-Goog-Expires=604800" if has_file else None


class BulkOperations:
    """The operations of a shop by id, the oldest first."""

    def __init__(self) -> None:
        self.by_id: dict[int, BulkOperation] = {}

    def running(self, app: str) -> list[BulkOperation]:
        return [one for one in self.by_id.values() if one.is_running and one.app == app]

    def start(self, operation: BulkOperation) -> None:
        self.by_id[operation.id] = operation

    def cancel(self, operation: BulkOperation) -> None:
        operation.status = "CANCELING"

    def due(self, now: datetime) -> list[BulkOperation]:
        """Let time pass for all, and return those whose file is to be written now."""
        due = []
        for one in self.by_id.values():
            if one.status == "CANCELING" and now > one.created_at:
                one.status, one.completed_at = "CANCELED", now
            elif one.is_running and one.status != "CANCELING":
                if now >= one.created_at + RUNS_AFTER:
                    one.status = "RUNNING"
                if now >= one.created_at + TAKES:
                    due.append(one)
        return due


def end(operation: BulkOperation, chaos: Chaos, now: datetime) -> None:
    """End an operation whose file is written, well or as it was told to fail."""
    operation.completed_at = now
    operation.error_code = chaos.bulk_fails or operation.error_code
    operation.status = "FAILED" if operation.error_code else "COMPLETED"
    operation.is_partial = operation.status == "FAILED"
    operation.objects += chaos.bulk_counts_off
    if operation.is_partial or chaos.bulk_truncated:
        operation.size = max(0, operation.size // 2 - 1)  # in the middle of a line
