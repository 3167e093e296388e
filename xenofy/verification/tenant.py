"""The verification of one tenant."""

from __future__ import annotations

import time
from uuid import UUID

from django.utils import timezone

from tenants.scope import tenant_scope
from webhooks.health import deliveries_health
from xenofy.verification.audit import check_audit
from xenofy.verification.inbox import check_inbox
from xenofy.verification.ledger import check_ledger
from xenofy.verification.records import Differences, Progress, Verification
from xenofy.verification.rollups import check_rollups, ledger_totals


def verify_tenant(tenant_id: UUID, *, limit: int, progress: Progress) -> Verification:
    """Derive the tenant's ledger and rollups again and compare them with what is stored.

    Everything is read in one snapshot, so that events which arrive meanwhile make no difference;
    days that wait to be recomputed are counted apart. `limit` differences are kept, all counted.
    """
    begun = time.monotonic()
    differences = Differences(limit)
    with tenant_scope(tenant_id, snapshot=True):
        ledger = check_ledger(differences, progress=progress)
        rollups = check_rollups(differences, progress=progress)
        inbox = check_inbox(differences)
        audit = check_audit(differences)
        totals = ledger_totals()
        health = deliveries_health(now=timezone.now())
    return Verification(
        ledger=ledger,
        rollups=rollups,
        inbox=inbox,
        audit=audit,
        totals=totals,
        health=health,
        differences=differences,
        seconds=time.monotonic() - begun,
    )
