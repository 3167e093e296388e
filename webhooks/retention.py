"""Pruning the bodies of deliveries whose time is over, and the lines of the feed with them.

What became of a delivery stays, with its digest and the day on which its body was pruned. The
mirror keeps the latest document of each thing itself, so that no figure depends on these bodies.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min, QuerySet

from shop_data.upserts.store_events import has_store_events, prune_store_events
from tenants.models import Tenant, TenantState
from tenants.scope import current_tenant_id, tenant_scope
from tenants.state import lock_tenant
from webhooks.counts import forget_lags
from webhooks.models import InboxEvent
from xenofy.common.failpoints import failpoint

BATCH = 500  # bodies of one transaction


def prune(tenant_id: UUID, *, now: datetime) -> int:
    """Prune one batch of a tenant's bodies and lines, the oldest first; return how many.

    0 also when a worker is busy with this tenant. Deliveries that wait keep their bodies however
    old they are, and `bodies_kept_since_at` stays behind them.
    """
    with tenant_scope(tenant_id):
        forget_lags(now=now)
        cutoff = now - timedelta(days=retention_days())
        has_bodies, has_lines = _unpruned(cutoff).exists(), has_store_events(before=cutoff)
        if not (has_bodies or has_lines) or not lock_tenant():
            return 0
        pruned = prune_store_events(before=cutoff) if has_lines else 0
        pruned += _prune_bodies(cutoff, now=now) if has_bodies else 0
        failpoint("before_prune_commit")
    return pruned


def retention_days() -> int:
    """Return for how many days the current tenant keeps bodies."""
    days = Tenant.objects.values_list("body_retention_days", flat=True)
    return int(days.get(id=current_tenant_id()))


def blank(ids: list[UUID], *, now: datetime) -> int:
    """Prune the bodies of these deliveries of the current tenant; return how many there were."""
    events = InboxEvent.objects.filter(id__in=ids, body_pruned_at=None)
    return events.update(body=b"", body_pruned_at=now)


def _prune_bodies(cutoff: datetime, *, now: datetime) -> int:
    until = _end_of_pruning(cutoff)
    chosen = _unpruned(until).select_for_update(skip_locked=True)
    batch = list(chosen.values_list("id", "received_at")[:BATCH])
    blank([event_id for event_id, _ in batch], now=now)
    kept_since = batch[-1][1] if len(batch) == BATCH else until
    TenantState.objects.update(bodies_kept_since_at=kept_since)
    return len(batch)


def _unpruned(until: datetime) -> QuerySet[InboxEvent]:
    """Return the settled deliveries received before `until` that have a body, oldest first."""
    since = TenantState.objects.values_list("bodies_kept_since_at", flat=True).first()
    events = InboxEvent.objects.filter(received_at__lt=until, body_pruned_at=None)
    events = events.exclude(status=InboxEvent.Status.PENDING)
    if since is not None:
        events = events.filter(received_at__gte=since)
    return events.order_by("received_at", "id")


def _end_of_pruning(cutoff: datetime) -> datetime:
    """Return the moment before which bodies go: the cutoff, or the oldest delivery that waits."""
    waiting = InboxEvent.objects.filter(status=InboxEvent.Status.PENDING, received_at__lt=cutoff)
    oldest = waiting.aggregate(oldest=Min("received_at"))["oldest"]
    return min(cutoff, oldest) if oldest else cutoff
