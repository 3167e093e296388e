"""What was tried with a delivery: when, with which outcome, and why it was not written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from webhooks.models import InboxEvent
from xenofy.common.moments import iso

KEPT = 50  # entries of one delivery
REASON_LENGTH = 500
PUT_BACK = "put_back"
FAILED = "failed"
ENDED = "ended"
WORKER_ENDED = "The worker ended during this try."


class Try(NamedTuple):
    """One entry; `attempt` counts from the last time the delivery was put back, which is 0."""

    at: str | None  # ISO 8601 in UTC; None where the worker could not say
    attempt: int
    outcome: str
    reason: str


def entry(at: datetime, *, attempt: int, outcome: str, reason: str) -> dict[str, Any]:
    """Return what stands in `InboxEvent.tries`."""
    return Try(iso(at), attempt, outcome, reason[:REASON_LENGTH])._asdict()


def with_entry(tries: list[Any], added: dict[str, Any]) -> list[Any]:
    """Return the tries with one more, the oldest left out where there are too many."""
    return [*tries, added][-KEPT:]


def history(event: InboxEvent) -> list[Try]:
    """Return all tries of a delivery, oldest first; those that ended their worker too."""
    known = [Try(**given) for given in event.tries]
    if event.processed_at is not None:
        last = (iso(event.processed_at), event.attempts, event.status, event.last_error)
        known.append(Try(*last))
    return list(_with_ended(known, event))


def _with_ended(known: list[Try], event: InboxEvent) -> Iterator[Try]:
    """Fill the numbers that are missing: a try is counted before the work, told after it.

    The newest number of a waiting delivery may be under way.
    """
    told = 0
    for each in known:
        yield from _ended(told + 1, each.attempt)
        yield each
        told = each.attempt
    if event.status == InboxEvent.Status.PENDING:
        yield from _ended(told + 1, event.attempts)


def _ended(first: int, end: int) -> Iterator[Try]:
    for attempt in range(first, end):
        yield Try(None, attempt, ENDED, WORKER_ENDED)
