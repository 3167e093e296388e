"""A delivery in the hands of a worker."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Claimed(NamedTuple):
    """What processing needs of a delivery: columns of `InboxEvent`, which thousands of times a
    second would be slow to make."""

    id: UUID
    topic: str
    webhook_id: str
    event_id: str
    api_version: str
    domain: str
    triggered_at: datetime | None
    received_at: datetime
    replayed_at: datetime | None
    attempts: int
    body: bytes | memoryview
