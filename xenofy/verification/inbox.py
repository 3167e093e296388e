"""Is every accepted delivery accounted for, and do the counts of pages equal the rows?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date

from django.db.models import Count
from django.db.models.functions import TruncDate

from shop_data.models import StoreEvent, StoreEventCount
from webhooks.models import DeliveryCount, InboxEvent
from xenofy.verification.records import Difference, Differences, InboxCheck

Status = InboxEvent.Status
Kind = tuple[date, str, str]  # day of receipt in UTC, topic, status


def check_inbox(found: Differences) -> InboxCheck:
    """Count the deliveries of the current tenant by what became of them, row by row."""
    rows = _rows()
    fates = Counter[str]()
    for (_, _, status), number in rows.items():
        fates[status] += number
    inbox = InboxCheck(
        accepted=InboxEvent.objects.count(), **{status.value: fates[status] for status in Status}
    )
    found.add(unaccounted(inbox))
    found.add(_miscounted(rows))
    found.add(_miscounted_feed())
    return inbox


def unaccounted(inbox: InboxCheck) -> Iterator[Difference]:
    """Yield the difference between what was accepted and what became of it, where there is one."""
    if inbox.accepted != inbox.accounted_for:
        metric = "deliveries: done + superseded + quarantined + pending"
        yield Difference(None, "", metric, str(inbox.accepted), str(inbox.accounted_for))


def _rows() -> Counter[Kind]:
    day = TruncDate("received_at", tzinfo=UTC)
    counted = InboxEvent.objects.annotate(day=day).values_list("day", "topic", "status")
    return Counter(
        {tuple(kind): number
         for *kind, number in counted.annotate(number=Count("id")).order_by()}
    )  # fmt: skip


def _miscounted(rows: Counter[Kind]) -> Iterator[Difference]:
    """Yield where a count differs from the rows; those that wait are in no count."""
    stored = DeliveryCount.objects.values_list("day", "topic", "status", "deliveries")
    counts = Counter({tuple(kind): number for *kind, number in stored if number})
    settled = {kind: number for kind, number in rows.items() if kind[2] != Status.PENDING}
    for kind in sorted(settled.keys() | counts.keys()):
        mine, its = counts.get(kind, 0), settled.get(kind, 0)
        if mine != its:
            day, topic, status = kind
            yield Difference(day, "", f"deliveries of {topic} {status}", str(mine), str(its))


def _miscounted_feed() -> Iterator[Difference]:
    """Yield where the count of a type of the feed differs from its lines."""
    counts = Counter(dict(StoreEventCount.objects.values_list("type", "events")))
    by_type = StoreEvent.objects.values_list("type").annotate(lines=Count("id")).order_by()
    lines = Counter(dict(by_type))
    for type in sorted(counts.keys() | lines.keys()):
        if counts[type] != lines[type]:
            metric = f"lines of the feed: {type}"
            yield Difference(None, "", metric, str(counts[type]), str(lines[type]))
