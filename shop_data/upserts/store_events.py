"""Writing what happened in the shop: one line for each delivery that was processed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha1
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from shop_data.models import StoreEvent
from shop_data.payloads.happenings import Happening
from tenants.scope import current_tenant_id
from xenofy.common.identifiers import uuid7

PRUNED = 1_000  # lines of one statement
_WRITE = """
INSERT INTO shop_data_storeevent
    (tenant_id, id, event_id, type, verb, description, subject_shopify_id, happened_at)
SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::bigint[], %s::timestamptz[])
ON CONFLICT DO NOTHING RETURNING type
"""
_COUNT = """
INSERT INTO shop_data_storeeventcount AS kept (tenant_id, id, type, events)
SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::bigint[])
ON CONFLICT (tenant_id, type) DO UPDATE SET events = kept.events + excluded.events
"""


class Told(NamedTuple):
    """What a delivery told. `event_id` is Shopify's, the same for all that one action caused."""

    topic: str
    event_id: str
    happened_at: datetime
    what: Happening

    def key(self) -> UUID:
        """Return the id of the line: told again, it is the same."""
        told = f"{self.topic} {self.event_id} {self.what.own}".encode()
        return UUID(bytes=sha1(told, usedforsecurity=False).digest()[:16], version=5)


def write_store_events(told: Iterable[Told]) -> None:
    """Write and count a line for each that is not there yet; the first to tell counts."""
    lines: dict[UUID, Told] = {}
    for each in told:
        lines.setdefault(each.key(), each)
    if not lines:
        return
    keys = sorted(lines, key=attrgetter("int"))  # in one order: no two can deadlock
    columns = zip(*(_row(key, lines[key]) for key in keys), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [current_tenant_id(), *map(list, columns)])
        _count(Counter(type for (type,) in cursor.fetchall()))


def has_store_events(*, before: datetime) -> bool:
    """Tell whether there are lines of what happened before a moment."""
    return StoreEvent.objects.filter(happened_at__lt=before).exists()


def prune_store_events(*, before: datetime) -> int:
    """Delete some of the lines of what happened before a moment, and tell how many."""
    old = StoreEvent.objects.filter(happened_at__lt=before).order_by("happened_at", "id")
    return _delete(list(old.values_list("id", "type")[:PRUNED]))


def forget_store_events(customers: Collection[int]) -> None:
    """Delete the lines about these customers."""
    about = StoreEvent.objects.filter(type="customer", subject_shopify_id__in=list(customers))
    _delete(list(about.values_list("id", "type")))


def _delete(rows: Sequence[tuple[UUID, str]]) -> int:
    StoreEvent.objects.filter(id__in=[key for key, _ in rows]).delete()
    _count({type: -number for type, number in Counter(type for _, type in rows).items()})
    return len(rows)


def _row(key: UUID, told: Told) -> tuple[Any, ...]:
    what = told.what
    subject, happened_at = what.subject, told.happened_at
    return key, told.event_id, what.type, what.verb, what.description, subject, happened_at


def _count(numbers: Mapping[str, int]) -> None:
    if numbers:
        types = sorted(numbers)
        ids, events = [uuid7() for _ in types], [numbers[each] for each in types]
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [current_tenant_id(), ids, types, events])
