"""Deriving all orders of a tenant again, when a release derives more from their documents.

It goes chunk by chunk beside the deliveries, and on where it stopped after a restart.
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from shop_data.models import OrderDocument, Rederivation
from shop_data.upserts.orders import derive_again
from tenants.models import TenantState
from tenants.scope import tenant_scope
from tenants.state import data_changed
from xenofy.common.failpoints import failpoint

logger = logging.getLogger(__name__)

CHUNK = 500  # orders in one transaction


def tenants_to_derive() -> list[UUID]:
    """Return the tenants whose orders are to be derived again."""
    waiting = Rederivation.unscoped.using("worker").order_by("tenant_id")
    return list(waiting.values_list("tenant_id", flat=True))


def derive_chunk(tenant_id: UUID, *, now: datetime) -> int:
    """Derive the next orders of a tenant again; return how many, 0 when all are done.

    Writers wait meanwhile; orders that they have written since are simply the same again.
    """
    with tenant_scope(tenant_id):
        list(TenantState.objects.select_for_update().values_list("id"))
        mark = Rederivation.objects.select_for_update().first()
        if mark is None:
            return 0
        waiting = OrderDocument.objects.filter(shopify_id__gt=mark.done_to, body__isnull=False)
        documents = list(waiting.order_by("shopify_id")[:CHUNK])
        if not documents:
            logger.info("All orders are derived again.", extra={"tenant": tenant_id})
            Rederivation.objects.all().delete()
            return 0
        derive_again(documents, now=now)
        Rederivation.objects.update(done_to=documents[-1].shopify_id)
        data_changed(now=now)
        failpoint("before_derive_commit")
    return len(documents)
