"""The inbox as a queue: claiming deliveries of a tenant, and noting what became of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

from django.db import connections
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length

from tenants.models import TenantState
from webhooks import history
from webhooks.breaker import Breakers, Tally
from webhooks.claimed import Claimed
from webhooks.counts import count_lags, count_settled, day_of
from webhooks.models import InboxEvent
from webhooks.versions import note_unknown_versions

BATCH = 1000  # deliveries of one transaction, where one tenant has work,
LEAST = 50  # and where a great many have;
BATCH_BYTES = 64 * 2**20  # of bodies, unless one alone has more: what is read of them takes memory
MAX_ATTEMPTS = 8
CLAIM_LASTS = timedelta(seconds=0.7)  # for the steps between a claim and the lock of its batch
PROBED = 5  # deliveries of a waiting topic that are tried, of the oldest and of the newest each
Status = InboxEvent.Status
_NARROWER = 4  # by how much a batch shrinks with each try of its first delivery
_GIVEN_UP = "The worker ended {} times while it was processing this delivery."
_REASON_LENGTH = 2000
Settled = tuple[Claimed | InboxEvent, str]  # with its status
# One step for each tenant with work, however many deliveries wait: reading them all would take
# longer than processing a batch.
_TENANTS_WITH_WORK = """
WITH RECURSIVE waiting (tenant_id) AS (
    (SELECT tenant_id FROM webhooks_inboxevent WHERE status = 'pending'
     ORDER BY tenant_id LIMIT 1)
    UNION ALL
    SELECT (SELECT following.tenant_id FROM webhooks_inboxevent AS following
            WHERE following.status = 'pending' AND following.tenant_id > waiting.tenant_id
            ORDER BY following.tenant_id LIMIT 1)
    FROM waiting WHERE waiting.tenant_id IS NOT NULL
)
SELECT waiting.tenant_id FROM waiting CROSS JOIN LATERAL (
    SELECT event.received_at FROM webhooks_inboxevent AS event
    WHERE event.tenant_id = waiting.tenant_id AND event.status = 'pending'
        AND (event.attempts = 0 OR event.next_attempt_at <= %(now)s) AND NOT EXISTS (
            SELECT FROM webhooks_topicbreaker AS breaker
            WHERE breaker.tenant_id = event.tenant_id AND breaker.topic = event.topic
                AND breaker.state <> 'closed' AND breaker.probe_at > %(now)s)
    ORDER BY event.received_at, event.id LIMIT 1) AS oldest
WHERE waiting.tenant_id IS NOT NULL ORDER BY oldest.received_at
"""


@dataclass
class Outcome:
    """What became of a batch: which deliveries lost to newer ones, which failed and why."""

    superseded: set[UUID] = field(default_factory=set)
    unreadable: dict[UUID, str] = field(default_factory=dict)  # for ever
    failed: dict[UUID, str] = field(default_factory=dict)  # maybe not the next time
    malformed: set[UUID] = field(default_factory=set)  # of the unreadable: no fault of ours
    untried: set[UUID] = field(default_factory=set)  # there was no time left

    def unwritten(self) -> set[UUID]:
        """Return the deliveries that nothing was written of."""
        return {*self.unreadable, *self.failed, *self.untried}

    def reason(self, event_id: UUID) -> str:
        """Return why a delivery was not written; empty when it was."""
        return self.unreadable.get(event_id) or self.failed.get(event_id, "")


class _Candidate(NamedTuple):
    """A delivery that may be claimed."""

    id: UUID
    attempts: int
    size: int  # of its body, in bytes


def tenants_with_work(*, now: datetime) -> list[UUID]:
    """Return the tenants with deliveries that are due, the longest waiting first."""
    with connections["worker"].cursor() as cursor:
        cursor.execute(_TENANTS_WITH_WORK, {"now": now})
        return [tenant_id for (tenant_id,) in cursor.fetchall()]


def is_due(now: datetime) -> Q:
    """Return the condition of what may be tried now: whatever was never tried may, since the host
    that received it and the one that asks need not agree about the time."""
    return Q(status=Status.PENDING) & (Q(attempts=0) | Q(next_attempt_at__lte=now))


def claim(*, now: datetime, share: int = 1) -> dict[UUID, int]:
    """Count a try for each delivery of the next batch; return id -> number of the try.

    The batch is one `share`-th of a whole one, so that many tenants wait no longer than one does.

    A delivery that takes the process with it is tried in smaller and smaller company, and given
    up at last. Of a topic whose deliveries all fail only some are taken, now and then.

    Nothing is claimed while another worker is about to begin with what it claimed: its deliveries
    would be counted as tried twice.
    """
    if TenantState.objects.filter(claim_ends_at__gt=now, claim_ends_at__lte=now + CLAIM_LASTS):
        return {}  # an end beyond that is of a host whose clock is ahead
    breakers = Breakers()
    due = InboxEvent.objects.filter(is_due(now))
    most = max(min(LEAST, BATCH), BATCH // share)
    candidates = _next_batch(due, breakers, most)
    while worn_out := [each.id for each in candidates if each.attempts >= MAX_ATTEMPTS]:
        _give_up(worn_out, breakers, now=now)
        candidates = _next_batch(due, breakers, most)
    candidates += _probes(due, breakers, now=now)
    claimed = {each.id: each.attempts + 1 for each in candidates}
    if claimed:
        InboxEvent.objects.filter(id__any=claimed).update(attempts=F("attempts") + 1)
        TenantState.objects.update(claim_ends_at=now + CLAIM_LASTS)
    return claimed


def end_claim() -> None:
    """Let other workers claim deliveries of the tenant again."""
    TenantState.objects.update(claim_ends_at=None)


def _next_batch(due: QuerySet[InboxEvent], breakers: Breakers, most: int) -> list[_Candidate]:
    waiting = breakers.waiting()
    if waiting:
        due = due.exclude(topic__in=waiting)
    found = _lock(due.order_by("received_at", "id"), most)
    tries = min(found[0].attempts, MAX_ATTEMPTS) if found else 0
    sizes = accumulate(each.size for each in found)
    light = sum(size <= BATCH_BYTES for size in sizes)
    return found[: max(1, min(light, most // _NARROWER**tries))]


def _probes(due: QuerySet[InboxEvent], breakers: Breakers, *, now: datetime) -> list[_Candidate]:
    """Return some of the oldest and some of the newest deliveries of topics to probe."""
    probes: dict[UUID, _Candidate] = {}
    for topic in breakers.to_probe(now=now):
        of_topic = due.filter(topic=topic)
        found = [
            *_lock(of_topic.order_by("received_at", "id"), PROBED),
            *_lock(of_topic.order_by("-received_at", "-id"), PROBED),
        ]
        if found:
            breakers.begin_probe(topic, now=now)
        probes |= {each.id: each for each in found}
    return list(probes.values())


def _lock(due: QuerySet[InboxEvent], most: int) -> list[_Candidate]:
    due = due.annotate(size=Length("body")).select_for_update(skip_locked=True)
    rows = due.values_list("id", "attempts", "size")
    return [_Candidate(*row) for row in rows[:most]]


def release(claimed: Mapping[UUID, int]) -> None:
    """Take back the try of deliveries that were never looked at and that nobody claimed since."""
    for tries in set(claimed.values()):
        ids = [event_id for event_id, its_tries in claimed.items() if its_tries == tries]
        pending = InboxEvent.objects.filter(id__any=ids, status=Status.PENDING, attempts=tries)
        pending.update(attempts=tries - 1)


def still_mine(claimed: Mapping[UUID, int]) -> list[Claimed]:
    """Return the claimed deliveries, without those that another worker claimed since."""
    rows = InboxEvent.objects.select_for_update(skip_locked=True).filter(
        id__any=claimed, status=Status.PENDING
    )
    events = map(Claimed._make, rows.values_list(*Claimed._fields))
    mine = [event for event in events if event.attempts == claimed[event.id]]
    return sorted(mine, key=lambda event: (event.received_at, event.id))


def settle(
    events: Sequence[Claimed],
    outcome: Outcome,
    *,
    now: datetime,
    suspects: Collection[str] = (),
) -> None:
    """Write into the inbox what became of each delivery, and count it."""
    release({event.id: event.attempts for event in events if event.id in outcome.untried})
    tried = [event for event in events if event.id not in outcome.untried]
    waiting = Breakers(suspects=suspects).judge(_tallies(tried, outcome), now=now)
    failed = [event.id for event in tried if outcome.reason(event.id)]
    settled = _note_failures(failed, outcome, waiting, now=now)
    fine = [event for event in tried if not outcome.reason(event.id)]
    late = [event for event in fine if event.id in outcome.superseded]
    done = [event for event in fine if event.id not in outcome.superseded]
    for status, its in ((Status.DONE, done), (Status.SUPERSEDED, late)):
        rows = InboxEvent.objects.filter(id__any={event.id for event in its})
        rows.update(status=status, processed_at=now, last_error="")
        settled += [(event, status) for event in its]
    _count(settled, now=now)


def _tallies(events: Iterable[Claimed], outcome: Outcome) -> dict[str, Tally]:
    """Return topic -> what became of its deliveries, without those that say nothing about us."""
    tallies: dict[str, Tally] = {}
    for event in events:
        if event.id in outcome.malformed:
            continue
        before = tallies.get(event.topic, Tally())
        tallies[event.topic] = before.with_one(
            reason=_storable(outcome.reason(event.id)),
            is_new=event.attempts == 1,
            is_unexpected=event.id in outcome.failed,
        )
    return tallies


def _note_failures(
    ids: Collection[UUID], outcome: Outcome, waiting: Collection[str], *, now: datetime
) -> list[Settled]:
    """Note what failed; return what is settled by that."""
    events = list(InboxEvent.objects.filter(id__any=ids).defer("headers", "digest", "body"))
    for event in events:
        _note_failure(event, outcome, is_held=event.topic in waiting, now=now)
    fields = ["status", "attempts", "processed_at", "next_attempt_at", "last_error", "tries"]
    InboxEvent.objects.bulk_update(events, fields)
    return _settled(events)


def _note_failure(event: InboxEvent, outcome: Outcome, *, is_held: bool, now: datetime) -> None:
    """Quarantine what cannot be read or failed too often; try everything else again, later.

    A delivery of a topic that waits keeps its tries: the fault is not its own.
    """
    event.last_error = _storable(outcome.reason(event.id))
    is_held = is_held and event.id not in outcome.malformed
    if not is_held and (event.id in outcome.unreadable or event.attempts >= MAX_ATTEMPTS):
        event.status, event.processed_at = Status.QUARANTINED, now
        return
    failed = history.entry(
        now, attempt=event.attempts, outcome=history.FAILED, reason=event.last_error
    )
    event.tries = history.with_entry(event.tries, failed)
    event.next_attempt_at = now if is_held else now + _backoff(event.attempts)
    event.attempts -= is_held


def _backoff(attempts: int) -> timedelta:
    """Return how long a delivery rests: four times as long with each try, up to half more by
    chance, so that what failed together does not come back together."""
    seconds = 4**attempts
    return timedelta(milliseconds=seconds * 1000 + random.randrange(seconds * 500))  # noqa: S311


def _storable(reason: str) -> str:
    return reason.replace("\0", "\ufffd")[:_REASON_LENGTH]


def _give_up(ids: Sequence[UUID], breakers: Breakers, *, now: datetime) -> None:
    """Quarantine deliveries during whose tries the worker ended, unless that is what all do."""
    if not ids:
        return
    events = list(InboxEvent.objects.filter(id__any=ids).defer("headers", "digest", "body"))
    reason = _GIVEN_UP.format(MAX_ATTEMPTS)
    held = breakers.judge(
        {topic: Tally(failed=count, new=count, unexpected=count, reason=reason)
         for topic, count in Counter(event.topic for event in events).items()},
        now=now,
    )  # fmt: skip
    for event in events:
        event.last_error = reason
        if event.topic in held:
            event.attempts = 0
        else:
            event.status, event.processed_at = Status.QUARANTINED, now
    fields = ["status", "attempts", "processed_at", "last_error"]
    InboxEvent.objects.bulk_update(events, fields)
    _count(_settled(events), now=now)


def _settled(events: Iterable[InboxEvent]) -> list[Settled]:
    return [(event, event.status) for event in events if event.status != Status.PENDING]


def _count(settled: Sequence[Settled], *, now: datetime) -> None:
    count_settled(
        Counter((day_of(event.received_at), event.topic, str(status)) for event, status in settled)
    )
    count_lags((event for event, status in settled if status != Status.QUARANTINED), now=now)
    note_unknown_versions(event for event, _ in settled)
