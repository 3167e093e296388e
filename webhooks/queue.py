"""The inbox as a queue: claiming deliveries of a tenant, and noting what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Min, QuerySet

from tenants.models import TenantState
from webhooks.models import InboxEvent

BATCH = 500
MAX_ATTEMPTS = 8
Status = InboxEvent.Status
_NARROWER = 4  # by how much a batch shrinks with each try of its first delivery
_GIVEN_UP = "The worker ended {} times while it was processing this delivery."
_REASON_LENGTH = 2000


@dataclass
class Outcome:
    """What became of a batch: which deliveries lost to newer ones, which failed and why."""

    superseded: set[UUID] = field(default_factory=set)
    unreadable: dict[UUID, str] = field(default_factory=dict)  # for ever
    failed: dict[UUID, str] = field(default_factory=dict)  # maybe not the next time

    def reason(self, event_id: UUID) -> str:
        """Return why a delivery was not written; empty when it was."""
        return self.unreadable.get(event_id) or self.failed.get(event_id, "")


def tenants_with_work(*, now: datetime) -> list[UUID]:
    """Return the tenants with deliveries that are due, the longest waiting first."""
    due = InboxEvent.unscoped.using("worker").filter(
        status=Status.PENDING, next_attempt_at__lte=now
    )
    waiting = due.values("tenant_id").annotate(oldest=Min("received_at")).order_by("oldest")
    return [row["tenant_id"] for row in waiting]


def lock_tenant() -> bool:
    """Keep other writers of this tenant away until the transaction ends; false if one is there.

    A tenant whose state row is missing gets one, since nothing else could ever write for it.
    """
    state = TenantState.objects.select_for_update(skip_locked=True)
    if state.values_list("id", flat=True).first() is not None:
        return True
    TenantState.objects.bulk_create([TenantState()], ignore_conflicts=True)
    return state.values_list("id", flat=True).first() is not None


def claim(*, now: datetime) -> dict[UUID, int]:
    """Count a try for each delivery of the next batch; return id -> number of the try.

    A delivery that takes the process with it is tried in smaller and smaller company, and given
    up at last.
    """
    due = InboxEvent.objects.filter(status=Status.PENDING, next_attempt_at__lte=now)
    due = due.order_by("received_at", "id")
    _give_up(due.filter(attempts__gte=MAX_ATTEMPTS), now=now)
    tries = due.values_list("attempts", flat=True).first() or 0
    size = max(1, BATCH // _NARROWER**tries)
    batch = due.select_for_update(skip_locked=True).values_list("id", "attempts")[:size]
    claimed = {event_id: attempts + 1 for event_id, attempts in batch}
    InboxEvent.objects.filter(id__in=list(claimed)).update(attempts=F("attempts") + 1)
    return claimed


def release(claimed: Mapping[UUID, int]) -> None:
    """Take back the try of deliveries that were never looked at and that nobody claimed since."""
    for tries in set(claimed.values()):
        ids = [event_id for event_id, its_tries in claimed.items() if its_tries == tries]
        pending = InboxEvent.objects.filter(id__in=ids, status=Status.PENDING, attempts=tries)
        pending.update(attempts=tries - 1)


def still_mine(claimed: Mapping[UUID, int]) -> list[InboxEvent]:
    """Return the claimed deliveries, without those that another worker claimed since."""
    events = InboxEvent.objects.select_for_update(skip_locked=True).filter(
        id__in=list(claimed), status=Status.PENDING
    )
    events = events.defer("headers", "digest")
    mine = [event for event in events if event.attempts == claimed[event.id]]
    return sorted(mine, key=lambda event: (event.received_at, event.id))


def settle(events: Sequence[InboxEvent], outcome: Outcome, *, now: datetime) -> None:
    """Write into the inbox what became of each delivery."""
    failures = [event for event in events if outcome.reason(event.id)]
    for event in failures:
        _note_failure(event, outcome, now=now)
    fields = ["status", "processed_at", "next_attempt_at", "last_error"]
    InboxEvent.objects.bulk_update(failures, fields)
    fine = {event.id for event in events} - {event.id for event in failures}
    for status, ids in (
        (Status.DONE, fine - outcome.superseded),
        (Status.SUPERSEDED, fine & outcome.superseded),
    ):
        InboxEvent.objects.filter(id__in=list(ids)).update(
            status=status, processed_at=now, last_error=""
        )


def _note_failure(event: InboxEvent, outcome: Outcome, *, now: datetime) -> None:
    """Quarantine what cannot be read or failed too often; try everything else again, later."""
    event.last_error = outcome.reason(event.id).replace("\0", "\ufffd")[:_REASON_LENGTH]
    if event.id in outcome.unreadable or event.attempts >= MAX_ATTEMPTS:
        event.status, event.processed_at = Status.QUARANTINED, now
    else:
        event.next_attempt_at = now + timedelta(seconds=4**event.attempts)


def _give_up(worn_out: QuerySet[InboxEvent], *, now: datetime) -> None:
    worn_out.update(
        status=Status.QUARANTINED, processed_at=now, last_error=_GIVEN_UP.format(MAX_ATTEMPTS)
    )
