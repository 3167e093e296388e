"""How it stands with the deliveries of a shop: where they are, how late, what is set aside.

Read from counts, lags and what waits, whatever the number of deliveries that were ever accepted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Sum
from django.db.models.functions import Coalesce

from shop_data.shopify.budget import other_version
from tenants.models import TenantState
from webhooks.counts import day_of
from webhooks.installation import uninstalled_at
from webhooks.lags import percentile
from webhooks.models import DeliveryCount, DeliveryLag, InboxEvent, TopicBreaker
from webhooks.retention import retention_days
from webhooks.subscription_checks import Subscribed, subscribed
from webhooks.topics import TOPICS
from webhooks.versions import UnknownVersion, unknown_versions

DAYS = 30  # that are shown one by one, today included
LAG_SPAN = timedelta(hours=24)
QUARANTINE_SHOWN = 50
Status = InboxEvent.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """Where accepted deliveries are now; together they are all that were accepted."""

    done: int = 0
    superseded: int = 0
    quarantined: int = 0
    pending: int = 0

    @property
    def accepted(self) -> int:
        return self.done + self.superseded + self.quarantined + self.pending


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How long deliveries of the last `LAG_SPAN` took from receipt to the mirror, milliseconds.

    Both are None where none was processed; they may be a tenth too long.
    """

    deliveries: int
    p50: int | None
    p95: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfTopic:
    """A day of receipt (UTC) of one topic; what waits is not in it."""

    day: date
    settled: int
    quarantined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicHealth:
    """One topic; what is not `is_known` is kept and not read."""

    topic: str
    is_known: bool
    accounting: Accounting
    lag: Lag
    oldest_waiting_at: datetime | None
    days: list[DayOfTopic]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTopic:
    """A topic whose deliveries are kept back, since all of them failed."""

    topic: str
    state: str
    failures: int
    reason: str
    opened_at: datetime | None
    probe_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A delivery that is set aside."""

    id: UUID
    topic: str
    webhook_id: str
    received_at: datetime
    attempts: int
    reason: str
    has_body: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesHealth:
    """The report; topics are in alphabetical order, the quarantine newest first."""

    as_of: datetime
    accounting: Accounting
    lag: Lag
    oldest_waiting_at: datetime | None
    topics: list[TopicHealth]
    waiting_topics: list[WaitingTopic]
    quarantine: list[Quarantined]
    unknown_versions: list[UnknownVersion]
    retention_days: int
    bodies_kept_since: datetime | None
    uninstalled_at: datetime | None
    subscribed: Subscribed | None
    other_version: str  # of the Admin API, where Shopify answers in one that was not asked for


@dataclass(frozen=True, slots=True)
class _Pending:
    count: int = 0
    oldest_at: datetime | None = None


def deliveries_health(*, now: datetime) -> DeliveriesHealth:
    """Return how it stands with the current tenant's deliveries."""
    settled, pending, lags, days = _settled(), _pending(), _lags(now), _days(now)
    topics = [
        TopicHealth(
            topic=topic,
            is_known=topic in TOPICS,
            accounting=Accounting(**settled[topic], pending=pending[topic].count),
            lag=_lag(lags[topic]),
            oldest_waiting_at=pending[topic].oldest_at,
            days=days[topic],
        )
        for topic in sorted(settled.keys() | pending.keys())
    ]
    return DeliveriesHealth(
        as_of=now,
        accounting=_sum([each.accounting for each in topics]),
        lag=_lag(_merged(lags)),
        oldest_waiting_at=min((each.oldest_at for each in pending.values() if each.oldest_at),
                              default=None),
        topics=topics,
        waiting_topics=_waiting_topics(),
        quarantine=_quarantine(),
        unknown_versions=unknown_versions(),
        retention_days=retention_days(),
        bodies_kept_since=TenantState.objects.values_list(
            "bodies_kept_since_at", flat=True
        ).first(),
        uninstalled_at=uninstalled_at(),
        subscribed=subscribed(),
        other_version=other_version(),
    )  # fmt: skip


def _settled() -> defaultdict[str, dict[str, int]]:
    """Return topic -> status -> number of deliveries."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    rows = DeliveryCount.objects.values_list("topic", "status").annotate(total=Sum("deliveries"))
    for topic, status, total in rows.order_by():
        found[topic][status] = int(total)
    return found


def _pending() -> defaultdict[str, _Pending]:
    found: defaultdict[str, _Pending] = defaultdict(_Pending)
    waiting = InboxEvent.objects.filter(status=Status.PENDING).values_list("topic")
    since = Min(Coalesce("replayed_at", "received_at"))
    for topic, count, oldest_at in waiting.annotate(count=Count("id"), since=since).order_by():
        found[topic] = _Pending(count, oldest_at)
    return found


def _lags(now: datetime) -> defaultdict[str, dict[int, int]]:
    """Return topic -> bucket -> number of deliveries, of the last `LAG_SPAN`."""
    found: defaultdict[str, dict[int, int]] = defaultdict(dict)
    recent = DeliveryLag.objects.filter(hour_at__gt=now - LAG_SPAN - timedelta(hours=1))
    rows = recent.values_list("topic", "bucket").annotate(total=Sum("deliveries"))
    for topic, bucket, total in rows.order_by():
        found[topic][bucket] = int(total)
    return found


def _days(now: datetime) -> defaultdict[str, list[DayOfTopic]]:
    """Return topic -> its last `DAYS` days, those without deliveries too, the oldest first."""
    today = day_of(now)
    every = [today - timedelta(days=before) for before in reversed(range(DAYS))]
    counts: dict[tuple[str, date], dict[str, int]] = defaultdict(dict)
    rows = DeliveryCount.objects.filter(day__gte=every[0], day__lte=today)
    for topic, day, status, number in rows.values_list("topic", "day", "status", "deliveries"):
        counts[topic, day][status] = number
    found: defaultdict[str, list[DayOfTopic]] = defaultdict(
        lambda: [DayOfTopic(day=day, settled=0, quarantined=0) for day in every]
    )
    for topic in {topic for topic, _ in counts}:
        found[topic] = [_day(day, counts.get((topic, day), {})) for day in every]
    return found


def _day(day: date, counts: Mapping[str, int]) -> DayOfTopic:
    quarantined = counts.get(Status.QUARANTINED, 0)
    return DayOfTopic(day=day, settled=sum(counts.values()), quarantined=quarantined)


def _lag(counts: Mapping[int, int]) -> Lag:
    return Lag(
        deliveries=sum(counts.values()), p50=percentile(counts, 50), p95=percentile(counts, 95)
    )


def _merged(lags: Mapping[str, Mapping[int, int]]) -> dict[int, int]:
    merged: dict[int, int] = defaultdict(int)
    for counts in lags.values():
        for bucket, number in counts.items():
            merged[bucket] += number
    return merged


def _sum(parts: list[Accounting]) -> Accounting:
    return Accounting(
        done=sum(part.done for part in parts),
        superseded=sum(part.superseded for part in parts),
        quarantined=sum(part.quarantined for part in parts),
        pending=sum(part.pending for part in parts),
    )


def _waiting_topics() -> list[WaitingTopic]:
    rows = TopicBreaker.objects.exclude(state=TopicBreaker.State.CLOSED).order_by("topic")
    return [
        WaitingTopic(
            topic=row.topic,
            state=row.state,
            failures=row.failures,
            reason=row.reason,
            opened_at=row.opened_at,
            probe_at=row.probe_at,
        )
        for row in rows
    ]


def _quarantine() -> list[Quarantined]:
    rows = InboxEvent.objects.filter(status=Status.QUARANTINED).order_by("-received_at")
    rows = rows.only("topic", "webhook_id", "received_at", "attempts", "last_error",
                     "body_pruned_at")  # fmt: skip
    return [
        Quarantined(
            id=row.id,
            topic=row.topic,
            webhook_id=row.webhook_id,
            received_at=row.received_at,
            attempts=row.attempts,
            reason=row.last_error,
            has_body=row.body_pruned_at is None,
        )
        for row in rows[:QUARANTINE_SHOWN]
    ]
