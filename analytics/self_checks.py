"""When the rollups of a shop are checked against its ledger: each night of the shop."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from analytics import rollups
from analytics.models import SelfCheck
from shop_data.store import shop_time_zone
from tenants.scope import tenant_scope

logger = logging.getLogger(__name__)

NIGHT = time(3)  # in the shop's zone; one that was missed is made up for
SHARE = 0.01  # of all days, beside yesterday


def check_when_due(tenant_id: UUID, *, now: datetime) -> int:
    """Check some days when none were since the last night began; return how many rows differed.

    What differed is counted in `SelfCheck.differing_rows`, logged, and right afterwards.
    """
    with tenant_scope(tenant_id):
        last = SelfCheck.objects.order_by("-at").values_list("at", flat=True).first()
        begun = night_before(now, shop_time_zone())
    if last is not None and last >= begun:
        return 0
    drift = rollups.self_check(tenant_id, share=SHARE, seed=int(now.timestamp()), now=now)
    logger.log(
        logging.ERROR if drift else logging.INFO,
        "Rollups checked against the ledger.",
        extra={"tenant": tenant_id, "rollup_drift_rows": drift},
    )
    return drift


def night_before(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the last night began: at `NIGHT` today or yesterday."""
    local = now.astimezone(zone)
    begins = datetime.combine(local.date(), NIGHT, zone)
    return begins if begins <= local else begins - timedelta(days=1)
