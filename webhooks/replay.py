"""Putting stored deliveries back into the queue.

Writes are guarded by version, so that a delivery may be processed any number of times: what is
there already stays. What is put back keeps the history of its tries.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from tenants.scope import current_tenant_id
from webhooks import history
from webhooks.breaker import probe_now
from webhooks.counts import count_settled, day_of
from webhooks.models import InboxEvent
from webhooks.queue import is_due
from xenofy.common.failpoints import failpoint
from xenofy.common.moments import iso

CHUNK = 5_000  # deliveries of one statement
MOST_COUNTED = 10_000  # pruned ones; beyond them it is "at least"
Status = InboxEvent.Status
_COLUMNS = ("id", "topic", "status", "received_at")
_PUT_BACK = """
UPDATE webhooks_inboxevent SET
    tries = (CASE WHEN jsonb_array_length(tries) >= %(kept)s THEN tries - 0 - 0 ELSE tries END)
        || CASE WHEN status = 'pending' THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object(
            'at', to_char(processed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'attempt', attempts, 'outcome', status, 'reason', left(last_error, %(length)s)
        )) END || %(entry)s::jsonb,
    status = 'pending', attempts = 0, next_attempt_at = %(now)s, last_error = '',
    processed_at = NULL, replayed_at = %(now)s
WHERE tenant_id = %(tenant)s AND id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which deliveries are meant; what is None is not asked for.

    Parameters
    ----------
    statuses
        that they have now; a pending one is meant only where it waits for its next try.
    since, until
        when they were received; the first is included, the last is not.
    """

    statuses: frozenset[Status]
    ids: tuple[UUID, ...] | None = None
    topic: str | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERY_STATUS = frozenset(Status)


class PutBack(NamedTuple):
    """What a replay did: `pruned` have no body any more and stay; `more` were left for a next."""

    queued: int
    pruned: int
    more: bool


def put_back(selection: Selection, *, now: datetime, by: str, most: int = CHUNK) -> PutBack:
    """Put up to `most` deliveries of the current tenant back; `by` says who asked.

    Asked again at once it puts nothing back: they wait already.
    """
    queued = 0
    while queued < most:
        taken = _put_back_chunk(selection, min(CHUNK, most - queued), now=now, by=by)
        queued += taken
        if not taken:
            break
    probe_now([selection.topic] if selection.topic else None, now=now)
    more = queued >= most and _replayable(selection, now=now).exists()
    return PutBack(queued, pruned(selection), more)


def put_back_all(
    selection: Selection,
    *,
    now: datetime,
    by: str,
    in_scope: Callable[[], Any],
    progress: Callable[[int], None],
) -> PutBack:
    """Put everything of a selection back, a transaction for each chunk, opened by `in_scope`."""
    total = 0
    while True:
        with in_scope():
            found = put_back(selection, now=now, by=by)
        total += found.queued
        progress(total)
        if not found.more:
            return PutBack(total, found.pruned, more=False)


def count(selection: Selection, *, now: datetime) -> PutBack:
    """Return what a replay would do, without doing it."""
    return PutBack(_replayable(selection, now=now).count(), pruned(selection), more=False)


def pruned(selection: Selection) -> int:
    """Return how many of the selection have no body any more, `MOST_COUNTED` at most."""
    gone = _selected(selection).filter(body_pruned_at__isnull=False)
    return gone.values("id")[:MOST_COUNTED].count()


def _put_back_chunk(selection: Selection, most: int, *, now: datetime, by: str) -> int:
    chosen = _replayable(selection, now=now).order_by("received_at", "id")
    rows = list(chosen.select_for_update(skip_locked=True).values_list(*_COLUMNS)[:most])
    if not rows:
        return 0
    _update([event_id for event_id, *_ in rows], now=now, by=by)
    settled = Counter(
        (day_of(received_at), topic, status)
        for _, topic, status, received_at in rows
        if status != Status.PENDING
    )
    count_settled({kind: -number for kind, number in settled.items()})
    failpoint("before_replay_commit")
    return len(rows)


def _update(ids: Sequence[UUID], *, now: datetime, by: str) -> None:
    added = history.Try(iso(now), 0, history.PUT_BACK, by)
    parameters: dict[str, Any] = {
        "kept": history.KEPT - 1,
        "length": history.REASON_LENGTH,
        "entry": json.dumps([added._asdict()]),
        "now": now,
        "tenant": current_tenant_id(),
        "ids": list(ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PUT_BACK, parameters)


def _selected(selection: Selection) -> QuerySet[InboxEvent]:
    chosen = InboxEvent.objects.all()
    if selection.statuses != EVERY_STATUS:
        chosen = chosen.filter(status__in=sorted(selection.statuses))
    if selection.ids is not None:
        chosen = chosen.filter(id__in=selection.ids)
    if selection.topic is not None:
        chosen = chosen.filter(topic=selection.topic)
    if selection.since is not None:
        chosen = chosen.filter(received_at__gte=selection.since)
    if selection.until is not None:
        chosen = chosen.filter(received_at__lt=selection.until)
    return chosen


def _replayable(selection: Selection, *, now: datetime) -> QuerySet[InboxEvent]:
    """Return those of the selection that have a body and do not wait already."""
    just_now = Q(replayed_at=now)  # by the chunk before; it may be done again already
    chosen = _selected(selection).filter(body_pruned_at=None)
    return chosen.exclude(is_due(now)).exclude(just_now)
