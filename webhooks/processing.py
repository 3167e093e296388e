"""Draining the inbox: from stored deliveries to mirror, ledger and marks.

The inbox is the queue. A batch of one tenant is claimed and its tries are counted in a first,
committed step; then it is written and marked done in ONE transaction. A process that is killed
leaves nothing half-written, and its rows are free at once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Min

from shop_data.changes import Change, version_of
from shop_data.payloads.values import PayloadError, parse
from tenants.models import TenantState
from tenants.scope import tenant_scope
from webhooks.models import InboxEvent
from webhooks.topics import SUBJECTS, TOPICS
from xenofy.common.failpoints import failpoint

logger = logging.getLogger(__name__)

BATCH = 500
MAX_ATTEMPTS = 8
Status = InboxEvent.Status
_UNREACHABLE = (OperationalError, InterfaceError)


@dataclass
class Outcome:
    """What became of a batch."""

    superseded: set[UUID] = field(default_factory=set)
    unreadable: dict[UUID, str] = field(default_factory=dict)
    failed: dict[UUID, str] = field(default_factory=dict)


def tenants_with_work(*, now: datetime) -> list[UUID]:
    """Return the tenants with deliveries that are due, the longest waiting first."""
    due = InboxEvent.unscoped.using("worker").filter(
        status=Status.PENDING, next_attempt_at__lte=now
    )
    waiting = due.values("tenant_id").annotate(oldest=Min("received_at")).order_by("oldest")
    return [row["tenant_id"] for row in waiting]


def drain(tenant_id: UUID, *, now: datetime) -> int:
    """Process one batch of a tenant; return how many deliveries it took."""
    with tenant_scope(tenant_id):
        claimed = _claim(now)
    if not claimed:
        return 0
    failpoint("after_claim")
    with tenant_scope(tenant_id):
        if not _lock_tenant():
            return 0
        events = _still_mine(claimed)
        outcome = Outcome()
        _write(_readable(events, outcome), outcome, now=now)
        _settle(events, outcome, now=now)
        failpoint("after_upsert")
    failpoint("after_commit")
    logger.debug("Inbox drained.", extra={"tenant": tenant_id, "events": len(events)})
    return len(events)


def _claim(now: datetime) -> dict[UUID, int]:
    """Count a try for each delivery of the next batch; return id -> number of the try."""
    due = InboxEvent.objects.filter(status=Status.PENDING, next_attempt_at__lte=now)
    batch = due.select_for_update(skip_locked=True).order_by("received_at", "id")[:BATCH]
    claimed = {event_id: attempts + 1 for event_id, attempts in batch.values_list("id", "attempts")}
    InboxEvent.objects.filter(id__in=list(claimed)).update(attempts=F("attempts") + 1)
    return claimed


def _lock_tenant() -> bool:
    """Keep other writers of this tenant away until the transaction ends; false if one is there."""
    state = TenantState.objects.select_for_update(skip_locked=True)
    return state.values_list("id", flat=True).first() is not None


def _still_mine(claimed: dict[UUID, int]) -> list[InboxEvent]:
    """Return the claimed deliveries, without those that another worker claimed since."""
    events = InboxEvent.objects.select_for_update(skip_locked=True).filter(
        id__in=list(claimed), status=Status.PENDING
    )
    mine = [event for event in events if event.attempts == claimed[event.id]]
    return sorted(mine, key=lambda event: (event.received_at, event.id))


def _readable(events: Sequence[InboxEvent], outcome: Outcome) -> list[Change]:
    """Return the deliveries of topics that we take, parsed; note those that cannot be read."""
    changes = []
    for event in events:
        if event.topic in TOPICS:
            try:
                changes.append(_change(event))
            except PayloadError as error:
                outcome.unreadable[event.id] = str(error)
    return changes


def _change(event: InboxEvent) -> Change:
    raw = bytes(event.body)
    body = parse(raw)
    version = version_of(body, raw, event.triggered_at or event.received_at)
    return Change(event.id, event.topic, body, raw, version)


def _write(changes: list[Change], outcome: Outcome, *, now: datetime) -> None:
    """Write the changes; where one fails, find it by halves, so that its neighbours get through.

    A database that does not answer ends the batch: it says nothing about the deliveries.
    """
    if not changes:
        return
    try:
        with transaction.atomic():
            outcome.superseded |= _apply(changes, now=now)
    except _UNREACHABLE:
        raise
    except PayloadError as error:
        if len(changes) == 1:
            outcome.unreadable[changes[0].delivery] = str(error)
        else:
            _write_halves(changes, outcome, now=now)
    except Exception as error:
        if len(changes) == 1:
            logger.exception("Delivery failed.", extra={"delivery": changes[0].delivery})
            outcome.failed[changes[0].delivery] = f"{type(error).__name__}: {error}"
        else:
            _write_halves(changes, outcome, now=now)


def _write_halves(changes: list[Change], outcome: Outcome, *, now: datetime) -> None:
    middle = len(changes) // 2
    _write(changes[:middle], outcome, now=now)
    _write(changes[middle:], outcome, now=now)


def _apply(changes: Sequence[Change], *, now: datetime) -> set[UUID]:
    superseded: set[UUID] = set()
    for subject in SUBJECTS:
        its_own = [change for change in changes if change.topic in subject.topics]
        if its_own:
            superseded |= subject.writer(its_own, now=now)
    return superseded


def _settle(events: Sequence[InboxEvent], outcome: Outcome, *, now: datetime) -> None:
    """Write into the inbox what became of each delivery."""
    for event in events:
        error = outcome.unreadable.get(event.id) or outcome.failed.get(event.id)
        if error:
            _settle_failure(event, error, final=event.id in outcome.unreadable, now=now)
    fine = {event.id for event in events} - outcome.unreadable.keys() - outcome.failed.keys()
    for status, ids in (
        (Status.DONE, fine - outcome.superseded),
        (Status.SUPERSEDED, fine & outcome.superseded),
    ):
        InboxEvent.objects.filter(id__in=list(ids)).update(
            status=status, processed_at=now, last_error=""
        )


def _settle_failure(event: InboxEvent, error: str, *, final: bool, now: datetime) -> None:
    """Quarantine what cannot be read or failed too often; try everything else again, later."""
    if final or event.attempts >= MAX_ATTEMPTS:
        values = {"status": Status.QUARANTINED, "processed_at": now}
    else:
        values = {"next_attempt_at": now + timedelta(seconds=4**event.attempts)}
    InboxEvent.objects.filter(id=event.id).update(last_error=error[:2000], **values)
