"""How far the imports of a tenant are."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Max, Sum

from shop_data.imports.importing import IMPORT
from shop_data.imports.kinds import ORDERS
from shop_data.models import Errand, Import, ImportPiece
from tenants.models import TenantState

IDLE = "idle"


class Progress(NamedTuple):
    """What the import of the past is doing.

    `status` is that of the last one (`Import.State`), `IDLE` without any. `orders` have come of
    `of_orders`; `share` is that as a number between 0 and 1, None where nothing can be said, and
    `left` how long the rest takes at the pace so far. `trouble` says what it cannot bring, or why
    it waits. `is_planned` tells whether Shopify has said what we may see. `last_sync_at` is when
    what is here was last compared with Shopify, `known_since_at` from when on all orders are known.
    """

    status: str = IDLE
    orders: int = 0
    of_orders: int | None = None
    share: Decimal | None = None
    left: timedelta | None = None
    trouble: str = ""
    is_planned: bool = False
    last_sync_at: datetime | None = None
    known_since_at: datetime | None = None


def progress(*, now: datetime) -> Progress:
    """Return how far the last import of the current tenant's past is."""
    last = Import.objects.filter(kind=Import.Kind.PAST).order_by("-begun_at").first()
    synced = Import.objects.filter(state=Import.State.DONE).aggregate(at=Max("ended_at"))["at"]
    if last is None:
        return Progress(last_sync_at=synced)
    pieces = ImportPiece.objects.filter(of=last, kind=ORDERS.name)
    orders = pieces.aggregate(rows=Sum("rows", default=0))["rows"]
    share = _share(last, orders)
    known = TenantState.objects.values_list("known_since_at", flat=True).first()
    return Progress(
        status=last.state,
        orders=orders,
        of_orders=last.orders,
        share=share,
        left=_left(last, share, now),
        trouble=_trouble(last),
        is_planned=last.since_at is not None,
        last_sync_at=synced,
        known_since_at=known,
    )


def _share(last: Import, orders: int) -> Decimal | None:
    """Return how much has come: nothing said before it was counted, all of one that is done.

    What is done was counted piece by piece; orders that were deleted meanwhile never come.
    """
    if last.orders is None:
        return None
    if last.state == Import.State.DONE:
        return Decimal(1)
    counted = max(last.orders, 1)
    return round(Decimal(min(orders, counted)) / counted, 4)


def _trouble(last: Import) -> str:
    """Return what the last import cannot bring and, while it runs, why its last step failed."""
    said = [last.trouble]
    if last.state == Import.State.RUNNING:
        said += Errand.objects.filter(name=IMPORT).values_list("trouble", flat=True)
    return " ".join(filter(None, said))


def _left(last: Import, share: Decimal | None, now: datetime) -> timedelta | None:
    """Return how long the rest takes if it goes on as so far; None before a tenth has come."""
    if last.state != Import.State.RUNNING or share is None or share < Decimal("0.1"):
        return None
    passed = (now - last.begun_at).total_seconds()
    return timedelta(seconds=round(passed * float((1 - share) / share)))
