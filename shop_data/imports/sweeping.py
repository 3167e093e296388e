"""Asking Shopify what changed: what no webhook has told is found all the same.

Each sweep asks for what was updated since the last one, a little before included, up to a minute
ago: Shopify's search is behind by some seconds. Every row is guarded by its version, so that what
is known already changes nothing. Where Shopify cannot deliver to us, sweeps replace webhooks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from shop_data.imports.importing import begin, begin_changes
from shop_data.imports.spans import Span
from shop_data.models import Errand, Import, ImportPiece
from tenants.scope import tenant_scope

SWEEP = "sweep"  # the errand
OVERLAP, BEHIND = timedelta(minutes=5), timedelta(minutes=1)
PAUSE, PAUSE_WITHOUT_WEBHOOKS = timedelta(minutes=15), timedelta(minutes=1)
KEPT = timedelta(days=7)  # sweeps that are over
_SUBSCRIPTIONS = "subscriptions"  # the errand whose trouble is that Shopify cannot reach us


def step(tenant_id: UUID, *, now: datetime, alive: Callable[[], None]) -> datetime:
    """Begin a sweep, unless something is being fetched; return when to come again."""
    with tenant_scope(tenant_id):
        if last_known() is None or Import.objects.filter(state=Import.State.RUNNING).exists():
            return now + PAUSE_WITHOUT_WEBHOOKS
        old = {"kind": Import.Kind.CHANGES, "begun_at__lt": now - KEPT}
        Import.objects.filter(**old).delete()
        sweep(now=now)
        has_webhooks = not Errand.objects.filter(name=_SUBSCRIPTIONS, trouble__gt="").exists()
    return now + (PAUSE if has_webhooks else PAUSE_WITHOUT_WEBHOOKS)


def sweep(*, now: datetime) -> Import:
    """Begin a sweep of the current tenant's shop, or join what is being fetched.

    Without its past there is nothing to compare with: then that is imported first.
    """
    running: Import | None = Import.objects.filter(state=Import.State.RUNNING).first()
    last = last_known()
    if running is not None:
        return running
    if last is None:
        return begin(now=now)
    return begin_changes(Span(last - OVERLAP, now - BEHIND), now=now)


def last_known() -> datetime | None:
    """Return up to when the current tenant knows all changes; None while its past is not here."""
    done = Import.objects.filter(state=Import.State.DONE)
    past: datetime | None = done.filter(kind=Import.Kind.PAST).aggregate(at=Max("begun_at"))["at"]
    if past is None:
        return None
    swept = ImportPiece.objects.filter(of__state=Import.State.DONE, of__kind=Import.Kind.CHANGES)
    at: datetime | None = swept.aggregate(at=Max("until_at"))["at"]
    return max(past, at) if at else past
