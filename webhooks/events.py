"""Reading the inbox: which deliveries came, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from webhooks.history import Try, history
from webhooks.models import DeliveryCount, InboxEvent

Status = InboxEvent.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One delivery without its body."""

    id: UUID
    topic: str
    webhook_id: str
    event_id: str
    api_version: str
    status: str
    attempts: int
    last_error: str
    received_at: datetime
    processed_at: datetime | None
    replayed_at: datetime | None
    body_pruned_at: datetime | None
    tries: list[Try]


def event_detail(event_id: UUID) -> Event | None:
    """Return one delivery of the current tenant."""
    row = InboxEvent.objects.defer("body", "headers", "digest").filter(id=event_id).first()
    return told(row) if row else None


def body_of(event_id: UUID) -> bytes | None:
    """Return the body as it came, byte for byte; None where there is none (any more)."""
    bodies = InboxEvent.objects.filter(id=event_id, body_pruned_at=None)
    body = bodies.values_list("body", flat=True).first()
    return None if body is None else bytes(body)


def deliveries_counted(found: QuerySet[InboxEvent], *, topic: str, status: str) -> int:
    """Return how many deliveries are `found` by a topic and a status, each of which may be empty.

    Those that are settled are counted already; those that wait are few.
    """
    settled = DeliveryCount.objects.all()
    if topic:
        settled = settled.filter(topic=topic)
    if status:
        settled = settled.filter(status=status)
    total = settled.aggregate(total=Sum("deliveries"))["total"] or 0
    if status in {"", Status.PENDING}:
        total += found.filter(status=Status.PENDING).count()
    return int(total)


def told(row: InboxEvent) -> Event:
    """Return a delivery as it is listed."""
    return Event(
        id=row.id,
        topic=row.topic,
        webhook_id=row.webhook_id,
        event_id=row.event_id,
        api_version=row.api_version,
        status=row.status,
        attempts=row.attempts,
        last_error=row.last_error,
        received_at=row.received_at,
        processed_at=row.processed_at,
        replayed_at=row.replayed_at,
        body_pruned_at=row.body_pruned_at,
        tries=history(row),
    )
