"""Reading the inbox: which deliveries came, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from webhooks.history import Try, history
from webhooks.models import DeliveryCount, InboxEvent
from xenofy.common.list_pages import PageQuery, page_of

Status = InboxEvent.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Which deliveries, newest first; `since` is included, `until` is not."""

    status: Status | None = None
    topic: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    page: int = 1
    limit: int = 50


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


@dataclass(frozen=True, slots=True, kw_only=True)
class EventList:
    total: int
    events: list[Event]


def event_list(query: EventQuery) -> EventList:
    """Return a page of the current tenant's inbox."""
    chosen = _chosen(query)
    rows = chosen.order_by("-received_at", "-id").defer("body", "headers", "digest")
    asked = PageQuery(query.limit, query.page)
    page = page_of(rows, asked, count=lambda _: _total(query, chosen))
    return EventList(total=page.total, events=[_event(row) for row in page.rows])


def event_detail(event_id: UUID) -> Event | None:
    """Return one delivery of the current tenant."""
    row = InboxEvent.objects.defer("body", "headers", "digest").filter(id=event_id).first()
    return _event(row) if row else None


def body_of(event_id: UUID) -> bytes | None:
    """Return the body as it came, byte for byte; None where there is none (any more)."""
    bodies = InboxEvent.objects.filter(id=event_id, body_pruned_at=None)
    body = bodies.values_list("body", flat=True).first()
    return None if body is None else bytes(body)


def _chosen(query: EventQuery) -> QuerySet[InboxEvent]:
    chosen = InboxEvent.objects.all()
    if query.status is not None:
        chosen = chosen.filter(status=query.status)
    if query.topic is not None:
        chosen = chosen.filter(topic=query.topic)
    if query.since is not None:
        chosen = chosen.filter(received_at__gte=query.since)
    if query.until is not None:
        chosen = chosen.filter(received_at__lt=query.until)
    return chosen


def _total(query: EventQuery, chosen: QuerySet[InboxEvent]) -> int:
    """Count the deliveries of a span; without one, add up what is counted already."""
    if query.since is not None or query.until is not None:
        return int(chosen.count())
    settled = DeliveryCount.objects.all()
    if query.topic is not None:
        settled = settled.filter(topic=query.topic)
    if query.status is not None:
        settled = settled.filter(status=query.status)
    total = settled.aggregate(total=Sum("deliveries"))["total"] or 0
    if query.status in {None, Status.PENDING}:
        total += chosen.filter(status=Status.PENDING).count()
    return int(total)


def _event(row: InboxEvent) -> Event:
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
