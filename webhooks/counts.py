"""Counting deliveries as they are settled, so that nobody counts millions of rows for a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from tenants.scope import current_tenant_id
from webhooks.claimed import Claimed
from webhooks.lags import bucket_of
from webhooks.models import DeliveryLag, InboxEvent
from xenofy.common.identifiers import uuid7

LAGS_KEPT = timedelta(days=8)

_COUNTS = ("webhooks_deliverycount", ("day", "topic", "status"))
_VERSIONS = ("webhooks_versioncount", ("day", "api_version"))
_LAGS = ("webhooks_deliverylag", ("hour_at", "topic", "bucket"))
_ADD = (
    "INSERT INTO {table} AS kept (tenant_id, id, {key}, deliveries) VALUES {rows}"
    " ON CONFLICT (tenant_id, {key}) DO UPDATE SET"
    " deliveries = kept.deliveries + excluded.deliveries"
)

Kind = tuple[date, str, str]  # the day of receipt in UTC, topic, status


def day_of(received_at: datetime) -> date:
    """Return the day under which a delivery is counted."""
    return received_at.astimezone(UTC).date()


def count_settled(counts: Mapping[Kind, int]) -> None:
    """Add to the counts of the current tenant; negative numbers take away."""
    _add(*_COUNTS, counts)


def count_versions(counts: Mapping[tuple[date, str], int]) -> None:
    """Add to the counts of versions that Xenofy was not tried with, by day of receipt."""
    _add(*_VERSIONS, counts)


def count_lags(events: Iterable[Claimed | InboxEvent], *, now: datetime) -> None:
    """Note how long deliveries took that were settled now, those left out that were put back."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    lags = Counter(
        (hour, event.topic, bucket_of(now - event.received_at))
        for event in events
        if event.replayed_at is None
    )
    _add(*_LAGS, lags)


def forget_lags(*, now: datetime) -> None:
    """Delete the lags of the current tenant whose time is over."""
    DeliveryLag.objects.filter(hour_at__lt=now - LAGS_KEPT).delete()


def _add(table: str, key: tuple[str, ...], counts: Mapping[Any, int]) -> None:
    """Add numbers to rows by their keys, in one statement and one order: no two can deadlock."""
    tenant_id = current_tenant_id()
    rows = [(tenant_id, uuid7(), *kind, number) for kind, number in sorted(counts.items())
            if number]  # fmt: skip
    if not rows:
        return
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    statement = _ADD.format(table=table, key=", ".join(key), rows=", ".join([row] * len(rows)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for values in rows for value in values])
