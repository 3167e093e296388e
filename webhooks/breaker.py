"""The circuit breaker: a topic whose deliveries all fail waits, instead of filling the quarantine.

A fault of ours (a bad deploy) makes every delivery of a topic fail. Then trying them all to the
end helps nobody: they stay pending, as received, and a few are tried now and then until one gets
through. The state is in the database, so that all workers and pages see the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count

from webhooks.models import TopicBreaker

THRESHOLD = 20  # deliveries of a topic that failed in a row, without one success;
UNREADABLE_THRESHOLD = 50  # so many where what they hold was refused, not what we did
SHOPS = 3  # whose same topic waits: the deliveries are not to blame; one failure is enough
FIRST_REST = timedelta(seconds=15)  # until the first probe; doubles with each that fails, up to
LONGEST_REST = timedelta(minutes=5)
PROBE_PATIENCE = timedelta(minutes=2)  # for the worker that probes; then another one does
TRUST = timedelta(minutes=15)  # after a probe that worked, failures are the deliveries' own
State = TopicBreaker.State


class Tally(NamedTuple):
    """What became of a topic's deliveries in one batch."""

    fine: int = 0
    failed: int = 0
    new: int = 0  # of the failures, those that were tried for the first time
    unexpected: int = 0  # of the failures, those that our code did not foresee
    reason: str = ""  # of one of the failures

    def with_one(self, *, reason: str, is_new: bool, is_unexpected: bool) -> Tally:
        """Return the tally with one more delivery, which failed where it has a reason."""
        if not reason:
            return self._replace(fine=self.fine + 1)
        return self._replace(
            failed=self.failed + 1,
            new=self.new + is_new,
            unexpected=self.unexpected + is_unexpected,
            reason=reason,
        )


class Breakers:
    """The breakers of the current tenant, as they stand in its transaction.

    `suspects` are topics that wait for several shops already.
    """

    def __init__(self, *, suspects: Collection[str] = ()) -> None:
        self._suspects = suspects
        self._rows = {row.topic: row for row in TopicBreaker.objects.all()}

    def waiting(self) -> set[str]:
        """Return the topics that are not claimed in the ordinary way."""
        return {row.topic for row in self._rows.values() if row.state != State.CLOSED}

    def to_probe(self, *, now: datetime) -> list[str]:
        """Return the waiting topics of which some deliveries are to be tried now."""
        return sorted(row.topic for row in self._rows.values() if _is_due(row, now))

    def begin_probe(self, topic: str, *, now: datetime) -> None:
        """Keep others from probing the topic for `PROBE_PATIENCE`."""
        row = self._rows[topic]
        row.state, row.probe_at = State.HALF_OPEN, now + PROBE_PATIENCE
        row.save(update_fields=["state", "probe_at"])

    def judge(self, tallies: Mapping[str, Tally], *, now: datetime) -> set[str]:
        """Open, close and count; return the topics whose failures are not the deliveries' own."""
        return {topic for topic, tally in sorted(tallies.items()) if self._judge(topic, tally, now)}

    def _judge(self, topic: str, tally: Tally, now: datetime) -> bool:
        if topic not in self._rows:
            if not tally.failed:
                return False
            self._rows[topic] = TopicBreaker.objects.create(topic=topic)
        row: TopicBreaker = self._rows[topic]
        if tally.fine:
            return _succeed(row, now)
        return _fail(row, tally, now, most=self._threshold(topic, tally))

    def _threshold(self, topic: str, tally: Tally) -> int:
        if topic in self._suspects:
            return 1
        return THRESHOLD if tally.unexpected else UNREADABLE_THRESHOLD


def _is_due(row: TopicBreaker, now: datetime) -> bool:
    return row.state != State.CLOSED and row.probe_at is not None and row.probe_at <= now


def _succeed(row: TopicBreaker, now: datetime) -> bool:
    """Close it, or start counting anew; a failure beside a success is the delivery's own."""
    if row.state != State.CLOSED:
        row.state, row.closed_at, row.probe_at = State.CLOSED, now, None
    elif not row.failures:
        return False
    row.failures = row.probes = 0
    row.save(update_fields=["state", "closed_at", "probe_at", "failures", "probes"])
    return False


def _fail(row: TopicBreaker, tally: Tally, now: datetime, *, most: int) -> bool:
    """Count what failed, and open it, or leave it open after a probe; tell whether it is open."""
    row.failures += tally.new
    row.reason = tally.reason
    if row.state != State.CLOSED:
        row.probes += 1
        _rest(row, now)
    elif not _is_trusted(row, now) and row.failures >= most:
        row.opened_at, row.probes = now, 0
        _rest(row, now)
    row.save(update_fields=["state", "failures", "reason", "probes", "opened_at", "probe_at"])
    return bool(row.state != State.CLOSED)


def _rest(row: TopicBreaker, now: datetime) -> None:
    row.state = State.OPEN
    row.probe_at = now + min(FIRST_REST * 2 ** min(row.probes, 10), LONGEST_REST)


def _is_trusted(row: TopicBreaker, now: datetime) -> bool:
    return row.closed_at is not None and now - row.closed_at < TRUST


def suspected_topics() -> frozenset[str]:
    """Return the topics that wait for `SHOPS` shops or more, as the worker sees them."""
    waiting = TopicBreaker.unscoped.using("worker").exclude(state=State.CLOSED)
    counted = waiting.values("topic").annotate(shops=Count("id")).filter(shops__gte=SHOPS)
    return frozenset(counted.values_list("topic", flat=True))


def probe_now(topics: Sequence[str] | None, *, now: datetime) -> int:
    """Let waiting topics be probed at once, all of them without a list; return how many."""
    waiting = TopicBreaker.objects.exclude(state=State.CLOSED)
    if topics is not None:
        waiting = waiting.filter(topic__in=topics)
    return waiting.update(probe_at=now)
